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

    @Test func `lets an operator decide about everything that waits`() throws {
        let server = try ScratchPostgres(["fsync=on"])
        defer { server.stop() }
        let store = ["--database", server.url, "--schema", "live"]

        let scene = try OperatorScene(store, in: try ScratchFolder())
        try scene.live()

        let health = try scene.run("doctor")
        let status = try scene.run("db", "status")
        #expect(health.code == 0, "\(health.output)")
        #expect(health.output.contains("ok    durability"))
        #expect(health.output.contains("ok    audit"))
        #expect(health.output.contains("warn  engines       none is running"))
        #expect(status.code == 0)
    }

    @Test func `shows what an action would lead to while an engine lives`() throws {
        let server = try ScratchPostgres(["fsync=on"])
        defer { server.stop() }
        let store = ["--database", server.url, "--schema", "live"]
        let scene = try OperatorScene(store, in: try ScratchFolder())
        let engine = CommandLineRun.process(["run", "workflows", "--events", "-"] + store)
        let (input, output) = (Pipe(), Pipe())
        engine.standardInput = input
        engine.standardOutput = output
        try engine.run()
        input.fileHandleForWriting.write(Data("{\"wait\": \"1s\"}\n".utf8))
        while try !scene.run("doctor").output.contains("ok    engines") { usleep(100_000) }

        let preview = try scene.run(
            "instances", "mark-done", "OrderFulfillment", "o1", "--reason", "x", "--dry-run")
        let list = try scene.run("outbox", "list")
        try input.fileHandleForWriting.close()
        engine.waitUntilExit()

        #expect(preview.code == 0, "\(preview.errors)")
        #expect(preview.output.contains("OrderFailed"))
        #expect(list.code == 0)
    }

    @Test func `has the engine that lives decide what an operator hands in`() throws {
        let server = try ScratchPostgres(["fsync=on"])
        defer { server.stop() }
        let scene = try OperatorScene(
            ["--database", server.url, "--schema", "live"], in: try ScratchFolder())
        let engine = CommandLineRun.process(
            ["serve", "--definitions", "workflows", "--simulate"] + scene.store)
        engine.standardError = FileHandle.nullDevice
        try engine.run()
        while try !scene.run("doctor").output.contains("ok    engines") { usleep(100_000) }

        let done = try scene.run(
            "instances", "mark-done", "OrderFulfillment", "o1", "--reason", "by hand")
        let sent = try scene.run(
            "events", "send", "OrderCreated", "--id", "live", "--data",
            #"{"orderId": "o77", "customerId": "c", "address": {}, "items": [], "total": 1}"#)
        var watched = try scene.run("instances", "watch", "OrderFulfillment", "o77")
        while watched.code == 5 {
            watched = try scene.run("instances", "watch", "OrderFulfillment", "o77")
        }
        let recorded = try scene.values("verb", of: "entry", "audit", "list")
        engine.terminate()
        engine.waitUntilExit()

        #expect(done.code == 0, "\(done.errors)")
        #expect(done.errors.isEmpty)
        #expect(sent.code == 0)
        #expect(watched.code == 0, "\(watched.errors)")
        #expect(watched.lines.first?.contains("started (live)") == true)
        #expect(watched.lines.last?.contains("end         OrderFulfillment") == true)
        #expect(recorded == ["events send", "instances mark-done"])
    }

    @Test func `is examined although nothing may be kept in it`() throws {
        let url = try ScratchPostgres.shared.get().url

        let run = try CommandLineRun("doctor", "--database", url, "--schema", "nothing here")

        #expect(run.code == 1)
        #expect(run.output.contains("fail  tables        format 0 of 1"))
        #expect(run.output.contains("fail  durability    "))
        #expect(run.output.contains("next: mink-workflow db migrate"))
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
