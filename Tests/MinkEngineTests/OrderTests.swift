import MinkDefinition
import MinkEngine
import MinkExpression
import Testing

@Suite("An order")
struct OrderTests {
    private let definition: Definition

    init() throws {
        definition = try Workflow.project("order-fulfillment")
    }

    private static let created: Value = [
        "orderId": "o1", "customerId": "c1", "address": [:], "items": [], "total": 100,
    ]
    private static let paid: Value = ["orderId": "o1", "paymentId": "p1", "amount": 100]
    private static let reserved: Value = ["orderId": "o1", "reservationId": "r1"]

    private func order() -> Story {
        var story = Story(definition)
        story.event("OrderCreated", Self.created)
        return story
    }

    @Test func `goes through payment, stock and shipping`() {
        var order = order()
        #expect(order.commands == ["RequestPayment"])
        #expect(order.instance?.status == .started)

        order.event("PaymentReceived", Self.paid)
        #expect(order.commands == ["ReserveInventory"])
        #expect(order.ledger == ["RefundPayment"])
        #expect(order.instance?.status == .running)

        order.event("InventoryReserved", Self.reserved)
        #expect(order.commands == ["CreateShipment"])
        #expect(order.ledger == ["RefundPayment", "ReleaseInventory"])

        order.event("ShipmentCreated", ["orderId": "o1", "shipmentId": "s1"])
        #expect(order.commands == ["CompleteOrder"])
        #expect(order.instance?.status == .completed)
        #expect(order.ledger.isEmpty)
        #expect(order.instance?.timers.isEmpty == true)
    }

    @Test func `is undone newest first, one command at a time, when shipping fails`() {
        var order = order()
        order.event("PaymentReceived", Self.paid)
        order.event("InventoryReserved", Self.reserved)

        order.event("ShipmentFailed", ["orderId": "o1", "reason": "strike", "canRetry": false])
        #expect(order.commands == ["ReleaseInventory"])
        order.accept("ReleaseInventory")
        #expect(order.commands == ["RefundPayment"])
        #expect(
            order.decision.commands.first?.arguments["amount"]
                == ExactDecimal("100").map(Value.decimal))
        order.accept("RefundPayment")

        #expect(order.commands == ["FailOrder"])
        #expect(order.decision.commands.first?.arguments["reason"] == "Shipping failed: strike")
        #expect(order.instance?.status == .compensated)
        #expect(order.instance?.state == "OrderFailed")
    }

    @Test func `asks again after five minutes when a payment may be retried, three times in all`() {
        var order = order()
        let failed: Value = ["orderId": "o1", "reason": "limit", "canRetry": true]

        order.event("PaymentFailed", failed)
        #expect(order.decision.commands.first?.due == order.now.adding(.seconds(300)))
        order.event("PaymentFailed", failed)
        order.event("PaymentFailed", failed)

        #expect(order.instance?.status == .failed)
        #expect(order.instance?.failure?.reason == "Payment failed: limit")
        #expect(order.commands == ["FailOrder"])
    }

    @Test func `refunds a payment that comes after the order was given up, once`() {
        var order = order()
        order.wait(.seconds(1_800))
        #expect(order.commands == ["FailOrder"])

        order.event("PaymentReceived", Self.paid)
        #expect(order.commands == ["RefundPayment"])
        #expect(order.judgements == [.late])
        order.accept("RefundPayment")
        #expect(order.commands.isEmpty)
        #expect(order.instance?.status == .compensated)

        order.event("PaymentReceived", Self.paid)
        #expect(order.commands.isEmpty)
    }

    @Test func `takes a second payment of the same id for a duplicate`() {
        var order = order()
        order.event("PaymentReceived", Self.paid)
        order.event("PaymentReceived", Self.paid, isSeen: true)

        #expect(order.judgements == [.duplicate])
    }

    @Test func `holds a payment that comes before the order, and takes it then`() {
        var story = Story(definition)
        story.event("PaymentReceived", Self.paid)
        #expect(story.judgements == [.early])
        #expect(story.instance?.status == nil)

        story.event("OrderCreated", Self.created)
        #expect(story.judgements == [.started, .handled])
        #expect(story.commands == ["RequestPayment", "ReserveInventory"])
        #expect(story.instance?.timers.allSatisfy { $0.kind != .heldExpiry } == true)
    }

    @Test func `sets a held payment aside when no order comes within the hour`() {
        var story = Story(definition)
        story.event("PaymentReceived", Self.paid)
        story.wait(.seconds(3_600))

        #expect(story.instance == nil)
        #expect(
            story.decision.facts.contains {
                if case .deadLetter(_, _, let reason, let message, _) = $0 {
                    reason == "held" && message == "held 1h, no OrderFulfillment for o1 appeared"
                } else {
                    false
                }
            })
    }

    @Test func `stops when an undo can not be carried out, and goes on when a person retries it`() {
        var order = order()
        order.event("PaymentReceived", Self.paid)
        order.event("InventoryReservationFailed", ["orderId": "o1", "reason": "none left"])
        order.exhaust("RefundPayment", "bank is down", attempts: 20)
        #expect(order.incidents == [.compensationStuck])
        #expect(order.instance?.pause != nil)

        order.act(.retry)
        #expect(order.decision.redelivered.count == 1)
        #expect(order.instance?.pause == nil)
    }

    @Test func `keeps what comes while it is paused, and judges it behind the person's action`() {
        var order = order()
        order.event("PaymentReceived", Self.paid)
        order.event("InventoryReservationFailed", ["orderId": "o1", "reason": "none left"])
        order.exhaust("RefundPayment", "bank is down", attempts: 20)

        order.event("InventoryReserved", Self.reserved)
        #expect(order.judgements.isEmpty)
        order.act(.skip)

        #expect(order.judgements == [.late])
        #expect(order.commands == ["FailOrder", "ReleaseInventory"])
    }

    @Test func `fails when a request is exhausted, and withdraws what was not sent`() {
        var order = order()
        order.exhaust("RequestPayment", "card closed")

        #expect(order.instance?.status == .failed)
        #expect(
            order.instance?.failure?.reason == "RequestPayment failed 5 times: card closed")
    }

    @Test func `gives the same decision for the same arguments`() {
        let order = order()
        let event = EventRecord(
            id: "x", type: "PaymentReceived", data: Self.paid.json, time: order.now)
        let one = decide(
            definition, order.instance, id: order.id, .event(event, isSeen: false), at: order.now)
        let other = decide(
            definition, order.instance, id: order.id, .event(event, isSeen: false), at: order.now)

        #expect(one == other)
    }
}
