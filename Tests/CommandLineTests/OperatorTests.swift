// What operators do on a live store, the same on a file and on a database.
import Foundation
import MinkTesting
import Testing

/// A store in which something of everything waits for a person.
struct OperatorScene: Sendable {
    let folder: ScratchFolder
    let store: [String]

    /// Four sagas, each with something of its own.
    ///
    /// o1 waits because its refund was given up. o5 waits for the warehouse, which is down; its
    /// reservation came too early and is dead letter 1. f1 is held for a saga that never began. d1
    /// has fields missing and is dead letter 2.
    init(_ store: [String], in folder: ScratchFolder) throws {
        self.folder = folder
        self.store = store
        let sample = try CommandLineRun.text("workflows/samples/stuck-refund.events.jsonl")
        let events = try folder.write(sample + Self.more, to: "scene.events.jsonl")
        let run = try CommandLineRun(all: ["run", "workflows", "--events", events] + store)
        try #require(run.code == 0, "\(run.errors)")
    }

    static func file() throws -> OperatorScene {
        let folder = try ScratchFolder()
        return try OperatorScene(["--store", folder.path("orders.sqlite")], in: folder)
    }

    private static let more = """
        {"type": "InventoryReserved", "id": "h1", "data": {"orderId": "o5", "reservationId": "r5"}}
        {"wait": "61m"}
        {"command": "ReserveInventory", "fails": "warehouse is down"}
        {"type": "OrderCreated", "id": "c5", "data": {"orderId": "o5", "customerId": "anna", \
        "address": {}, "items": [], "total": 10}}
        {"type": "PaymentReceived", "id": "p5", "data": {"orderId": "o5", "paymentId": "p5", \
        "amount": 10}}
        {"type": "InventoryReserved", "id": "f1", "data": {"orderId": "o3", "reservationId": "r"}}
        {"type": "PaymentReceived", "id": "d1", "data": {"orderId": "o2"}}

        """

    func run(_ words: String..., input: String? = nil) throws -> CommandLineRun {
        try CommandLineRun(all: words + store, input: input)
    }

    /// The values of a member of each line.
    func values(_ member: String, of object: String, _ words: String...) throws -> [String] {
        let run = try CommandLineRun(all: words + ["--format", "jsonl"] + store)
        try #require(run.code == 0, "\(run.errors)")
        return try run.lines.map { line in
            let line = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let inner = line?[object] as? [String: Any]
            return inner?[member].map { "\($0)" } ?? "none"
        }
    }

    /// All that an operator does, one after the other.
    func live() throws {
        try decideAboutCommands()
        try decideAboutDeadLetters()
        try decideAboutHeldEvents()
        try send()
        try repair()
        try readTheRecord()
        let verified = try run("db", "verify")
        #expect(verified.code == 0, "\(verified.output)")
    }

    private func decideAboutCommands() throws {
        let condition = #"command.name == "ReserveInventory" && command.attempts == 1"#
        let found = try values("id", of: "command", "outbox", "list", "--where", condition)
        let all = try run("outbox", "list")
        let shown = try run("outbox", "discard", "--where", condition, "--reason", "by phone")
        let now = try run("outbox", "retry", found[0], "--reason", "it is up again")
        let tries = try values("attempts", of: "command", "outbox", "list", "--where", condition)
        let gone = try run(
            "outbox", "discard", "--where", #"command.name == "ReserveInventory""#, "--reason",
            "by phone", "--yes", "--by", "kim")
        let left = try values("name", of: "command", "outbox", "list")
        let again = try run("outbox", "retry", found[0], "--reason", "x")

        #expect(found.count == 1)
        #expect(all.lines.contains { $0.contains("RefundPayment") && $0.contains("given up") })
        #expect(all.lines.contains { $0.contains("1 try") && $0.contains("warehouse is down") })
        #expect(shown.code == 1)
        #expect(shown.errors.contains("one command fits"))
        #expect(shown.errors.contains("--yes does it"))
        #expect(now.code == 0, "\(now.errors)")
        #expect(tries.isEmpty)
        #expect(gone.code == 0, "\(gone.errors)")
        #expect(gone.output.contains("withdrawn"))
        #expect(left == ["RefundPayment"])
        #expect(again.code == 5)
        #expect(again.errors.contains("there is no command"))
    }

    private func decideAboutDeadLetters() throws {
        let reasons = try values("reason", of: "letter", "dead-letters", "list")
        let preview = try run("dead-letters", "requeue", "1", "--reason", "x", "--dry-run")
        let unchanged = try values("number", of: "letter", "dead-letters", "list")
        let first = try run("dead-letters", "requeue", "1", "--reason", "the order is there")
        let second = try run("dead-letters", "requeue", "1", "--reason", "again")
        let state = try run(
            "instances", "list", "--where",
            #"saga.key == "o5" && saga.state == "AwaitingShipment" && data.total > 5"#)
        let misfit = try run("dead-letters", "requeue", "2", "--reason", "x")
        let closed = try run("dead-letters", "discard", "2", "--reason", "a test of theirs")
        let open = try values("number", of: "letter", "dead-letters", "list")

        #expect(reasons == ["held", "bad-event"])
        #expect(preview.code == 0, "\(preview.errors)")
        #expect(preview.output.contains("AwaitingShipment"))
        #expect(unchanged == ["1", "2"])
        #expect(first.code == 0, "\(first.errors)")
        #expect(first.output.contains("AwaitingShipment"))
        #expect(second.code == 6)
        #expect(second.errors.contains("dead letter 1 was requeued already"))
        #expect(state.lines.count == 1, "\(state.errors)")
        #expect(misfit.code == 6)
        #expect(misfit.errors.contains("finds no saga"))
        #expect(closed.code == 0)
        #expect(open.isEmpty)
    }

    private func decideAboutHeldEvents() throws {
        let held = try values("id", of: "event", "held", "list")
        let early = try run("held", "retry", "f1", "--reason", "x")
        let gone = try run("held", "discard", "f1", "--reason", "no such order")
        let left = try values("id", of: "event", "held", "list")
        let letters = try run("dead-letters", "list", "--all")

        #expect(held == ["f1"])
        #expect(early.code == 6)
        #expect(early.errors.contains("still early"))
        #expect(gone.code == 0, "\(gone.errors)")
        #expect(left.isEmpty)
        #expect(letters.lines.count == 3)
        #expect(letters.lines.last?.contains("(discarded)") == true)
    }

    private func send() throws {
        let data =
            #"{"orderId": "o9", "customerId": "bert", "address": {}, "items": [], "total": 1}"#
        let first = try run("events", "send", "OrderCreated", "--data", data, "--id", "s1")
        let again = try run("events", "send", "OrderCreated", "--data", data, "--id", "s1")
        let other = try run("events", "send", "OrderCreated", "--data", "{}", "--id", "s1")
        let lines = try run(
            "events", "send", "-",
            input: """
                {"type": "OrderCancelled", "id": "s2", "data": {"orderId": "o9"}}
                {"wait": "1h"}
                {"type": "OrderCreated", "id": "s1", "data": \(data)}

                """)
        let fresh = try run(
            "events", "send", "OrderCreated", "--data", "-",
            input: data.replacingOccurrences(of: "o9", with: "o10"))
        let became = try run("events", "list", "--since", "1h")
        let letter = try run("events", "list", "--type", "PaymentReceived")
        let shown = try run("events", "show", "c5")
        let unmasked = try run("events", "show", "c5", "--show-personal")
        let mine = try run("events", "list", "--workflow", "OrderFulfillment", "--key", "o5")

        #expect(first.code == 0 && first.output == "accepted OrderCreated s1\n", "\(first.errors)")
        #expect(again.code == 0 && again.output.hasPrefix("duplicate OrderCreated s1"))
        #expect(other.code == 6 && other.output.hasPrefix("refused OrderCreated s1"))
        #expect(lines.code == 1)
        #expect(lines.output.contains("accepted OrderCancelled s2"))
        #expect(lines.output.contains("duplicate OrderCreated s1"))
        #expect(lines.errors.contains("-:2: error: only events can be sent"))
        #expect(fresh.code == 0 && fresh.output.hasPrefix("accepted OrderCreated "))
        #expect(became.lines.count == 3)
        #expect(letter.lines.contains { $0.contains("d1") && $0.contains("dead letter 2") })
        #expect(letter.lines.contains { $0.contains("p5") && $0.contains("handled") })
        #expect(shown.output.contains("‹personal›") && !shown.output.contains("anna"))
        #expect(unmasked.output.contains("anna"))
        #expect(mine.lines.count == 3)
    }

    private func repair() throws {
        let open = try run("incidents", "list")
        let none = try run("incidents", "list", "--where", "!incident.pauses")
        let unsure = try run(
            "instances", "mark-done", "--where", #"saga.status == "compensating""#, "--reason", "x")
        let done = try run(
            "instances", "mark-done", "--where", #"saga.status == "compensating""#, "--reason",
            "paid by hand", "--yes")
        let watched = try run("instances", "watch", "OrderFulfillment", "o1")

        #expect(open.output.contains("compensation-stuck"))
        #expect(
            open.output.contains(
                "next: mink-workflow instances retry|skip|mark-done OrderFulfillment o1"))
        #expect(none.lines.isEmpty && none.code == 0)
        #expect(unsure.code == 1 && unsure.errors.contains("one saga fits"))
        #expect(done.code == 0, "\(done.errors)")
        #expect(watched.code == 0)
        #expect(watched.lines.last?.contains("compensated in OrderFailed") == true)
    }

    private func readTheRecord() throws {
        let verbs = try values("verb", of: "entry", "audit", "list")
        let mine = try values("reason", of: "entry", "audit", "list", "--by", "kim")
        let refused = try values(
            "verb", of: "entry", "audit", "list", "--where", "entry.refusal != null")
        let change = try run(
            "audit", "list", "--where",
            #"entry.verb == "instances mark-done" && entry.before.status == "compensating" "#
                + #"&& entry.after.status == "compensated""#)

        #expect(
            verbs == [
                "instances mark-done", "events send", "events send", "events send", "events send",
                "events send", "held discard", "held retry", "dead-letters discard",
                "dead-letters requeue", "outbox discard", "outbox retry",
            ])
        #expect(mine == ["by phone"])
        #expect(refused == ["held retry"])
        #expect(change.lines.count == 1, "\(change.errors)")
    }
}

@Suite("An operator")
struct OperatorTests {
    @Test func `decides about everything that waits in a file`() throws {
        try OperatorScene.file().live()
    }

    /// One after the other: a file has one process at a time.
    @Test(
        .serialized,
        arguments: [
            (["outbox"], Int32(2), "outbox needs a word: list, show, retry, discard"),
            (["outbox", "lst"], 2, "did you mean \"list\"?"),
            (["outbox", "retry", "--reason", "x"], 2, "say which: outbox retry ID…"),
            (["outbox", "retry", "k1"], 2, "retry needs --reason TEXT"),
            (["outbox", "retry", "k1", "--where", "true", "--reason", "x"], 2, "not both"),
            (["outbox", "list", "more"], 2, "list takes no more words"),
            (["outbox", "list", "--where", "command.nmae == \"a\""], 2, "did you mean \"name\"?"),
            (["outbox", "list", "--where", "command.name"], 2, "--where needs a condition"),
            (["outbox", "retry", "--where", "false", "--reason", "x"], 5, "no command fits"),
            (["outbox", "show", "none"], 5, "there is no command none"),
            (["dead-letters", "show", "99"], 5, "there is no dead letter 99"),
            (
                ["instances", "list", "--where", "data.nothing > 1"], 0,
                "--where has no answer there"
            ),
            (["events", "send", "A"], 2, "send A needs --data JSON"),
            (["events", "send", "A", "--data", "7"], 2, "neither a JSON object nor a file"),
            (["events", "list", "--since", "x"], 2, "--since needs a moment"),
            (["events", "list", "--key", "o1"], 2, "--key needs --workflow NAME"),
            (["db"], 2, "db needs a word: status, migrate, verify"),
            (["doctor", "more"], 2, "doctor takes no \"more\""),
        ])
    func `is told what is wrong`(words: [String], code: Int32, message: String) throws {
        let scene = try Self.quietScene.get()

        let run = try CommandLineRun(all: words + scene.store)

        #expect(run.code == code)
        #expect(run.errors.contains(message), "\(run.errors)")
    }

    /// Shared by tests that change nothing.
    private static let quietScene = Result { try OperatorScene.file() }

    @Test func `watches a file only while nobody else has it`() throws {
        let scene = try OperatorScene.file()

        let run = try scene.run("instances", "watch", "OrderFulfillment", "o5")

        #expect(run.code == 1)
        #expect(run.output.contains("ReservingInventory"))
        #expect(run.errors.contains("has not ended"))
    }

    @Test func `examines a file`() throws {
        let scene = try OperatorScene.file()

        let health = try scene.run("doctor")
        let status = try scene.run("db", "status")
        let migrated = try scene.run("db", "migrate", "--format", "json")
        let missing = try CommandLineRun("doctor", "--store", scene.folder.path("none.sqlite"))

        #expect(health.code == 0, "\(health.output)")
        #expect(health.output.contains("warn  dead letters  2 to be decided about"))
        #expect(health.output.contains("next: mink-workflow incidents list"))
        #expect(status.code == 0)
        #expect(status.output.contains("tables: format 1, this program knows 1"))
        #expect(migrated.output.contains(#""isCurrent":true"#))
        #expect(missing.code == 5)
    }

    @Test func `finds the store in the settings`() throws {
        let scene = try OperatorScene.file()
        let inner = scene.folder.url.appending(path: "a/b")
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        try scene.folder.write(
            #"{ "store": { "sqlite": "orders.sqlite" } }"#, to: "mink-workflow.json")
        let secret = try scene.folder.write(
            #"{ "store": { "postgres": { "url": "secret:nowhere" } } }"#, to: "secret.json")
        let wrong = try scene.folder.write(#"{ "stor": {} }"#, to: "wrong.json")

        let found = try CommandLineRun("instances", "list", in: inner)
        let hidden = try CommandLineRun("instances", "list", "--config", secret)
        let misspelt = try CommandLineRun("instances", "list", "--config", wrong)

        #expect(found.code == 0, "\(found.errors)")
        #expect(found.lines.count == 4)
        #expect(hidden.code == 2)
        #expect(hidden.errors.contains("set MINK_SECRET_NOWHERE"))
        #expect(misspelt.code == 2)
        #expect(misspelt.errors.contains("stor"))
    }
}
