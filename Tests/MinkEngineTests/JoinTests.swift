import MinkDefinition
import MinkEngine
import MinkExpression
import Testing

/// Begins a saga that has one item for each text, and goes to `B` when they have come together.
private func fanOut(
    _ items: [Value], _ more: String = "", onJoin: String? = nil, done: String = "",
    bOn: String = ""
) throws -> Story {
    let answer =
        onJoin
            ?? #"""
            [{ "when": "join.succeeded == join.total", "goto": "B" }, { "otherwise": true,
                "fail": "= string(join.failed) + ' of ' + string(join.total)" }]
            """#
    var story = Story(
        try Small.workflow(
            #"""
            "A": { "forEach": { "in": "= data.list", "as": "line", "key": "= line",
                "matchEvent": "= event.?id.orValue('')",
                     "emit": [{ "command": "Tell", "with": { "line": "= line" } }],
                     "done": { "Paid": { "set": { "id": "= event.?id" }, "compensation": [{
                         "command": "Undo", "with": { "line": "= line",
                         "n": "= event.?n" } }]\#(done) } },
                     "failed": { "Extra": {} }\#(more) },
                   "onJoin": \#(answer), "on": { "Fail": { "fail": "no" }, "Back": {
                       "goto": "B" } }, "timeout": { "after": "1h", "goto": "B" } },
            "B": { "on": { "Fail": { "fail": "no" }, "Go": { "pointOfNoReturn": true,
                "goto": "Done" }, "Again": { "goto": "A" }\#(bOn) } },
            "Done": { "final": "completed" }
            """#,
            events: #""Again": { "fields": { "k": "string" } }"#,
            data: #""list": "any[]", "id": "string?""#,
            start:
                #"""
                { "Begin": { "set": { "k": "= event.k",
                    "list": "= event.?list.orValue([])" }, "goto": "A" } }
                """#,
            more: #""eventRules": { "ambiguous": "late" }"#))
    story.event("Begin", ["list": .list(items)])
    return story
}

@Suite("A fan-out over a list")
struct FanOutTests {
    @Test func `starts every item, counts each answer once, and joins when enough succeeded`()
        throws
    {
        var story = try fanOut(["a", "b"])
        #expect(story.arguments.map { $0["line"] } == ["a", "b"])
        story.event("Paid", ["id": "b", "n": 1])
        #expect(story.state == "A")
        story.event("Paid", ["id": "b", "n": 1])
        #expect(story.judgements == [.late])
        story.event("Paid", ["id": "b", "n": 2])
        #expect(story.incidents == [.unexpectedSuccess])
        story.event("Paid", ["id": "a"])

        #expect(story.state == "B")
        #expect(story.instance?.ledger.map { $0.arguments["line"] } == ["b", "a"])
    }

    @Test func `finds the item of an answer by its cause, before it looks at the event`() throws {
        var story = try fanOut(["a", "b"])
        let second = story.decision.commands.last?.id
        story.event("Paid", ["id": "a"], causedBy: second)

        #expect(story.instance?.ledger.first?.arguments["line"] == "b")
    }

    @Test(arguments: [["x"], ["x", "x"]] as [[Value]])
    func `takes an unknown item for unexpected, whatever the status`(list: [Value]) throws {
        var story = try fanOut([list[0]])
        story.event("Paid", ["id": "zzz"])
        #expect(story.judgements == [.unexpected])
        story.event("Fail")
        story.event("Paid", ["id": "zzz"])
        #expect(story.judgements == [.unexpected])
    }

    @Test func `needs keys that differ, by value; else the saga pauses`() throws {
        let story = try fanOut([7, 7.0])

        #expect(story.incidents == [.duplicateItem])
        #expect(story.state == nil)
        #expect(story.commands.isEmpty)
    }

    @Test func `lets no more items wait than said, and goes on after a failure too`() throws {
        var story = try fanOut(["a", "b", "c", "d"], #", "maxConcurrent": 2, "need": 2"#)
        #expect(story.arguments.map { $0["line"] } == ["a", "b"])
        story.event("Extra", ["id": "a"])
        #expect(story.arguments.map { $0["line"] } == ["c"])
        story.event("Paid", ["id": "b"])
        #expect(story.arguments.map { $0["line"] } == ["d"])
        story.event("Extra", ["id": "c"])
        #expect(story.commands.isEmpty)
        story.event("Paid", ["id": "d"])
        #expect(story.instance?.failure?.reason == "2 of 4")
    }

    @Test(arguments: ["now", "waitForTheRest"])
    func `that can not succeed any more joins at once, or after the rest`(word: String) throws {
        var story = try fanOut(
            ["a", "b", "c"], #", "maxConcurrent": 2, "whenImpossible": "\#(word)""#)
        story.event("Extra", ["id": "a"])
        #expect(story.status == (word == "now" ? .failed : .running))
        #expect(!story.commands.contains("Tell"))
        if word == "now" { return }
        story.event("Paid", ["id": "b"])
        #expect(story.instance?.failure?.reason == "1 of 3")
        #expect(story.commands == ["Undo"])
    }

    @Test(
        arguments: [([], "\"all\""), (["a", "b"], "0"), ([], "\"any\""), (["a"], "5")]
            as [([Value], String)])
    func `joins at once, and starts nothing, when all is decided`(list: [Value], need: String)
        throws
    {
        let story = try fanOut(list, #", "need": \#(need)"#, onJoin: #"{ "goto": "B" }"#)

        #expect(story.state == "B")
        #expect(story.commands.isEmpty)
    }

    @Test func `undoes successes beyond the need at once, outside the ledger`() throws {
        var story = try fanOut(
            ["a", "b", "c"], #", "need": "any""#, onJoin: #"{ "goto": "B" }"#)
        story.event("Paid", ["id": "a"])
        #expect(story.state == "B")
        #expect(story.ledger == ["Undo"])
        story.event("Paid", ["id": "b"])
        #expect(story.judgements == [.handled])
        #expect(story.decision.commands.map(\.role) == [.undoOther])
        #expect(story.ledger == ["Undo"])
        #expect(story.instance?.data["id"] == "a")
        story.event("Go")
        story.event("Paid", ["id": "c"])
        #expect(story.decision.commands.map(\.role) == [.undoOther])
        #expect(story.status == .completed)
    }

    @Test func `keeps successes beyond the need on the ledger where the file says so`() throws {
        var story = try fanOut(
            ["a", "b", "c"], #", "need": "any", "others": "keep""#, onJoin: #"{ "goto": "B" }"#)
        story.event("Paid", ["id": "a"])
        story.event("Paid", ["id": "b"])
        #expect(story.ledger == ["Undo", "Undo"])
        story.event("Go")
        story.event("Paid", ["id": "c"])
        #expect(story.ledger.isEmpty && story.commands.isEmpty && story.incidents.isEmpty)
    }

    @Test func `pushes the frame of an answer that comes after its state was left`() throws {
        var story = try fanOut(["a", "b"])
        story.event("Back")
        story.event("Paid", ["id": "a"])
        #expect(story.judgements == [.handled])
        #expect(story.state == "B")
        #expect(story.ledger == ["Undo"])
        story.event("Fail")
        story.event("Paid", ["id": "b"])
        #expect(story.judgements == [.late])
        #expect(story.ledger == ["Undo"])
        story.accept("Undo")
        #expect(story.arguments.map { $0["line"] } == ["b"])
    }

    @Test func `tells answers to an older visit by their cause, and starts nothing there`() throws {
        var story = try fanOut(["a", "b", "c"], #", "maxConcurrent": 2"#)
        let old = story.decision.commands.first?.id
        story.event("Back")
        story.event("Again")
        #expect(story.arguments.map { $0["line"] } == ["a", "b"])
        story.event("Paid", ["id": "a", "n": 1], causedBy: old)

        #expect(story.judgements == [.handled])
        #expect(story.commands.isEmpty)
        #expect(story.instance?.joins.map(\.succeeded) == [1, 0])
        story.event("Paid", ["id": "a", "n": 1], causedBy: old)
        #expect(story.judgements == [.late])
        #expect(story.instance?.joins.map(\.succeeded) == [1, 0])
        story.event("Paid", ["id": "a", "n": 2])
        #expect(story.instance?.joins.map(\.succeeded) == [1, 1])
    }

    @Test func `can be entered again by its own join`() throws {
        var story = try fanOut(
            ["a"], "",
            onJoin:
                #"""
                [{ "when": "has(data.id) && data.id == 'a'", "goto": "A" }, {
                    "otherwise": true, "goto": "B" }]
                """#
        )
        for visit in 2...5 {
            story.event("Paid", ["id": "a"], causedBy: story.decision.commands.last?.id)
            #expect(story.instance?.visit == visit)
            #expect(story.commands == ["Tell"])
        }
    }

    @Test func `is unexpected when the condition of a part does not hold`() throws {
        var story = try fanOut(["a"], done: #", "when": "event.?n.orValue(0) > 0""#)
        story.event("Paid", ["id": "a", "n": 0])
        #expect(story.judgements == [.unexpected])
        story.event("Paid", ["id": "a", "n": 1])
        #expect(story.state == "B")
    }
}

@Suite("Waiting for several events")
struct WaitForTests {
    private func saga(_ more: String) throws -> Story {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "waitFor": { "events": { "Paid": { "set": { "id": "= event.?id" },
                    "compensation": [{ "command": "Undo", "with": { "id": "= event.?id" } }] },
                                                "Extra": { "when": "event.?n.orValue(1) > 0",
                                                    "compensation": ["Refund"] } }\#(more) },
                       "onJoin": { "goto": "B" }, "on": { "Fail": { "fail": "no" } },
                           "timeout": { "after": "1h", "goto": "B" } },
                "B": { "on": { "Go": { "pointOfNoReturn": true, "goto": "Done" }, "Fail": {
                    "fail": "no" } } },
                "Done": { "final": "completed" }
                """#, commands: #""Refund": { "with": { "k": "= data.k" } }"#,
                data: #""id": "string?""#))
        story.event("Begin")
        return story
    }

    @Test(arguments: [["Paid", "Extra"], ["Extra", "Paid"]])
    func `takes them in any order, each with its set and compensation`(order: [String]) throws {
        var story = try saga("")
        story.event(order[0], ["id": "p1"])
        #expect(story.status == .running)
        #expect(story.state == "A")
        story.event(order[1], ["id": "p1"])

        #expect(story.state == "B")
        #expect(story.instance?.data["id"] == "p1")
        #expect(Set(story.ledger) == ["Undo", "Refund"])
    }

    @Test func `takes a part that was counted already for late`() throws {
        var story = try saga("")
        story.event("Paid", ["id": "p1"])
        story.event("Paid", ["id": "p1"])
        #expect(story.judgements == [.late])
        #expect(story.incidents.isEmpty)
        story.event("Paid", ["id": "p2"])
        #expect(story.incidents == [.unexpectedSuccess])
        #expect(story.ledger == ["Undo"])
    }

    @Test func `takes a part whose condition does not hold for unexpected`() throws {
        var story = try saga("")
        story.event("Extra", ["n": 0])

        #expect(story.judgements == [.unexpected])
        #expect(story.ledger.isEmpty)
    }

    @Test(arguments: ["undo", "keep"])
    func `deals with a success beyond the need as the file says`(word: String) throws {
        var story = try saga(#", "need": "any", "others": "\#(word)""#)
        story.event("Extra")
        #expect(story.state == "B")
        story.event("Paid", ["id": "p1"])

        #expect(story.commands == (word == "undo" ? ["Undo"] : []))
        #expect(story.ledger == (word == "undo" ? ["Refund"] : ["Refund", "Undo"]))
        #expect(story.instance?.data["id"] == nil)
    }

    @Test func `takes an event that comes after the saga went on without it for late`() throws {
        var story = try saga("")
        story.wait(.seconds(3_600))
        story.event("Paid", ["id": "p1"])

        #expect(story.judgements == [.late])
        #expect(story.incidents == [.unexpectedSuccess])
    }
}
