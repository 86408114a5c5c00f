import MinkDefinition
import MinkEngine
import MinkExpression
import Testing

@Suite("An early event")
struct EarlyTests {
    private func saga(_ more: String = "", held: String = "") throws -> Story {
        Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "goto": "B" } } },
                "B": { "on": { "Paid": { "emit": ["Tell"], "goto": "C" }, "Fail": {
                    "fail": "no" } } },
                "C": { "on": { "Extra": { "emit": ["Undo"] } } }
                """#, more: more))
    }

    @Test func `is held from its arrival, and offered in log order after each step to a state`()
        throws
    {
        var story = try saga()
        story.event("Begin")
        story.event("Extra")
        story.event("Paid")
        #expect(story.judgements == [.early])
        story.event("Go")

        #expect(story.judgements == [.handled, .handled, .handled])
        #expect(story.commands == ["Tell", "Undo"])
        #expect(story.held.isEmpty)
        #expect(story.instance?.timers.isEmpty == true)
    }

    @Test func `keeps its place and its time while it stays early`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "goto": "B" } } }, "B": { "on": { "Go": { "goto": "C" } } },
                "C": { "on": { "Extra": { "emit": [{ "command": "Tell", "with": {
                    "n": "= event.?n" } }] } } }
                """#))
        story.event("Begin")
        story.event("Extra", ["n": 1])
        story.wait(.seconds(60))
        story.event("Extra", ["n": 2])
        let before = story.instance?.held
        story.event("Go")
        #expect(story.instance?.held == before)
        story.event("Go")

        #expect(story.arguments.map { $0["n"] } == [1, 2])
    }

    @Test func `is set aside after the hour, counted from its arrival`() throws {
        var story = try saga()
        story.event("Begin")
        story.event("Paid")
        story.wait(.seconds(3_599))
        #expect(story.held == ["e2"])
        story.wait(.seconds(1))

        #expect(story.deadLetters == ["held"])
        #expect(story.held.isEmpty)
    }

    @Test func `is only dropped after its time when the file says so`() throws {
        var story = try saga(#""eventRules": { "early": { "holdFor": "5m", "then": "ignore" } }"#)
        story.event("Begin")
        story.event("Paid")
        story.wait(.seconds(300))

        #expect(story.held.isEmpty)
        #expect(story.deadLetters.isEmpty)
        #expect(story.judgements == [.ignored])
    }

    @Test func `beyond the limit pauses the saga, and a resume allows as many again`() throws {
        var story = try saga(#""limits": { "held": 2 }"#)
        story.event("Begin")
        for _ in 1...3 { story.event("Extra") }
        #expect(story.incidents == [.limitReached])
        #expect(story.held == ["e2", "e3"])
        story.event("Extra")
        #expect(story.held == ["e2", "e3"])
        story.act(.resume)

        #expect(story.held == ["e2", "e3", "e4", "e5"])
        #expect(story.incidents.isEmpty)
    }

    @Test func `under a key without a saga is a dead letter beyond the limit`() throws {
        var story = try saga(#""limits": { "held": 1 }"#)
        story.event("Paid")
        story.event("Extra")

        #expect(story.deadLetters == ["held"])
        #expect(story.held == ["e1"])
    }

    @Test func `is judged again when the saga is given up: behind the first frame`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "compensation": ["Undo"] }, "Back": { "goto": "B" },
                    "Fail": { "fail": "no" } } },
                "B": { "on": { "Paid": { "compensation": [{ "command": "Refund", "with": {
                    "id": "= event.?id" } }] } } }
                """#, commands: #""Refund": { "with": { "k": "= data.k" } }"#))
        story.event("Begin")
        story.event("Go")
        story.event("Paid", ["id": "p1"])
        story.event("Fail")

        #expect(story.judgements == [.handled, .late])
        #expect(story.commands == ["Undo"])
        #expect(story.ledger == ["Refund"])
        story.accept("Undo")
        #expect(story.commands == ["Refund"])
    }

    @Test func `is judged again when the saga ends`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "goto": "Done" }, "Back": { "goto": "B" } } },
                "B": { "on": { "Paid": {} } }, "Done": { "final": "completed" }
                """#))
        story.event("Begin")
        story.event("Paid")
        story.event("Go")

        #expect(story.judgements == [.handled, .late])
        #expect(story.held.isEmpty)
    }
}

@Suite("An event that may be early or late")
struct AmbiguousTests {
    @Test(arguments: ["early", "late"])
    func `counts as the file says`(word: String) throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Paid": {}, "Go": { "goto": "B" } } },
                "B": { "on": { "Back": { "goto": "A" } } }
                """#, more: #""eventRules": { "ambiguous": "\#(word)" }"#))
        story.event("Begin")
        story.event("Go")
        story.event("Paid")

        #expect(story.judgements == [word == "early" ? .early : .late])
    }
}

@Suite("An unexpected event")
struct UnexpectedTests {
    @Test(arguments: ["deadLetter", "ignore", "incident"])
    func `ends as the file says`(word: String) throws {
        var story = Story(
            try Small.workflow(
                #""A": { "on": { "Go": {} } }"#,
                more: #""eventRules": { "unexpected": "\#(word)" }"#))
        story.event("Begin")
        story.event("Extra")

        #expect(story.judgements == [.unexpected])
        #expect(story.deadLetters == (word == "deadLetter" ? ["unexpected"] : []))
        #expect(story.incidents == (word == "incident" ? [.unexpectedEvent] : []))
        #expect(story.instance?.pause == nil)
    }

    @Test func `is one that the version of the saga does not list`() throws {
        var story = Story(try Small.workflow(#""A": { "on": { "Go": {} } }"#))
        story.event("Begin")
        story.event("OfAnotherVersion")

        #expect(story.judgements == [.unexpected])
        #expect(story.deadLetters == ["unexpected"])
    }

    @Test func `that does not fit its type is a dead letter, and the saga untouched`() throws {
        var story = Story(try Small.workflow(#""A": { "on": { "Go": {} } }"#))
        story.event("Begin")
        let before = story.instance
        story.event("Go", ["n": "seven"])

        #expect(story.deadLetters == ["bad-event"])
        #expect(story.instance == before)
    }
}

@Suite("A duplicate")
struct DuplicateTests {
    private func saga() throws -> Story {
        Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Order": {}, "Go": { "goto": "B" } } },
                "B": { "on": { "Payment": { "emit": ["Tell"] } } }
                """#,
                events: #"""
                    "Payment": { "fields": { "k": "string", "id": "any", "n": "integer?" },
                        "uniqueBy": "id" },
                    "Order": { "fields": { "k": "string", "id": "string?" }, "uniqueBy": "id" }
                    """#))
    }

    @Test func `has a value that was seen; it changes nothing`() throws {
        var story = try saga()
        story.event("Begin")
        story.event("Go")
        story.event("Payment", ["id": "p1"])
        #expect(story.decision.seenValues.map(\.value) == ["\"p1\""])
        let before = story.instance
        story.event("Payment", ["id": "p1"], isSeen: true)

        #expect(story.judgements == [.duplicate])
        #expect(story.instance == before)
    }

    @Test func `is told by value: 7 and 7.0 are equal, the text "7" is not`() throws {
        var story = try saga()
        story.event("Begin")
        story.event("Go")
        var values: [String] = []
        for id: Value in [7, 7.0, "7"] {
            story.event("Payment", ["id": id])
            values += story.decision.seenValues.map(\.value)
        }

        #expect(values == ["7", "7", "\"7\""])
    }

    @Test func `never is an event whose value is absent`() throws {
        var story = try saga()
        story.event("Begin")
        story.event("Order", isSeen: true)
        story.event("Order", isSeen: true)

        #expect(story.judgements == [.handled])
        #expect(story.decision.seenValues.isEmpty)
    }

    @Test func `is one whose first is still held, or waits behind a pause`() throws {
        var story = try saga()
        story.event("Begin")
        story.event("Payment", ["id": "p1"])
        #expect(story.decision.seenValues.isEmpty)
        story.event("Payment", ["id": "p1"])
        #expect(story.judgements == [.duplicate])

        story.pauseByHand()
        story.event("Payment", ["id": "p2"])
        story.event("Payment", ["id": "p2"])
        #expect(story.judgements == [.duplicate])
        story.act(.resume)
        story.event("Go")
        #expect(story.commands == ["Tell", "Tell"])
        #expect(story.decision.seenValues.map(\.value) == ["\"p1\"", "\"p2\""])
    }

    @Test func `is none when the first became a dead letter`() throws {
        var story = try saga()
        story.event("Begin")
        story.event("Payment", ["id": "p1"])
        story.wait(.seconds(3_600))
        #expect(story.deadLetters == ["held"])
        story.event("Go")
        story.event("Payment", ["id": "p1"])

        #expect(story.judgements == [.handled])
    }

    @Test func `start is recorded, and nothing else`() throws {
        var story = try saga()
        story.event("Begin")
        let before = story.instance
        story.event("Begin")

        #expect(story.judgements == [.duplicate])
        #expect(story.instance == before)
    }

    @Test func `start is handed to the state where the file says so`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Begin": { "emit": ["Tell"] }, "Go": { "goto": "Done" } } },
                    "Done": { "final": "completed" }
                """#,
                start:
                    #"""
                    { "Begin": { "set": { "k": "= event.k" }, "goto": "A",
                        "onExisting": "deliver" } }
                    """#
            ))
        story.event("Begin")
        #expect(story.commands.isEmpty)
        story.event("Begin")
        #expect(story.judgements == [.handled])
        #expect(story.commands == ["Tell"])
        story.event("Go")
        story.event("Begin")
        #expect(story.judgements == [.late])
    }
}

@Suite("A start")
struct StartTests {
    private let states = #""A": { "on": { "Go": {}, "Paid": { "emit": ["Tell"] } } }"#

    @Test func `none of whose conditions holds is unexpected, and what was held stays`() throws {
        var story = Story(
            try Small.workflow(
                states,
                start:
                    #"""
                    { "Begin": [{ "when": "event.?n == optional.of(1)", "set": {
                        "k": "= event.k" }, "goto": "A" }] }
                    """#
            ))
        story.event("Paid")
        story.event("Begin", ["n": 2])
        #expect(story.judgements == [.unexpected])
        #expect(story.deadLetters == ["unexpected"])
        #expect(story.status == nil)
        #expect(story.held == ["e1"])
        story.event("Begin", ["n": 1])

        #expect(story.judgements == [.started, .handled])
    }

    @Test func `without a condition that holds leaves nothing behind`() throws {
        var story = Story(
            try Small.workflow(
                states,
                start:
                    #"""
                    { "Begin": [{ "when": "event.?n == optional.of(1)", "set": {
                        "k": "= event.k" }, "goto": "A" }] }
                    """#
            ))
        story.event("Begin", ["n": 2])

        #expect(story.instance == nil)
        #expect(story.deadLetters == ["unexpected"])
    }

    @Test func `that fails leaves a paused saga without a state, and succeeds after a resume`()
        throws
    {
        var story = Story(
            try Small.workflow(
                states, data: #""n": { "type": "integer", "default": 0 }"#,
                start:
                    #"""
                    { "Begin": { "set": { "k": "= event.k",
                        "n": "= 1 / (now < timestamp('2026-01-02T00:00:00Z') ? 0 : 1)" },
                        "goto": "A" } }
                    """#
            ))
        story.event("Paid")
        story.event("Begin")
        #expect(story.status == .started)
        #expect(story.state == nil)
        #expect(story.incidents == [.expressionError])
        story.event("Begin")
        story.event("Paid")
        story.pass(.seconds(86_400))
        story.act(.resume)

        #expect(story.state == "A")
        #expect(story.judgements == [.started, .handled, .duplicate, .handled])
    }

    @Test func `that failed, and after a resume is none, loses nothing that waited`() throws {
        var story = Story(
            try Small.workflow(
                states,
                start:
                    #"{ "Begin": [{ "when": "1 / (now < timestamp('2026-01-02T00:00:00Z') ? 0 : 1) == 2", "set": { "k": "= event.k" }, "goto": "A" }] }"#,
                more: #""eventRules": { "early": { "holdFor": "9d" } }"#))
        story.event("Paid")
        story.event("Begin")
        story.event("Go")
        story.pass(.seconds(86_400))
        story.act(.resume)

        #expect(story.status == nil)
        #expect(story.deadLetters == ["unexpected"])
        #expect(story.held == ["e1", "e3"])
        #expect(story.incidents.isEmpty)
    }
}
