import MinkDefinition
import MinkEngine
import MinkExpression
import Testing

@Suite("A paused saga")
struct PauseTests {
    /// Fails to judge `Bad` until the second day.
    private static let fuse = "1 / (now < timestamp('2026-01-02T00:00:00Z') ? 0 : 1) == 1"

    private func saga() throws -> Story {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "emit": [{ "command": "Tell", "with": {
                    "n": "= event.?n" } }] }, "Back": { "goto": "B" },
                               "Fail": { "fail": "no" }, "Paid": { "compensation": ["Undo"] } } },
                "B": { "on": { "Bad": [{ "when": "\#(Self.fuse)", "emit": [{ "command": "Tell",
                    "with": { "n": 100 } }] }],
                               "Go": { "emit": [{ "command": "Tell", "with": {
                                   "n": "= event.?n" } }] },
                               "Extra": { "emit": [{ "command": "Tell", "with": {
                                   "n": "= event.?n" } }] },
                               "Fail": { "fail": "no" } } }
                """#,
                events: #""Bad": { "fields": { "k": "string", "n": "integer?" } }"#))
        story.event("Begin")
        return story
    }

    private var numbers: (Story) -> [Value?] { { $0.arguments.map { $0["n"] } } }

    @Test func `undoes the whole turn, names the place, and keeps what came`() throws {
        var story = try saga()
        story.event("Back")
        let before = story.instance
        story.event("Bad")
        #expect(story.incidents == [.expressionError])
        #expect(story.instance?.incidents.first?.message.contains("test:") == true)
        #expect(story.instance?.data == before?.data)
        #expect(story.commands.isEmpty)
        story.event("Go", ["n": 1])
        story.event("Extra", ["n": 2])
        #expect(story.judgements.isEmpty)
        story.pass(.seconds(86_400))
        story.act(.resume)

        #expect(numbers(story) == [100, 1, 2])
        #expect(story.instance?.pause == nil)
        #expect(story.incidents.isEmpty)
    }

    @Test func `waits when a turn could not be written, and judges it when it is resumed`() throws {
        var story = try saga()
        let go = Input.event(story.make("Go", ["n": 1]), isSeen: false)
        story.input(.unwritable(go, why: "a zero byte"))
        #expect(story.incidents == [.poisonedTurn])
        #expect(story.instance?.incidents.first?.message.hasPrefix("a zero byte;") == true)
        story.event("Go", ["n": 2])
        #expect(story.commands.isEmpty)
        story.act(.resume)

        #expect(numbers(story) == [1, 2])
    }

    @Test func `begins paused when the turn of its start could not be written`() throws {
        var story = Story(try Small.workflow(#""A": { "on": { "Go": { "goto": "B" } } }, "B": {}"#))
        let begin = Input.event(story.make("Begin"), isSeen: false)
        story.input(.unwritable(begin, why: "a zero byte"))
        #expect(story.state == nil)
        #expect(story.incidents == [.poisonedTurn])
        story.act(.resume)

        #expect(story.state == "A")
    }

    @Test
    func `offers what was held and not yet judged when it is resumed, before what came later`()
        throws
    {
        var story = try saga()
        story.event("Bad")
        story.event("Extra", ["n": 1])
        story.event("Back")
        #expect(story.state == "B")
        #expect(story.incidents == [.expressionError])
        #expect(story.held == ["e3"])
        story.event("Go", ["n": 2])
        story.pass(.seconds(86_400))
        story.act(.resume)

        #expect(numbers(story) == [100, 1, 2])
        #expect(story.held.isEmpty)
    }

    @Test func `that can not be judged yet pauses again, with everything in its place`() throws {
        var story = try saga()
        story.event("Back")
        story.event("Bad")
        story.event("Go", ["n": 1])
        story.act(.resume)
        #expect(story.incidents == [.expressionError])
        #expect(story.commands.isEmpty)
        story.event("Go", ["n": 2])
        story.pass(.seconds(86_400))
        story.act(.resume)

        #expect(numbers(story) == [100, 1, 2])
    }

    @Test func `pauses again in the middle of what waited`() throws {
        var story = try saga()
        story.event("Back")
        story.pauseByHand()
        story.event("Go", ["n": 1])
        story.event("Bad")
        story.event("Go", ["n": 2])
        story.act(.resume)
        #expect(numbers(story) == [1])
        story.pass(.seconds(86_400))
        story.act(.resume)
        #expect(numbers(story) == [100, 2])
    }

    @Test func `that is given up drops what could not be judged, and judges the rest as late`()
        throws
    {
        var story = try saga()
        story.event("Paid")
        story.event("Back")
        story.event("Bad")
        story.event("Paid", ["n": 1])
        story.event("Go")
        story.act(.compensate)

        #expect(story.deadLetters == ["dropped"])
        #expect(story.commands == ["Undo"])
        #expect(story.judgements == [.late, .late])
        #expect(story.instance?.failure?.reason == "a test")
    }

    @Test func `does not withdraw a command again whose delivery ended meanwhile`() throws {
        var story = try saga()
        story.event("Go", ["n": 1])
        story.event("Go", ["n": 2])
        story.pauseByHand()
        let first = story.instance?.outstanding.first?.id
        story.accept("Tell")
        story.exhaust("Tell", "down")
        #expect(story.decision.parked.count == 1)
        story.act(.compensate)

        #expect(!story.decision.withdrawn.contains(first ?? ""))
        #expect(story.decision.withdrawn.count == 1)
        #expect(story.decision.parked.isEmpty)
        #expect(story.outstanding.isEmpty)
    }

    @Test func `leaves an exhausted command in the outbox whose outcome could not be judged`()
        throws
    {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "onEnter": { "emit": ["Tell"] }, "on": { "Go": {}, "Tell.failed": {
                    "when": "\#(Self.fuse)", "fail": "gone" } } }
                """#))
        story.event("Begin")
        story.exhaust("Tell", "down")
        #expect(story.incidents == [.expressionError])
        #expect(story.decision.parked.count == 1)
        #expect(story.outstanding == ["Tell"])
        story.pass(.seconds(86_400))
        story.act(.resume)

        #expect(story.instance?.failure?.reason == "gone")
        #expect(story.decision.released.count == 1)
        #expect(story.outstanding.isEmpty)
    }

    @Test func `refuses actions that do not fit, and changes nothing`() throws {
        var story = try saga()
        for verb in [OperatorAction.Verb.resume, .retry, .skip, .markDone] {
            let before = story.instance
            story.act(verb)
            #expect(story.decision.refusal != nil)
            #expect(story.instance == before)
            #expect(story.decision.facts.isEmpty)
        }
        story.act(.cancel)
        #expect(
            story.decision.refusal == "Small has no cancelled final state; compensate it instead")
        story.act(.compensate, endIn: "B")
        #expect(story.decision.refusal == "\"B\" is not a failed or cancelled final state")
    }
}

@Suite("A saga with a stuck undo")
struct StuckTests {
    private func saga(end: String = "") throws -> Story {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Paid": { "compensation": ["Refund"] }, "Fail": { "fail": "no" } } },
                "B": { "on": { "Refunded": {}, "Refused": {} } },
                "Failed": { "final": "failed"\#(end) }
                """#,
                events: #"""
                    "Refunded": { "fields": { "k": "string" } }, "Refused": { "fields": {
                        "k": "string" } }
                    """#,
                commands: #"""
                    "Refund": { "with": { "k": "= data.k", "id": "= event.id" },
                                "confirmedBy": { "event": "Refunded", "within": "1d",
                                    "failedBy": "Refused" } }
                    """#))
        story.event("Begin")
        story.event("Paid", ["id": "p1"])
        story.event("Fail")
        return story
    }

    private static let end =
        #"""
        , "onEnter": { "emit": [{ "command": "Tell", "with": {
            "n": "= 1 / (now < timestamp('2026-01-02T00:00:00Z') ? 0 : 1)" } }] }
        """#

    @Test func `judges a late success behind the frame that is retried`() throws {
        var story = try saga()
        story.exhaust("Refund", "down")
        story.event("Paid", ["id": "p2"])
        #expect(story.judgements.isEmpty)
        story.act(.retry)
        #expect(story.judgements == [.late])
        #expect(story.decision.redelivered.count == 1)
        #expect(story.commands.isEmpty)
        story.event("Refunded")
        #expect(story.arguments.first?["id"] == "p2")
    }

    @Test func `keeps a confirmation that can not be judged in its place, and shows it then`()
        throws
    {
        var story = try saga(end: Self.end)
        story.exhaust("Refund", "down")
        story.event("Refunded")
        #expect(story.incidents == [.compensationStuck])
        #expect(story.status == .compensating)
        story.act(.skip)
        #expect(story.decision.refusal?.contains("division by zero") == true)
        story.act(.retry)
        #expect(story.incidents == [.expressionError])
        story.pass(.seconds(86_400))
        story.act(.resume)

        #expect(story.status == .compensated)
        #expect(story.incidents.isEmpty)
        #expect(story.commands == ["Tell"])
    }

    @Test func `got stuck behind another pause: that comes next, and nothing is lost`() throws {
        var story = try saga()
        story.accept("Refund")
        story.pauseByHand()
        story.event("Paid", ["id": "p2"])
        story.event("Refused")
        #expect(story.judgements == [.handled])
        #expect(story.incidents == [.poisonedTurn, .compensationStuck])
        story.act(.resume)
        #expect(story.incidents == [.compensationStuck])
        #expect(story.judgements.isEmpty)
        story.act(.resume)
        #expect(story.decision.refusal == "an undo is stuck; retry it, skip it, or mark it done")
        story.act(.skip)

        #expect(story.judgements == [.late])
        #expect(story.instance?.pause == nil)
        #expect(story.incidents.isEmpty)
    }

    @Test func `is confirmed behind another pause, which stays`() throws {
        var story = try saga()
        story.event("Paid", ["id": "p2"])
        story.accept("Refund")
        story.pauseByHand()
        story.event("Refunded")
        #expect(story.commands == ["Refund"])
        #expect(story.incidents == [.poisonedTurn])
        #expect(story.instance?.pause != nil)
    }

    @Test func `tells two exhausted commands apart by their incidents`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "onEnter": { "emit": ["Ask"] }, "on": { "Go": { "emit": ["Ask"] } } }
                """#, commands: #""Ask": { "with": { "k": "= data.k" }, "retry": "asking" }"#,
                more:
                    #"""
                    "retryPolicies": { "asking": { "attempts": 2,
                        "whenExhausted": "incident" } }
                    """#
            ))
        story.event("Begin")
        let first = story.decision.commands.first?.id ?? ""
        story.event("Go")
        story.exhaust("Ask", "down")
        #expect(story.decision.parked == [first])
        story.settleLast("Ask")
        story.act(.retry)
        #expect(story.decision.refusal == "say which incident: 1, 2")
        story.act(.retry, incident: 1)
        #expect(story.decision.redelivered == [first])
        story.act(.skip, incident: 2)
        #expect(story.incidents.isEmpty)
        #expect(story.instance?.outstanding.map(\.id) == [first])
        #expect(story.instance?.outstanding.first?.isExhausted == false)
    }
}

@Suite("A limit")
struct LimitTests {
    @Test func `undoes the turn that passes it, and a resume allows as much again`() throws {
        var story = Story(
            try Small.workflow(
                #""A": { "on": { "Go": { "emit": ["Tell"] } } }"#,
                more: #""limits": { "commands": 2 }"#))
        story.event("Begin")
        for _ in 1...3 { story.event("Go") }
        #expect(story.incidents == [.limitReached])
        #expect(story.instance?.counters.commands == 2)
        #expect(story.instance?.counters.transitions == 3)
        story.event("Go")
        story.act(.resume)
        #expect(story.commands == ["Tell", "Tell"])
        story.event("Go")
        #expect(story.incidents == [.limitReached])
    }

    @Test func `of the data is in bytes`() throws {
        var story = Story(
            try Small.workflow(
                #""A": { "on": { "Go": { "set": { "id": "= event.?id" } } } }"#,
                data: #""id": "string?""#, more: #""limits": { "dataBytes": 100 }"#))
        story.event("Begin")
        story.event("Go", ["id": .string(String(repeating: "x", count: 100))])

        #expect(story.incidents == [.limitReached])
        #expect(story.instance?.data["id"] == nil)
    }

    @Test(arguments: [1_000, 20_000])
    func `ends a circle of empty joins, and does not overflow the stack`(limit: Int) throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "goto": "B" } } },
                "B": { "forEach": { "in": "= []", "as": "x", "key": "= x",
                    "matchEvent": "= event.id", "emit": ["Tell"], "done": { "Paid": {} } },
                       "onJoin": { "goto": "C" } },
                "C": { "forEach": { "in": "= ['a']", "as": "x", "key": "= x",
                    "matchEvent": "= event.id", "emit": ["Tell"], "done": { "Paid": {} },
                    "need": 0 },
                       "onJoin": { "goto": "B" } }
                """#,
                more:
                    #"""
                    "limits": { "transitions": \#(limit) }, "eventRules": {
                        "ambiguous": "late" }
                    """#
            ))
        story.event("Begin")
        story.event("Go")

        #expect(story.incidents == [.limitReached] || story.incidents == [.expressionError])
        #expect(story.state == "A")
    }
}
