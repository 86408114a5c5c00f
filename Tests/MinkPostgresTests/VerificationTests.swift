// A verification of a real server's schema: silent on what an engine writes, also while it works,
// and loud on each row that is changed by hand.
import MinkCommands
import MinkExpression
import MinkStore
import MinkTesting
import MinkWorkflow
import Testing

@testable import MinkPostgres

@Suite("A verification", .enabled(if: hasServer, .init(rawValue: noServer)))
struct VerificationTests {
    /// Orders that have come as far as they can, since nobody ships, and a look at the store while the engine works.
    private func orders(_ schema: ScratchSchema) async throws -> VerificationReport {
        let store = try await schema.open()
        let engine = try await WorkflowEngine(
            definitions: [EngineTests.folder], store: EngineStore(store),
            bus: try EngineTests.bus(without: ["CreateShipment", "CompleteOrder"]))
        for number in 0..<5 {
            try await engine.send(
                "OrderCreated",
                [
                    "orderId": .string("o\(number)"), "customerId": "c", "address": [:],
                    "items": [], "total": 39,
                ], id: "e\(number)")
        }
        let report = try await withThrowingTaskGroup(of: VerificationReport.self) { group in
            group.addTask {
                try await engine.run()
                return VerificationReport()
            }
            group.addTask {
                for _ in 0..<3_000 {
                    try await Task.sleep(for: .milliseconds(10))
                    var isDone = true
                    for number in 0..<5 {
                        let saga = try await engine.saga("OrderFulfillment", key: "o\(number)")
                        isDone = isDone && saga?.state == "AwaitingShipment"
                    }
                    if isDone { break }
                }
                return try await StoreVerification(of: store, pageSize: 2).run()
            }
            let report = try await group.next() ?? VerificationReport()
            group.cancelAll()
            return report
        }
        await store.close()
        return report
    }

    private func verify(_ schema: ScratchSchema) async throws -> VerificationReport {
        let store = try await schema.open()
        let report = try await StoreVerification(of: store).run()
        await store.close()
        return report
    }

    @Test func `finds nothing in what an engine writes, while it works and after`() async throws {
        let schema = try ScratchSchema()

        let during = try await orders(schema)
        let after = try await verify(schema)

        #expect(during.count == 0, "\(during.lines)")
        #expect(after.count == 0, "\(after.lines)")
        #expect(after[.eventsAreJudged].checked == 15)
        #expect(after[.historyReplays].checked == 5)
        #expect(after.pendingEvents == 0)
    }

    @Test(arguments: [
        (
            StoreRule.eventsAreJudged,
            """
            insert into events(tenant, id, type, stream, time, time_nanos, appended,
                appended_nanos, data, tx)
            select tenant, 'lost', type, stream, time, time_nanos, appended + interval '1 hour',
                appended_nanos, data, '0' from events where id = 'e0'
            """
        ),
        (
            .eventsCountOnce,
            "update history set event = (select min(event) from history h2 where h2.saga = "
                + "history.saga) where version = 2"
        ),
        (.historyReplays, "update history set at = at + interval '1 day' where version = 1"),
        (.commandsAreKept, "update outbox set saga = -1"),
        (
            .commandsAreKept,
            "update outbox set body = convert_to(replace(convert_from(body, 'UTF8'), 'Ship', "
                + "'Sink'), 'UTF8')"
        ),
        (.waitsHaveCauses, "delete from timers"),
        (.versionsGrow, "delete from history where version = 2"),
        (.versionsGrow, "update sagas set version = version + 1"),
    ])
    func `finds what was changed by hand`(rule: StoreRule, sql: String) async throws {
        let schema = try ScratchSchema()
        _ = try await orders(schema)
        try schema.session().script(sql)

        let report = try await verify(schema)

        #expect(report[rule].count > 0, "\(report.lines)")
    }

    @Test func `finds a lane whose place is not known, and one that has left a batch out`()
        async throws
    {
        let schema = try ScratchSchema()
        let store = try await schema.open()
        _ = try await store.commit(try .sample(try .sample(), from: 0, cursor: 1))
        for version in 1...3 {
            _ = try await store.commit(
                try .sample(try .sample(), from: Int64(version), cursor: Int64(version) + 1))
        }
        let session = schema.session()

        try session.script("delete from cursors where seq = 3")
        let gap = try await store.disorder()
        try session.script("delete from cursors")
        let gone = try await store.disorder()

        #expect(gap.map(\.kind) == [.owners])
        #expect(gone.map(\.kind) == [.owners])
        await store.close()
    }

    @Test func `leaves what is still to be judged alone`() async throws {
        let schema = try ScratchSchema()
        _ = try await orders(schema)
        let store = try await schema.open()
        _ = try await store.append(
            [try .sample("new")], at: SystemClock().now(), notes: [:])

        let report = try await StoreVerification(of: store).run()

        #expect(report.count == 0, "\(report.lines)")
        #expect(report.pendingEvents == 1)
        await store.close()
    }
}
