// What happens when a step can not be written: the one input that is to blame is found, and no
// other saga notices.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkSQLite
import MinkStore
import Synchronization
import Testing

@testable import MinkWorkflow

@Suite("A step that can not be written")
struct StepFailureTests {
    private static let workflow =
        #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
        + "/workflows/order-fulfillment.workflow.json"

    /// Runs orders through a store that refuses some batches, until all but one saga wait for
    /// their payment.
    private func run(
        orders: [String] = (1...20).map { "o\($0)" }, answering answer: CommandReply = .done,
        unreadable: InstanceID? = nil,
        until isDone: @escaping @Sendable (SQLiteStore) async throws -> Bool,
        refusing refuse: @escaping @Sendable (TurnBatch) -> StoreError?
    ) async throws -> SQLiteStore {
        let store = try SQLiteStore(file: ":memory:")
        let bus = CommandBus()
        for name in ["RequestPayment", "FailOrder"] {
            try bus.register(name) { _, _ in answer }
        }
        let engine = try await WorkflowEngine(
            definitions: [Self.workflow],
            store: EngineStore(
                store, workedOnThrough: RefusingStore(store, unreadable: unreadable, refuse)),
            bus: bus)
        for key in orders {
            try await engine.send(
                "OrderCreated",
                [
                    "orderId": .string(key), "customerId": "c1", "address": [:], "items": [],
                    "total": 39,
                ], id: key)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            group.addTask {
                for _ in 0..<1_000 {
                    if try await isDone(store) { return }
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            try await group.next()
            group.cancelAll()
        }
        return store
    }

    @Test func `pauses the saga whose turn is to blame, and no other`() async throws {
        let store = try await run(until: { try await $0.count() == 20 }) { batch in
            let blamed = batch.turns.contains { turn in
                if case .unwritable = turn.input { return false }
                return turn.id == .order("o7")
            }
            return blamed ? StoreError(code: .corrupt, message: "a zero byte") : nil
        }

        let paused = try await store.rows().filter { $0.pause != nil }
        #expect(paused.map(\.id) == [.order("o7")])
        #expect(paused.first?.incidents.map(\.code) == [.poisonedTurn])
        #expect(paused.first?.incidents.first?.message.contains("a zero byte") ?? false)
    }

    @Test func `makes an event that can not even pause its saga a dead letter`() async throws {
        let store = try await run(until: { try await $0.count() == 19 }) { batch in
            batch.turns.contains { $0.id == .order("o7") }
                ? StoreError(code: .corrupt, message: "a zero byte") : nil
        }

        let letters = try await store.deadLetters(after: 0, limit: 9).map(\.letter)
        #expect(letters.map(\.event.id) == ["o7"])
        #expect(letters.map(\.reason) == ["bad-event"])
        #expect(try await store.claim().cursor == 20)
    }

    @Test func `makes the event of a saga that can not be read a dead letter`() async throws {
        let store = try await run(
            unreadable: .order("o7"), until: { try await $0.claim().cursor == 20 }
        ) { _ in nil }

        let letters = try await store.deadLetters(after: 0, limit: 9).map(\.letter.event.id)
        #expect(letters == ["o7"])
        #expect(try await store.count() == 19)
    }

    @Test(arguments: [StoreError.Code.conflict, .unavailable])
    func `is decided again when that may help`(code: StoreError.Code) async throws {
        let failures = Mutex(2)
        let store = try await run(orders: ["o1"], until: { try await $0.count() == 1 }) { _ in
            failures.withLock { left in
                left -= 1
                return left >= 0 ? StoreError(code: code, message: "not now") : nil
            }
        }

        #expect(try await store.rows().map(\.state) == ["AwaitingPayment"])
    }

    @Test func `counts as a failed try when it is about an answer`() async throws {
        let store = try await run(
            orders: ["o1"], answering: .event("PaymentReceived", ["orderId": "o1"]),
            until: { store in
                let sent = try await store.outbox(of: .order("o1"))
                return sent.contains { $0.attempts > 0 }
            }
        ) { batch in
            batch.answers.isEmpty ? nil : StoreError(code: .corrupt, message: "a zero byte")
        }

        let pending = try await store.outbox(of: .order("o1"))
        #expect(pending.first?.lastError?.contains("a zero byte") ?? false)
    }
}

extension InstanceID {
    fileprivate static func order(_ key: String) -> InstanceID {
        InstanceID(tenant: "", workflow: "OrderFulfillment", key: .string(key))
    }
}

extension SQLiteStore {
    fileprivate func rows() async throws -> [Instance] {
        try await instances(InstanceFilter()).map(\.instance)
    }

    /// How many sagas have begun.
    fileprivate func count() async throws -> Int { try await rows().count }
}

/// A store that refuses to write some batches, or to read an instance.
private final class RefusingStore: WorkflowStore {
    private let store: SQLiteStore
    private let refuse: @Sendable (TurnBatch) -> StoreError?
    private let unreadable: InstanceID?

    init(
        _ store: SQLiteStore, unreadable: InstanceID?,
        _ refuse: @escaping @Sendable (TurnBatch) -> StoreError?
    ) {
        self.store = store
        self.unreadable = unreadable
        self.refuse = refuse
    }

    func commit(_ batch: TurnBatch) async throws(StoreError) -> [EventRecord] {
        if let error = refuse(batch) { throw error }
        return try await store.commit(batch)
    }

    func claim(_ kind: ClaimKind) async throws(StoreError) -> Claim { try await store.claim(kind) }

    func ready(_ request: ReadyRequest) async throws(StoreError) -> ReadyWork {
        try await store.ready(request)
    }

    func nextDue() async throws(StoreError) -> Timestamp? { try await store.nextDue() }

    func load(_ ids: [InstanceID]) async throws(StoreError) -> [InstanceID: StoredInstance] {
        if let unreadable, ids.contains(unreadable) {
            throw StoreError(code: .corrupt, message: "its body is torn")
        }
        return try await store.load(ids)
    }

    func seen(
        _ values: [SeenValue], by id: InstanceID
    ) async throws(StoreError) -> Set<SeenValue> {
        try await store.seen(values, by: id)
    }
}
