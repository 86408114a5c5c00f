import MinkEngine
import MinkExpression
import MinkSQLite
import MinkTesting
import MinkWorkflow
import Synchronization
import Testing

@Suite("An engine in a service")
struct EngineTests {
    private static let folder =
        #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/workflows"
    private static let created: Value = [
        "orderId": "o1", "customerId": "c1", "address": ["city": "Bern"], "items": [],
        "total": 39,
    ]

    /// A bus whose handlers answer every request of an order with success.
    private func bus() throws -> CommandBus {
        let bus = CommandBus()
        try bus.register("RequestPayment") { command, context in
            .event(
                "PaymentReceived",
                [
                    "orderId": command.arguments["orderId"] ?? .null,
                    "paymentId": .string(context.id),
                    "amount": command.arguments["amount"] ?? .null,
                ])
        }
        try bus.register("ReserveInventory") { command, context in
            .event(
                "InventoryReserved",
                [
                    "orderId": command.arguments["orderId"] ?? .null,
                    "reservationId": .string(context.id),
                ])
        }
        try bus.register("CreateShipment") { command, context in
            .event(
                "ShipmentCreated",
                [
                    "orderId": command.arguments["orderId"] ?? .null,
                    "shipmentId": .string(context.id),
                ])
        }
        return bus
    }

    /// Runs an engine until a saga has a status, at most ten seconds.
    private func run(
        _ engine: WorkflowEngine, until status: SagaState.Status, _ workflow: String, _ key: String
    ) async throws -> SagaState? {
        try await withThrowingTaskGroup(of: SagaState?.self) { group in
            group.addTask {
                try await engine.run()
                return nil
            }
            group.addTask {
                for _ in 0..<1_000 {
                    let saga = try await engine.saga(workflow, key: key)
                    if saga?.status == status { return saga }
                    try await Task.sleep(for: .milliseconds(10))
                }
                return nil
            }
            let saga = try await group.next() ?? nil
            group.cancelAll()
            return saga
        }
    }

    @Test func `carries an order through its handlers to the end`() async throws {
        let bus = try bus()
        let completed = Mutex<[String]>([])
        try bus.register("CompleteOrder") { command, context in
            completed.withLock { $0.append(context.instanceKey ?? "") }
            return .done
        }
        let engine = try await WorkflowEngine(
            definitions: [Self.folder], store: .sqlite(":memory:"), bus: bus)

        try await engine.send("OrderCreated", Self.created, id: "e1")
        let saga = try await run(engine, until: .completed, "OrderFulfillment", "o1")

        #expect(saga?.state == "Completed")
    }

    @Test func `undoes an order whose handler rejects a request`() async throws {
        let bus = CommandBus()
        try bus.register("RequestPayment") { _, _ in throw CommandRejected("card is stolen") }
        try bus.register("FailOrder") { _, _ in .done }
        let engine = try await WorkflowEngine(
            definitions: [Self.folder], store: .sqlite(":memory:"), bus: bus)

        try await engine.send("OrderCreated", Self.created, id: "e1")
        let saga = try await run(engine, until: .failed, "OrderFulfillment", "o1")

        #expect(saga?.failureReason == "RequestPayment was rejected: card is stolen")
    }

    @Test func `lets a slow command delay no other saga`() async throws {
        let bus = try bus()
        try bus.register("CompleteOrder") { command, context in
            if context.instanceKey == "slow" { try await Task.sleep(for: .seconds(3_600)) }
            return .done
        }
        let engine = try await WorkflowEngine(
            definitions: [Self.folder], store: .sqlite(":memory:"), bus: bus)
        for (number, key) in ["slow", "quick"].enumerated() {
            guard case .map(var order) = Self.created else { return }
            order["orderId"] = .string(key)
            try await engine.send("OrderCreated", .map(order), id: "e\(number)")
        }

        let saga = try await run(engine, until: .completed, "OrderFulfillment", "quick")

        #expect(saga != nil)
    }

    @Test func `knows an event that was sent twice, and refuses another one under its id`()
        async throws
    {
        let engine = try await WorkflowEngine(
            definitions: [Self.folder], store: .sqlite(":memory:"), bus: CommandBus())

        #expect(try await engine.send("OrderCreated", Self.created, id: "e1") == .accepted)
        #expect(try await engine.send("OrderCreated", Self.created, id: "e1") == .duplicate)
        await #expect(throws: WorkflowEngineError.self) {
            try await engine.send("OrderCreated", ["orderId": "o2"], id: "e1")
        }
    }

    @Test func `names the commands that nobody handles`() async throws {
        let engine = try await WorkflowEngine(
            definitions: [Self.folder + "/order-fulfillment.workflow.json"],
            store: .sqlite(":memory:"), bus: try bus())

        #expect(
            engine.unhandledCommands
                == ["CompleteOrder", "FailOrder", "RefundPayment", "ReleaseInventory"])
    }

    @Test func `says what is wrong with a workflow that it can not load`() async throws {
        await #expect(throws: WorkflowEngineError.self) {
            _ = try await WorkflowEngine(
                definitions: ["nowhere"], store: .sqlite(":memory:"), bus: CommandBus())
        }
    }
}
