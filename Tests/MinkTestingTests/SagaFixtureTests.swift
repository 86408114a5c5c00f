import MinkExpression
import MinkTesting
import Testing

@Suite("An order in the tests of a service")
struct SagaFixtureTests {
    private static let file =
        #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
        + "/workflows/order-fulfillment.workflow.json"
    private let created = SagaStep.event(
        "OrderCreated",
        ["orderId": "o1", "customerId": "c1", "address": [:], "items": [], "total": 100])
    private let paid = SagaStep.event(
        "PaymentReceived", ["orderId": "o1", "paymentId": "p1", "amount": 100])
    private let reserved = SagaStep.event(
        "InventoryReserved", ["orderId": "o1", "reservationId": "r1"])
    private let shipped = SagaStep.event("ShipmentCreated", ["orderId": "o1", "shipmentId": "s1"])

    @Test func `completes`() async throws {
        try await SagaFixture(Self.file)
            .given(created, paid, reserved, shipped)
            .thenCompleted()
            .thenCommands(
                ExpectedCommand("RequestPayment", ["orderId": "o1", "amount": 100]),
                "ReserveInventory", "CreateShipment", "CompleteOrder")
    }

    @Test func `is undone when nothing is in stock`() async throws {
        try await SagaFixture(Self.file)
            .given(
                failureAfter: created, paid,
                .event("InventoryReservationFailed", ["orderId": "o1", "reason": "none left"])
            )
            .thenCompensates("RefundPayment", "FailOrder")
            .thenCompensates(
                ExpectedCommand("RefundPayment", ["paymentId": "p1"]),
                ExpectedCommand("FailOrder", ["reason": "Not in stock: none left"]))
    }

    @Test func `says what was expected and what was found`() async throws {
        let outcome = try await SagaFixture(Self.file).given(created)

        let error = #expect(throws: SagaFixtureError.self) { try outcome.thenCompleted() }
        #expect(
            error?.description
                == "expected a completed saga, found started in AwaitingPayment after RequestPayment"
        )
    }

    @Test func `answers commands as the test says`() async throws {
        try await SagaFixture(Self.file)
            .given(
                .returns(
                    "RequestPayment",
                    [("PaymentReceived", ["orderId": "o1", "paymentId": "p1", "amount": 100])]),
                .returns(
                    "ReserveInventory",
                    [("InventoryReserved", ["orderId": "o1", "reservationId": "r1"])]),
                created, shipped
            )
            .thenCompleted()
    }
}
