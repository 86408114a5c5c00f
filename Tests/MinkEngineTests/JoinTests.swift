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

@Suite("The outcome of a command")
struct OutcomeTests {
    private func saga(_ on: String = "", whenExhausted: String = "fail") throws -> Story {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "onEnter": { "emit": ["Ask"] }, "on": { "Go": { "goto": "B" }, "Paid": {
                    "pointOfNoReturn": true }\#(on) } },
                "B": { "on": { "Back": { "goto": "A" }, "Ask.done": { "emit": ["Undo"] } } },
                "Done": { "final": "completed" }
                """#, commands: #""Ask": { "with": { "k": "= data.k" }, "retry": "some" }"#,
                more:
                    #"""
                    "retryPolicies": { "some": { "attempts": 2,
                        "whenExhausted": "\#(whenExhausted)" } }
                    """#
            ))
        story.event("Begin")
        return story
    }

    @Test func `is handled in the visit that sent it, with what was answered`() throws {
        var story = try saga(
            #"""
            , "Ask.done": { "emit": [{ "command": "Tell", "with": {
                "result": "= event.result" } }], "goto": "Done" }
            """#
        )
        story.accept("Ask", result: ["n": 7])

        #expect(story.arguments.first?["result"] == ["n": 7])
        #expect(story.status == .completed)
    }

    @Test func `of another visit is only recorded`() throws {
        var story = try saga()
        story.event("Go")
        story.accept("Ask")
        #expect(story.commands.isEmpty)
        #expect(story.judgements.isEmpty)
        #expect(story.status == .running)
    }

    @Test func `belongs to the visit that was entered together with the command`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "emit": ["Tell"], "goto": "B" }, "Tell.done": {
                    "fail": "wrong visit" } } },
                "B": { "on": { "Tell.done": { "emit": ["Undo"] }, "Back": { "goto": "A" } } }
                """#))
        story.event("Begin")
        story.event("Go")
        story.accept("Tell")

        #expect(story.commands == ["Undo"])
    }

    @Test func `that no condition fits follows the retry policy`() throws {
        var story = try saga(
            #", "Ask.failed": [{ "when": "event.error.code == 'rejected'", "goto": "Done" }]"#)
        var other = story
        story.exhaust("Ask", "no", code: .rejected, attempts: 1)
        #expect(story.status == .completed)
        #expect(story.decision.released.count == 1)
        other.exhaust("Ask", "down", code: .timeout, attempts: 2)
        #expect(other.instance?.failure?.reason == "Ask failed 2 times: down")
    }

    @Test(arguments: [
        (Input.Exhaustion.Code.failed, 1, "Ask failed once: why"),
        (.timeout, 3, "Ask failed 3 times: why"), (.rejected, 1, "Ask was rejected: why"),
    ])
    func `of an exhausted command says why`(
        code: Input.Exhaustion.Code, attempts: Int, reason: String
    ) throws {
        var story = try saga()
        story.exhaust("Ask", "why", code: code, attempts: attempts)

        #expect(story.instance?.failure?.reason == reason)
    }

    @Test func `that failed for good is an incident where a person is asked, and can be retried`()
        throws
    {
        var story = try saga(whenExhausted: "incident")
        let id = story.decision.commands.first?.id
        story.exhaust("Ask", "down")
        #expect(story.incidents == [.commandExhausted])
        #expect(story.instance?.pause == nil)
        #expect(story.decision.parked == [id])
        story.act(.retry)
        #expect(story.decision.redelivered == [id])
        #expect(story.incidents.isEmpty)
        #expect(story.commands.isEmpty)
    }

    @Test func `that failed for good behind the point of no return is an incident`() throws {
        var story = try saga()
        story.event("Paid")
        story.exhaust("Ask", "down")

        #expect(story.incidents == [.commandExhausted])
        #expect(story.status == .running)
    }
}

@Suite("A command's id")
struct CommandIDTests {
    @Test func `follows from the start event, the name of the saga and the command's number`()
        throws
    {
        let workflow = try Small.workflow(
            #""A": { "onEnter": { "emit": ["Tell", "Undo"] }, "on": { "Go": {} } }"#)
        func ids(_ tenant: String, _ key: String) -> [String] {
            let id = InstanceID(tenant: tenant, workflow: "Small", key: .string(key))
            let event = EventRecord(
                id: "0190a0b0-1111-7000-8000-000000000001", type: "Begin",
                data: #"{"k":"\#(key)"}"#,
                metadata: .init(tenant: tenant),
                time: Timestamp("2026-01-01T00:00:00Z") ?? .earliest)
            let now = Timestamp("2026-01-01T00:00:00Z") ?? .earliest
            return decide(workflow, nil, id: id, .event(event, isSeen: false), at: now)
                .commands.map(\.id)
        }

        #expect(ids("t", "o1") == ids("t", "o1"))
        #expect(Set(ids("t", "o1") + ids("u", "o1") + ids("t", "o2")).count == 6)
        #expect(ids("t", "o1").allSatisfy { $0.hasPrefix("0190a0b0-1111-8") && $0.count == 36 })
    }

    @Test func `is kept with the correlation and the tenant of the saga`() throws {
        var story = Story(try Small.workflow(#""A": { "on": { "Go": { "emit": ["Tell"] } } }"#))
        story.event("Begin")
        story.event("Go")

        let metadata = story.decision.commands.first?.metadata
        #expect(metadata?.correlationID == "e1")
        #expect(metadata?.causationID == "e2")
    }
}

@Suite("A key")
struct KeyTests {
    @Test func `is a text that is not empty, or a whole number; 7 and "7" are two sagas`() throws {
        #expect(InstanceKey("") == nil)
        #expect(InstanceKey(nil) == nil)
        #expect(InstanceKey(7.5) == nil)
        #expect(InstanceKey(7) != InstanceKey("7"))
        for key in [InstanceKey.string("a"), .string("#7"), .string("##"), .int(7), .int(-7)] {
            #expect(InstanceKey(stored: key.stored) == key)
        }
    }

    @Test func `comes from the event, with its tenant; without one it is a dead letter`() throws {
        let workflow = try Small.workflow(
            #""A": { "on": { "Go": {}, "Other": {} } }"#,
            events:
                #""Other": { "correlate": "= event.order.id", "fields": { "order": "object" } }"#)
        func route(_ type: String, _ data: String) -> Route {
            MinkEngine.route(
                EventRecord(
                    id: "e", type: type, data: data, metadata: .init(tenant: "t"), time: .earliest),
                by: workflow)
        }
        let expected = InstanceID(tenant: "t", workflow: "Small", key: .string("o1"))

        #expect(route("Go", #"{"k":"o1"}"#) == .instance(expected, unique: nil))
        #expect(route("Other", #"{"order":{"id":"o1"}}"#) == .instance(expected, unique: nil))
        #expect(route("Unknown", "{}") == .notListed)
        for (type, data, reason) in [
            ("Go", #"{"k":""}"#, "no-key"), ("Other", #"{"order":{}}"#, "no-key"),
            ("Go", #"{"k":7}"#, "bad-event"), ("Go", "{", "bad-event"),
        ] {
            guard case .deadLetter(let found, _) = route(type, data) else {
                Issue.record("\(type) \(data) is routed")
                continue
            }
            #expect(found == reason)
        }
    }
}
