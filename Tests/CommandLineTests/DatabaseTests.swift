// The command line on a real PostgreSQL server that keeps what it confirms.
import Foundation
import MinkTesting
import Testing

@Suite(
    "A database",
    .enabled(if: !ScratchPostgres.isSkipped, "MINK_SKIP_POSTGRES=1 leaves out what needs a server"))
struct DatabaseTests {
    private static let events = "workflows/samples/stuck-refund.events.jsonl"

    @Test func `carries a run to the same end as a file, and is repaired in the same way`() throws {
        let folder = try ScratchFolder()
        let server = try ScratchPostgres(["fsync=on"])
        defer { server.stop() }
        let stores = [
            ["--store", folder.path("orders.sqlite")],
            ["--database", server.url, "--schema", "orders"],
        ]

        let runs = try stores.map { store in
            try [
                ["run", "workflows", "--events", Self.events],
                ["instances", "list"],
                ["instances", "explain", "OrderFulfillment", "o1"],
                ["instances", "mark-done", "OrderFulfillment", "o1", "--reason", "by hand"],
                ["instances", "list", "--status", "compensated"],
                ["run", "workflows", "--events", Self.events],
            ].map { try CommandLineRun(all: $0 + store) }
        }

        #expect(runs.allSatisfy { $0.allSatisfy { $0.code == 0 } }, "\(runs.joined())")
        // What is done by hand bears the moment at which it was done.
        let (file, database) = (runs[0], runs[1])
        for step in [0, 1, 2, 4] { #expect(file[step].output == database[step].output) }
        #expect(database[4].output.contains("o1"))
    }

    @Test func `that may lose what it confirms is refused`() throws {
        let url = try ScratchPostgres.shared.get().url

        let run = try CommandLineRun("instances", "list", "--database", url)

        #expect(run.code == 4)
        #expect(run.errors.contains("fsync"))
    }

    @Test func `that can not be reached is told, and is no store beside a file`() throws {
        let nowhere = try CommandLineRun(
            "instances", "list", "--database", "host=/nowhere connect_timeout=1")
        let both = try CommandLineRun(
            "run", "workflows", "--events", Self.events, "--store", "a", "--database", "b")

        #expect(nowhere.code == 4)
        #expect(nowhere.errors.contains("can not be reached"))
        #expect(both.code == 2)
        #expect(both.errors.contains("exclude each other"))
    }
}
