import Foundation
import Testing

@Suite("instances")
struct InstancesTests {
    private let folder: ScratchFolder
    private let store: String

    init() throws {
        folder = try ScratchFolder()
        store = folder.path("orders.sqlite")
        let run = try CommandLineRun(
            "run", "workflows", "--events", "workflows/samples/stuck-refund.events.jsonl",
            "--store", store)
        try #require(run.code == 0)
    }

    private func instances(_ words: String...) throws -> CommandLineRun {
        try CommandLineRun(all: ["instances"] + words + ["--store", store])
    }

    @Test(arguments: [
        ([], ["o1", "o2"]), (["--status", "compensating"], ["o1"]),
        (["--status", "started", "--status", "compensating"], ["o1", "o2"]),
        (["--incident", "any"], ["o1"]), (["--incident", "compensation-stuck"], ["o1"]),
        (["--incident", "limit-reached"], []), (["--workflow", "Payout"], []),
        (["--limit", "1"], ["o1"]), (["--tenant", "acme"], []),
    ])
    func `lists the sagas that fit`(words: [String], keys: [String]) throws {
        let run = try CommandLineRun(
            all: ["instances", "list", "--format", "jsonl", "--store", store] + words)

        #expect(run.code == 0)
        let found = try run.lines.map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return (object as? [String: Any])?["key"] as? String
        }
        #expect(found == keys)
    }

    @Test func `does what a person decided, once, and records it`() throws {
        let first = try instances(
            "mark-done", "OrderFulfillment", "o1", "--reason", "by hand", "--by", "kim")
        let again = try instances(
            "mark-done", "OrderFulfillment", "o1", "--reason", "by hand", "--by", "kim")

        #expect(first.code == 0)
        #expect(first.output.contains("OrderFailed"))
        #expect(again.code == 6)
        #expect(again.errors.contains("refused: no undo is stuck"))
        let history = try instances("show", "OrderFulfillment", "o1").output
        #expect(history.components(separatedBy: "operator    mark-done").count == 2)
    }

    @Test func `changes nothing when it only shows what would follow`() throws {
        let before = try instances("show", "OrderFulfillment", "o1", "--format", "jsonl").output
        let preview = try instances(
            "skip", "OrderFulfillment", "o1", "--reason", "no card", "--dry-run")

        #expect(preview.code == 0)
        #expect(preview.output.contains("OrderFailed"))
        let after = try instances("show", "OrderFulfillment", "o1", "--format", "jsonl").output
        #expect(before.split(separator: "\n").dropLast() == after.split(separator: "\n").dropLast())
    }

    @Test func `goes on from where the action left it when the engine runs again`() throws {
        _ = try instances("retry", "OrderFulfillment", "o1", "--reason", "new card")
        let events = try folder.write(#"{"wait": "1h"}"# + "\n", to: "more.events.jsonl")

        let run = try CommandLineRun("run", "workflows", "--events", events, "--store", store)

        #expect(run.output.contains("RefundPayment"))
        #expect(run.output.contains("compensated in OrderFailed"))
    }

    @Test(arguments: [
        (["show", "OrderFulfillment", "o9"], Int32(5), "there is no saga OrderFulfillment o9"),
        (["show", "OrderFulfillment"], 2, "say which saga: show WORKFLOW KEY"),
        (["shw", "OrderFulfillment", "o1"], 2, "did you mean \"show\"?"),
        ([], 2, "needs a word"),
        (["resume", "OrderFulfillment", "o1"], 2, "resume needs --reason TEXT"),
        (["resume", "OrderFulfillment", "o2", "--reason", "x"], 6, "o2 is not paused"),
        (["retry", "OrderFulfillment", "o1", "--reason", "x", "--with", "7"], 2, "JSON object"),
        (["list", "--limit", "none"], 2, "--limit needs a whole number"),
    ])
    func `says what is wrong`(words: [String], code: Int32, message: String) throws {
        let run = try CommandLineRun(all: ["instances", "--store", store] + words)

        #expect(run.code == code)
        #expect(run.errors.contains(message))
    }

    @Test func `needs a store that is there`() throws {
        let none = try CommandLineRun("instances", "list")
        let missing = try CommandLineRun("instances", "list", "--store", "nowhere.sqlite")

        #expect(none.code == 2)
        #expect(none.errors.contains("--store FILE"))
        #expect(missing.code == 5)
        #expect(missing.errors.contains("there is no store"))
    }

    private static let more = """
        {"type": "InventoryReserved", "id": "f1", "data": {"orderId": "o3", "reservationId": "r"}}
        {"command": "RequestPayment", "fails": "bank is down"}
        {"type": "OrderCreated", "id": "f2", "data": {"orderId": "o4", "customerId": "c", \
        "address": {}, "items": [], "total": 1}}

        """

    @Test(arguments: [
        ("o3", "o3 holds 1 that came early: InventoryReserved"),
        ("o3", "o3 what it holds is wanted until 2026-01-"),
        ("o4", "o4 its command RequestPayment is tried again at 2026-01-"),
        ("o4", "after one try: bank is down"),
        ("o1", "o1 has ended: compensated"),
    ])
    func `explains what a saga waits for`(key: String, sentence: String) throws {
        let events = try folder.write(Self.more, to: "more.events.jsonl")
        _ = try instances("mark-done", "OrderFulfillment", "o1", "--reason", "by hand")
        _ = try CommandLineRun("run", "workflows", "--events", events, "--store", store)

        let run = try instances("explain", "OrderFulfillment", key)

        #expect(run.output.contains(sentence), "\(run.output)")
    }

    @Test func `answers as its guide shows`() throws {
        // Its commands, with this test's store in place of theirs.
        let guide = try CommandLineRun.text("Sources/MinkWorkflow/Documentation.docc/Operating.md")
        let blocks = guide.components(separatedBy: "```").enumerated()
            .filter { $0.offset % 2 == 1 }.map(\.element)
        #expect(blocks.count == 15)
        var printed = ""
        for block in blocks {
            let lines = block.split(separator: "\n")
            guard lines.first == "sh" else {
                for line in lines.dropFirst() { #expect(printed.contains(line), "\(line)") }
                continue
            }
            printed = ""
            for line in lines.dropFirst() where !line.contains(" run workflows ") {
                let run = try CommandLineRun(arguments: line, store: store)
                #expect(run.code == 0, "\(line)")
                printed += run.output
            }
        }
    }
}

extension CommandLineRun {
    /// A line of a guide, with the store of a test in place of its own.
    fileprivate init(arguments line: Substring, store: String) throws {
        var words = [""]
        var quote: Character?
        for letter in line {
            switch letter {
            case quote: quote = nil
            case "\"" where quote == nil, "'" where quote == nil: quote = letter
            case " " where quote == nil: words.append("")
            default: words[words.count - 1].append(letter)
            }
        }
        try self.init(all: words.dropFirst().map { $0 == "orders.sqlite" ? store : $0 })
    }
}
