// `db verify` on the embedded store: silent on what engines write, and loud on each row that is
// changed by hand.
import CSQLite
import Foundation
import Testing

@Suite("db verify")
struct VerifyTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    /// A store in which samples were played.
    private func store(_ samples: String...) throws -> String {
        let file = folder.path("orders.sqlite")
        for sample in samples {
            let run = try CommandLineRun(
                "run", "workflows", "--events", "workflows/samples/\(sample).events.jsonl",
                "--store", file)
            try #require(run.code == 0, "\(run.errors)")
        }
        return file
    }

    private func change(_ file: String, _ sql: String) throws {
        var handle: OpaquePointer?
        defer { sqlite3_close(handle) }
        try #require(sqlite3_open(file, &handle) == SQLITE_OK)
        #expect(
            sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK,
            "\(String(cString: sqlite3_errmsg(handle)))")
        try #require(sqlite3_total_changes(handle) > 0, "the change hits no row")
    }

    /// The rules that are broken, by what the command prints for programs.
    private func broken(_ file: String) throws -> [String] {
        let run = try CommandLineRun("db", "verify", "--store", file, "--format", "json")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let rules = try #require(object["rules"] as? [[String: Any]])
        let broken = rules.filter { $0["violations"] as? Int != 0 }
        #expect(run.code == (broken.isEmpty ? 0 : 1))
        #expect(
            object["violations"] as? Int
                == broken.reduce(0) { $0 + ($1["violations"] as? Int ?? 0) })
        return broken.compactMap { $0["rule"] as? String }
    }

    @Test(arguments: ["orders", "stuck-refund"])
    func `finds nothing in what was played`(sample: String) throws {
        let file = try store(sample)

        let run = try CommandLineRun("db", "verify", "--store", file)

        #expect(run.code == 0)
        #expect(
            run.lines.map { $0.prefix(3) } == ["I1 ", "I2 ", "I3 ", "I4 ", "I8 ", "I9 ", "I10"])
        #expect(run.lines.allSatisfy { $0.contains("  ok  ") })
        #expect(!run.output.contains("  0  "), "something was held against each rule")
    }

    @Test(arguments: [
        (
            ["I1"],
            """
            insert into events select position + 1000, tenant, 'lost', type, stream, time,
                time_nanos, appended, appended_nanos, correlation, causation, entries, data
            from events where id = 'e5';
            update cursor set position = position + 1000;
            """
        ),
        (["I2", "I3"], "update history set event = 1 where saga = 1 and version = 2"),
        (
            ["I3"],
            "update sagas set body = replace(body, '\"transitions\":1', '\"transitions\":9')"
        ),
        (["I4"], "delete from outbox where name = 'RefundPayment'"),
        (["I4"], "update outbox set body = replace(body, '\"p1\"', '\"p2\"')"),
        (["I4"], "update outbox set saga = 99"),
        (
            ["I3", "I8"],
            """
            update history set body = replace(body, '"settled":{"frame":2', '"settled":{"frame":1')
            where saga = 1
            """
        ),
        (["I9"], "delete from timers where saga = 2"),
        (["I9"], "update timers set saga = 99 where saga = 2"),
        (["I3", "I10"], "delete from history where saga = 1 and version = 3"),
        (["I10"], "update sagas set version = version + 1 where id = 2"),
        (["I10"], "update cursor set position = position + 1"),
    ])
    func `finds what was changed by hand`(rules: [String], sql: String) throws {
        let file = try store("stuck-refund")
        try change(file, sql)

        let found = try broken(file)

        #expect(Set(rules).isSubset(of: found), "found \(found)")
    }

    @Test func `says which saga, and what to do`() throws {
        let file = try store("stuck-refund")
        try change(file, "delete from timers where saga = 2")

        let run = try CommandLineRun("db", "verify", "--store", file)

        #expect(run.code == 1)
        #expect(run.output.contains("OrderFulfillment o2: it has 2 timers, and 0 are stored"))
        #expect(run.output.contains("what to do: "))
    }

    @Test func `needs a store and its word`() throws {
        #expect(try CommandLineRun("db", "verify", "--store", folder.path("none")).code == 5)
        #expect(try CommandLineRun("db", "verify").code == 2)
        #expect(try CommandLineRun("db").code == 2)
    }
}
