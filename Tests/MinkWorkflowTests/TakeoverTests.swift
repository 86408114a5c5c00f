// What becomes of commands that were under way when their engine was killed: nobody knows what came
// of them, so they are delivered once more before anything else is decided about them.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkSQLite
import MinkStore
import Testing

@testable import MinkWorkflow

@Suite("An engine that goes on where another one was killed")
struct TakeoverTests {
    private static let workflow =
        #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
        + "/workflows/order-fulfillment.workflow.json"

    private let store: SQLiteStore
    private let catalog: Catalog
    private let now: Timestamp

    init() throws {
        store = try SQLiteStore(file: ":memory:")
        catalog =
            DefinitionLoader.load(
                try Project.files([Self.workflow], endings: [".workflow.json"])
            ).catalog
        now = try #require(Timestamp(seconds: 1_800_000_000))
    }

    /// An engine that begins now; the one before it was killed.
    private func engine() async throws -> EngineLoop {
        try await EngineLoop(store: store, catalog: catalog, clock: ManualClock(at: now)) { _ in }
    }

    private func send(_ type: String, _ fields: String) async throws {
        let event = EventRecord(
            id: type, type: type, data: #"{"orderId": "o1", \#(fields)}"#, time: now)
        _ = try await store.append([event], at: now, notes: [:])
    }

    private func commands() async throws -> [String] {
        let id = InstanceID(tenant: "", workflow: "OrderFulfillment", key: .string("o1"))
        return try await store.outbox(of: id).map(\.command.name)
    }

    @Test func `delivers what may have taken effect, although the saga is given up`() async throws {
        try await send(
            "OrderCreated", #""customerId": "c", "address": {}, "items": [], "total": 5"#)
        var killed = try await engine()
        _ = try await killed.judgeEvents(limit: 9)
        let first = killed.nextOutgoing()
        let handedOut = try #require(first)
        killed.didBegin(handedOut)

        try await send("PaymentFailed", #""reason": "closed", "canRetry": false"#)
        var next = try await engine()
        _ = try await next.judgeEvents(limit: 9)

        #expect(try await commands().contains("RequestPayment"), "it was withdrawn")
        let second = next.nextOutgoing()
        let again = try #require(second)
        #expect(again.command.id == handedOut.command.id)
        next.didBegin(again)
        let paid = #"{"orderId": "o1", "paymentId": "p1", "amount": 5}"#
        try await next.settle(
            again,
            .accepted(answers: [AnswerEvent(type: "PaymentReceived", data: paid)], result: .null))
        _ = try await next.judgeEvents(limit: 9)
        #expect(try await commands().contains("RefundPayment"))
    }

    @Test func `takes back what nobody can have handed out`() async throws {
        try await send(
            "OrderCreated", #""customerId": "c", "address": {}, "items": [], "total": 5"#)
        var killed = try await engine()
        _ = try await killed.judgeEvents(limit: 9)
        _ = killed.nextOutgoing()
        try await send("PaymentFailed", #""reason": "closed", "canRetry": true"#)
        _ = try await killed.judgeEvents(limit: 9)
        #expect(try await commands() == ["RequestPayment", "RequestPayment"])

        // The second one is due in five minutes.
        let giveUp = OperatorAction(verb: .compensate, reason: "enough")
        let id = InstanceID(tenant: "", workflow: "OrderFulfillment", key: .string("o1"))
        _ = try await store.request(giveUp, on: id, by: "ann", at: now, notes: [:])
        var next = try await engine()
        try await next.judgeActions()

        #expect(try await commands() == ["RequestPayment", "FailOrder"])
    }
}
