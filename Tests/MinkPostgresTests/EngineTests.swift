// A whole engine on a real server: its loop, its cursor, its outbox.
import MinkCommands
import MinkEngine
import MinkExpression
import MinkStore
import MinkTesting
import MinkWorkflow
import Testing

@testable import MinkPostgres

@Suite("An engine on PostgreSQL", .enabled(if: hasServer, .init(rawValue: noServer)))
struct EngineTests {
    static let folder =
        #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/workflows"

    /// The handlers of orders, but for some that nobody handles.
    static func bus(without missing: Set<String> = []) throws -> CommandBus {
        let bus = CommandBus()
        let answers = [
            ("RequestPayment", "PaymentReceived", "paymentId"),
            ("ReserveInventory", "InventoryReserved", "reservationId"),
            ("CreateShipment", "ShipmentCreated", "shipmentId"),
        ]
        for (command, event, id) in answers where !missing.contains(command) {
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
        if !missing.contains("CompleteOrder") {
            try bus.register("CompleteOrder") { _, _ in .done }
        }
        return bus
    }

    @Test func `carries orders to their ends, also those that came before it`() async throws {
        let schema = try ScratchSchema()
        let store = try await EngineStore.postgres(
            schema.url, schema: schema.name, options: ScratchSchema.options)
        let engine = try await WorkflowEngine(
            definitions: [Self.folder], store: store, bus: try Self.bus())
        let keys = (0..<20).map { "o\($0)" }
        for key in keys.prefix(5) { try await Self.send(key, to: engine) }

        let ended = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                try await engine.run()
                return 0
            }
            group.addTask {
                for key in keys.dropFirst(5) { try await Self.send(key, to: engine) }
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

    @Test func `share the orders, while one engine goes and another comes`() async throws {
        let schema = try ScratchSchema()
        let keys = (0..<60).map { "o\($0)" }
        let first = try await Member(schema, try Self.bus())
        let second = try await Member(schema, try Self.bus())
        for key in keys.prefix(20) { try await Self.send(key, to: first.engine) }
        // Each has its share before the next step.
        try await first.waits { $0 == 32 }
        try await second.waits { $0 == 32 }
        for key in keys[20..<40] { try await Self.send(key, to: second.engine) }

        let third = try await Member(schema, try Self.bus())
        await first.leave()
        for key in keys[40...] { try await Self.send(key, to: third.engine) }

        #expect(try await third.sagas(completed: keys))
        try await third.waits { $0 == 32 }
        for key in keys {
            let id = InstanceID(
                tenant: "", workflow: "OrderFulfillment", key: .string(key))
            let history = try await third.store.history(of: id)
            let versions = history.map { $0.version }
            #expect(versions == Array(1...Int64(versions.count)))
            let events = history.compactMap { row in
                if case .event(let event, _) = row.input { event.type } else { nil }
            }
            #expect(
                events == [
                    "OrderCreated", "PaymentReceived", "InventoryReserved", "ShipmentCreated",
                ])
        }
        await second.leave()
        await third.leave()
    }

    static func send(_ key: String, to engine: WorkflowEngine) async throws {
        let order: Value = [
            "orderId": .string(key), "customerId": "c1", "address": ["city": "Bern"], "items": [],
            "total": 39,
        ]
        try await engine.send("OrderCreated", order, id: "e-" + key)
    }
}

/// An engine among others, each with a store of its own.
final class Member: Sendable {
    let store: PostgresStore
    let engine: WorkflowEngine
    private let work: Task<Void, any Error>

    init(_ schema: ScratchSchema, _ bus: CommandBus) async throws {
        let store = try await schema.open()
        let engine = try await WorkflowEngine(
            definitions: [EngineTests.folder], store: EngineStore(store), bus: bus)
        self.store = store
        self.engine = engine
        work = Task { try await engine.run() }
    }

    /// Waits until it owns so many partitions.
    func waits(until isReached: (Int) -> Bool) async throws {
        for _ in 0..<2_000 {
            let count = try await store.owned { lane in lane.partitions.count }
            if isReached(count) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the work was not shared out")
    }

    /// Whether all orders are completed, after some time.
    func sagas(completed keys: [String]) async throws -> Bool {
        for _ in 0..<3_000 {
            var ended = 0
            for key in keys {
                let saga = try await engine.saga("OrderFulfillment", key: key)
                if saga?.status == .completed { ended += 1 }
            }
            if ended == keys.count { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    func leave() async {
        work.cancel()
        _ = await work.result
        await store.close()
    }
}
