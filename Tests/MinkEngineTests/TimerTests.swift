import MinkDefinition
import MinkEngine
import MinkExpression
import Testing

@Suite("A timer")
struct TimerTests {
    private func waiting(_ more: String = "", data: String = "") throws -> Story {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "goto": "B" } }\#(more) }, "B": { "on": { "Back": {
                    "goto": "A" } } }
                """#,
                data: data))
        story.event("Begin")
        return story
    }

    @Test func `of a state that was left is dropped`() throws {
        var story = try waiting(#", "timeout": { "after": "1h", "fail": "late" }"#)
        let number = story.instance?.timers.first?.number ?? 0
        story.event("Go")
        story.input(.timer(number: number))

        #expect(story.status == .running)
        #expect(story.decision.facts.isEmpty)
    }

    @Test func `takes the first alternative that holds`() throws {
        let timeout =
            #"""
            , "timeout": { "after": "1h", "then": [{ "when": "data.n == 1", "goto": "B" },
                { "otherwise": true, "fail": "late" }] }
            """#
        var first = try waiting(timeout, data: #""n": { "type": "integer", "default": 1 }"#)
        first.wait(.seconds(3_600))
        #expect(first.state == "B")

        var second = try waiting(timeout, data: #""n": { "type": "integer", "default": 2 }"#)
        second.wait(.seconds(3_600))
        #expect(second.instance?.failure?.reason == "late")
    }

    @Test func `at a moment that has passed is due at once`() throws {
        var story = try waiting(
            #", "timeout": { "at": "= timestamp('2020-01-01T00:00:00Z')", "goto": "B" }"#)
        story.wait(.zero)

        #expect(story.state == "B")
    }

    @Test func `with a negative duration can not be armed`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": {} }, "timeout": { "after": "= duration('-1h')",
                    "fail": "late" } }
                """#
            ))
        story.event("Begin")

        #expect(story.incidents == [.expressionError])
    }

    @Test func `beyond the end of time is due at its end, and nothing overflows`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": {} }, "timeout": { "after": "= duration('1000000h')",
                    "fail": "late" } }
                """#
            ))
        story.pass(.seconds(253_000_000_000 - 1_767_225_600))
        story.event("Begin")

        #expect(story.instance?.timers.first?.due == .latest)
    }

    @Test func `reminds as often as said, and follows on one period after the last`() throws {
        var story = try waiting(
            #"""
            , "remind": { "every": "1d", "emit": ["Tell"], "atMost": 2, "then": {
                "goto": "B" } }
            """#
        )
        story.wait(.seconds(86_400))
        #expect(story.commands == ["Tell"])
        story.wait(.seconds(86_400))
        #expect(story.commands == ["Tell"])
        #expect(story.state == "A")
        story.wait(.seconds(86_400))
        #expect(story.state == "B")
    }

    @Test func `reminds without end when no number is given, counting from the last one`() throws {
        var story = try waiting(#", "remind": { "every": "1d", "emit": ["Tell"] }"#)
        story.pass(.seconds(86_400 * 3))
        story.wait(.zero)
        #expect(story.commands == ["Tell"])
        #expect(story.instance?.timers.map(\.reminders) == [1])
        #expect(story.instance?.timers.first?.due == story.now.adding(.seconds(86_400)))
    }

    @Test func `waits while the saga is paused`() throws {
        var story = try waiting(
            #", "timeout": { "after": "1h", "goto": "B" }"#,
            data: #""n": { "type": "integer", "default": 0 }"#)
        #expect(story.instance?.runningTimers.count == 1)
        story.pauseByHand()
        #expect(story.instance?.runningTimers.isEmpty == true)
        let number = story.instance?.timers.first?.number ?? 0
        story.input(.timer(number: number))

        #expect(story.state == "A")
        #expect(story.instance?.timers.count == 1)
    }
}

@Suite("The deadline")
struct DeadlineTests {
    private func saga() throws -> Story {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "compensation": ["Undo"], "goto": "B" } } },
                "B": { "on": { "Paid": { "pointOfNoReturn": true }, "Fail": { "fail": "no" } } }
                """#, more: #""deadline": { "after": "3d", "fail": "too slow" }"#))
        story.event("Begin")
        return story
    }

    @Test func `counts from the start over all states, and gives the saga up`() throws {
        var story = try saga()
        story.wait(.seconds(86_400 * 2))
        story.event("Go")
        story.wait(.seconds(86_400))

        #expect(story.instance?.failure?.reason == "too slow")
        #expect(story.commands == ["Undo"])
    }

    @Test func `is a notice behind the point of no return`() throws {
        var story = try saga()
        story.event("Go")
        story.event("Paid")
        story.wait(.seconds(86_400 * 3))

        #expect(story.incidents == [.deadlinePassed])
        #expect(story.status == .running)
    }

    @Test func `is a notice while the saga is being undone`() throws {
        var story = try saga()
        story.event("Go")
        story.event("Fail")
        story.wait(.seconds(86_400 * 3))

        #expect(story.incidents == [.deadlinePassed])
        #expect(story.instance?.failure?.reason == "no")
    }

    @Test func `waits while the saga is paused, and gives it up then`() throws {
        var story = try saga()
        story.pauseByHand()
        story.wait(.seconds(86_400 * 4))
        #expect(story.status == .started)
        story.act(.resume)
        story.wait(.zero)

        #expect(story.instance?.failure?.reason == "too slow")
    }

    @Test func `counts from the start event although the start succeeded only after a resume`()
        throws
    {
        var story = Story(
            try Small.workflow(
                #""A": { "on": { "Go": {} } }"#, data: #""n": { "type": "integer", "default": 0 }"#,
                start:
                    #"""
                    { "Begin": { "set": { "k": "= event.k",
                        "n": "= 1 / (now < timestamp('2026-01-02T00:00:00Z') ? 0 : 1)" },
                        "goto": "A" } }
                    """#,
                more: #""deadline": { "after": "3d", "fail": "too slow" }"#))
        let began = story.now
        story.event("Begin")
        #expect(story.incidents == [.expressionError])
        story.wait(.seconds(86_400 * 2))
        story.act(.resume)

        #expect(story.state == "A")
        #expect(story.instance?.timers.first?.due == began.adding(.seconds(86_400 * 3)))
    }
}
