// The sagas of `bench sagas`: orders with four events and four commands, and a meter that takes
// thousands of events.
import MinkCommands
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkWorkflow

/// Orders as the bench sends and answers them.
enum BenchOrders {
    static let workflow = "BenchOrder"
    static let meter = "BenchMeter"
    /// Events, and with them turns, of one order.
    static let turns = 4

    /// The event that begins an order.
    ///
    /// - Parameters:
    ///   - number: Tells orders apart.
    ///   - sentAt: When it was sent, in nanoseconds of the machine's own clock; 0 where nobody asks.
    ///   - now: The time of the event.
    /// - Returns: An event to append.
    static func order(_ number: Int, sentAt: Int64 = 0, at now: Timestamp) -> EventRecord {
        let key = "order-\(number)"
        let data: Value = [
            "orderId": .string(key), "customerId": "customer-7", "sentAt": .int(sentAt),
            "total": .decimal(ExactDecimal(mantissa: 11_940, scale: 2) ?? .zero),
        ]
        return EventRecord(
            id: id(of: number), type: "OrderCreated", data: data.json,
            metadata: EventRecord.Metadata(correlationID: "request-\(number)"), time: now)
    }

    /// An id in the form of a UUID that grows with the number, as ids of senders should.
    private static func id(of number: Int) -> String {
        let digits = String(number, radix: 16)
        let padded = String(repeating: "0", count: max(0, 12 - digits.count)) + digits
        return "\(padded.prefix(8))-\(padded.dropFirst(8).prefix(4))-7000-8000-000000000001"
    }

    /// An event for the meter.
    static func tick(_ number: Int, at now: Timestamp) -> EventRecord {
        EventRecord(
            id: "tick-\(number)", type: "MeterTicked", data: #"{"meterId":"meter","amount":1}"#,
            time: now)
    }

    /// What a handler answers; `nil` for a command that needs no answer.
    static func answer(to command: String, _ arguments: Value, id: String) -> CommandReply.Event? {
        let order = arguments["orderId"] ?? .null
        switch command {
        case "RequestPayment":
            return CommandReply.Event(
                "PaymentReceived",
                [
                    "orderId": order, "paymentId": .string(id),
                    "amount": arguments["amount"] ?? .null,
                ])
        case "ReserveInventory":
            return CommandReply.Event(
                "InventoryReserved", ["orderId": order, "reservationId": .string(id)])
        case "CreateShipment":
            return CommandReply.Event(
                "ShipmentCreated", ["orderId": order, "shipmentId": .string(id)])
        default: return nil
        }
    }

    /// The handlers: they do nothing, and answer with the next event.
    static func bus(_ tally: Tally) throws(CommandBusError) -> CommandBus {
        let bus = CommandBus()
        for command in ["RequestPayment", "ReserveInventory", "CreateShipment"] {
            try bus.register(command) { received, context in
                if command == "RequestPayment" { tally.didArrive(received.arguments["sentAt"]) }
                let event = answer(to: command, received.arguments, id: context.id)
                return CommandReply(events: event.map { [$0] } ?? [])
            }
        }
        try bus.register("CompleteOrder") { _, _ in
            tally.didEnd()
            return .done
        }
        for command in ["RefundPayment", "ReleaseInventory", "FailOrder"] {
            try bus.register(command) { _, _ in .done }
        }
        return bus
    }

    /// The definitions, read and checked as any others.
    static func files() -> [Project.File] {
        [("bench-order", order), ("bench-meter", tick)].map { name, text in
            let file = "\(name).workflow.json"
            return Project.File(
                input: DefinitionReader.Input(file: file, path: file, bytes: Array(text.utf8)),
                root: ".")
        }
    }

    private static let order = """
        {
          "workflow": "BenchOrder",
          "version": 1,
          "description": "Takes an order through payment, stock and shipping.",
          "correlateBy": "orderId",
          "data": {
            "orderId": "string", "customerId": "string", "total": "decimal", "sentAt": "integer",
            "paidAmount": "decimal?", "paymentId": "string?", "reservationId": "string?",
            "shipmentId": "string?"
          },
          "events": {
            "OrderCreated": { "fields": {
              "orderId": "string", "customerId": "string", "total": "decimal", "sentAt": "integer" } },
            "PaymentReceived": { "fields": {
              "orderId": "string", "paymentId": "string", "amount": "decimal" } },
            "InventoryReserved": { "fields": { "orderId": "string", "reservationId": "string" } },
            "ShipmentCreated": { "fields": { "orderId": "string", "shipmentId": "string" } }
          },
          "retryPolicies": {
            "patient": { "attempts": 20, "firstDelay": "10s", "multiplyBy": 2, "maxDelay": "1h" }
          },
          "commands": {
            "RequestPayment": { "with": {
                "orderId": "= data.orderId", "customerId": "= data.customerId",
                "amount": "= data.total", "sentAt": "= data.sentAt" },
              "answers": { "done": "PaymentReceived" }, "undo": "RefundPayment" },
            "ReserveInventory": { "with": { "orderId": "= data.orderId" },
              "answers": { "done": "InventoryReserved" }, "undo": "ReleaseInventory" },
            "CreateShipment": { "with": {
                "orderId": "= data.orderId", "reservationId": "= data.reservationId" },
              "answers": { "done": "ShipmentCreated" }, "undo": "none" },
            "CompleteOrder": { "with": {
              "orderId": "= data.orderId", "shipmentId": "= data.shipmentId" },
              "retry": "patient" },
            "ReleaseInventory": { "with": {
              "orderId": "= data.orderId", "reservationId": "= data.reservationId" } },
            "RefundPayment": { "with": {
              "orderId": "= data.orderId", "paymentId": "= data.paymentId",
              "amount": "= data.paidAmount" } },
            "FailOrder": { "with": { "orderId": "= data.orderId", "reason": "= failure.reason" } }
          },
          "compensation": { "whenStuck": "stop", "endIn": "OrderFailed" },
          "deadline": { "after": "3d", "fail": "The order was not finished within 3 days" },
          "start": {
            "OrderCreated": {
              "set": { "orderId": "= event.orderId", "customerId": "= event.customerId",
                "total": "= event.total", "sentAt": "= event.sentAt" },
              "goto": "AwaitingPayment"
            }
          },
          "states": {
            "AwaitingPayment": {
              "description": "We asked for the money.",
              "onEnter": { "emit": ["RequestPayment"] },
              "on": {
                "PaymentReceived": [
                  { "when": "event.amount >= data.total",
                    "set": { "paymentId": "= event.paymentId", "paidAmount": "= event.amount" },
                    "compensation": ["RefundPayment"],
                    "goto": "ReservingInventory" },
                  { "otherwise": true,
                    "set": { "paymentId": "= event.paymentId", "paidAmount": "= event.amount" },
                    "compensation": ["RefundPayment"],
                    "fail": "The customer paid less than the order total" }
                ]
              }
            },
            "ReservingInventory": {
              "description": "Paid; the warehouse reserves the items.",
              "onEnter": { "emit": ["ReserveInventory"] },
              "on": {
                "InventoryReserved": {
                  "set": { "reservationId": "= event.reservationId" },
                  "compensation": ["ReleaseInventory"],
                  "goto": "AwaitingShipment" }
              }
            },
            "AwaitingShipment": {
              "description": "Paid and reserved; the carrier comes.",
              "onEnter": { "emit": ["CreateShipment"] },
              "on": {
                "ShipmentCreated": {
                  "set": { "shipmentId": "= event.shipmentId" },
                  "pointOfNoReturn": true,
                  "emit": ["CompleteOrder"],
                  "goto": "Completed" }
              }
            },
            "Completed": { "final": "completed" },
            "OrderFailed": { "final": "failed", "onEnter": { "emit": ["FailOrder"] } }
          }
        }
        """

    private static let tick = """
        {
          "workflow": "BenchMeter",
          "version": 1,
          "description": "Counts what a meter tells.",
          "correlateBy": "meterId",
          "limits": { "transitions": 1000000 },
          "deadline": { "after": "3d", "fail": "The meter was not closed within 3 days" },
          "compensation": { "endIn": "Abandoned" },
          "allow": [
            { "code": "MW9007", "because": "It shows that the ten thousandth event costs no more." },
            { "code": "MW6007", "because": "The sender is the bench, which sends each tick once." }
          ],
          "data": { "meterId": "string", "count": { "type": "integer", "default": 0 } },
          "events": {
            "MeterTicked": { "fields": { "meterId": "string", "amount": "integer" } },
            "MeterClosed": { "fields": { "meterId": "string" } }
          },
          "start": {
            "MeterTicked": {
              "set": { "meterId": "= event.meterId", "count": 1 }, "goto": "Counting",
              "onExisting": "deliver" }
          },
          "states": {
            "Counting": {
              "description": "Adds up what comes.",
              "on": {
                "MeterTicked": { "set": { "count": "= data.count + event.amount" } },
                "MeterClosed": { "goto": "Closed" }
              }
            },
            "Closed": { "final": "completed" },
            "Abandoned": { "final": "failed" }
          }
        }
        """
}
