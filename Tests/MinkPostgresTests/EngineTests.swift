// A whole engine on a real server: its loop, its cursor, its outbox.
import MinkCommands
import MinkExpression
import MinkStore
import MinkTesting
import MinkWorkflow
import Testing

@testable import MinkPostgres

@Suite("An engine on PostgreSQL", .enabled(if: hasServer, .init(rawValue: noServer)))
struct EngineTests {
    private static let folder =
        #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/workflows"

    private func bus() throws -> CommandBus {
        let bus = CommandBus()
        let answers = [
            ("RequestPayment", "PaymentReceived", "paymentId"),
            ("ReserveInventory", "InventoryReserved", "reservationId"),
            ("CreateShipment", "ShipmentCreated", "shipmentId"),
        ]
        for (command, event, id) in answers {
            try bus.register(command) { command, context in
                .event(
                    event,
                    [
                        "orderId": command.arguments["orderId"] ?? .null,
                        id: .string(context.id),
                        "amount": command.arguments["amount"] ?? .null,
                    ])
            }
        }
        try bus.register("CompleteOrder") { _, _ in .done }
        return bus
    }

    @Test func `carries orders to their ends, also those that came before it`() async throws {
        let schema = try ScratchSchema()
        let store = try await EngineStore.postgres(
            schema.url, schema: schema.name, options: ScratchSchema.options)
        let engine = try await WorkflowEngine(
            definitions: [Self.folder], store: store, bus: try bus())
        let keys = (0..<20).map { "o\($0)" }
        for key in keys.prefix(5) { try await send(key, to: engine) }

        let ended = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                try await engine.run()
                return 0
            }
            group.addTask {
                for key in keys.dropFirst(5) { try await send(key, to: engine) }
                var ended = 0
                for _ in 0..<3_000 where ended < keys.count {
                    try await Task.sleep(for: .milliseconds(10))
                    ended = 0
                    for key in keys {
                        let saga = try await engine.saga("OrderFulfillment", key: key)
                        if saga?.status == .completed { ended += 1 }
                    }
                }
                return ended
            }
            let ended = try await group.next() ?? 0
            group.cancelAll()
            return ended
        }

        #expect(ended == keys.count)
    }

    private func send(_ key: String, to engine: WorkflowEngine) async throws {
        let order: Value = [
            "orderId": .string(key), "customerId": "c1", "address": ["city": "Bern"], "items": [],
            "total": 39,
        ]
        try await engine.send("OrderCreated", order, id: "e-" + key)
    }
}
