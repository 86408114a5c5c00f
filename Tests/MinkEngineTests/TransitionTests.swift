import MinkDefinition
import MinkEngine
import MinkExpression
import Testing

@Suite("A transition")
struct TransitionTests {
    @Test func `sees the old data on every right-hand side, and the new data in templates`() throws
    {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "set": { "a": "= data.b", "b": "= data.a" },
                                       "emit": [{ "command": "Tell", "with": { "a": "= data.a",
                                           "b": "= data.b" } }] } } }
                """#,
                data:
                    #"""
                    "a": { "type": "integer", "default": 1 }, "b": { "type": "integer",
                        "default": 2 }
                    """#
            ))
        story.event("Begin")
        story.event("Go")

        #expect(story.arguments == [["k": "o1", "a": 2, "b": 1]])
    }

    @Test func `is the first whose condition holds, and none makes the event unexpected`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": [ { "when": "event.?n == optional.of(1)", "emit": [{
                    "command": "Tell", "with": { "n": 1 } }] },
                                       { "when": "event.?n.orValue(9) < 3", "emit": [{
                                           "command": "Tell", "with": { "n": 2 } }] } ] } }
                """#))
        story.event("Begin")

        story.event("Go", ["n": 1])
        #expect(story.arguments.first?["n"] == 1)
        story.event("Go", ["n": 2])
        #expect(story.arguments.first?["n"] == 2)
        story.event("Go", ["n": 3])
        #expect(story.judgements == [.unexpected])
        #expect(story.deadLetters == ["unexpected"])
    }

    @Test func `pushes its list in order, so that undoing runs it backwards`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "compensation": [{ "command": "Undo", "with": {
                    "n": 1 } }, { "command": "Undo", "with": { "n": 2 } }] },
                               "Fail": { "fail": "no" } } }
                """#))
        story.event("Begin")
        story.event("Go")
        story.event("Fail")

        #expect(story.arguments.first?["n"] == 2)
        story.accept("Undo")
        #expect(story.arguments.first?["n"] == 1)
        story.accept("Undo")
        #expect(story.status == .compensated)
    }

    @Test(arguments: ["none", "optional.none()", "1 > 2 ? optional.of(1) : none"])
    func `unsets an optional field by setting none`(text: String) throws {
        var story = Story(
            try Small.workflow(
                #""A": { "on": { "Go": { "set": { "a": "= \#(text)" } } } }"#,
                data: #""a": { "type": "integer?", "default": 1 }"#))
        story.event("Begin")
        #expect(story.instance?.data["a"] == 1)
        story.event("Go")

        #expect(story.instance?.data["a"] == nil)
    }

    @Test func `that ignores changes nothing at all`() throws {
        var story = Story(try Small.workflow(#""A": { "on": { "Go": { "ignore": true } } }"#))
        story.event("Begin")
        let before = story.instance
        story.event("Go")

        #expect(story.judgements == [.ignored])
        #expect(story.instance == before)
        #expect(story.status == .started)
    }

    @Test
    func `empties and seals the ledger at the point of no return, and remembers its own list`()
        throws
    {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "compensation": ["Undo"] },
                               "Paid": { "pointOfNoReturn": true, "compensation": [{
                                   "command": "Undo", "with": { "n": 1 } }] },
                               "Extra": { "compensation": [{ "command": "Undo", "with": {
                                   "n": 2 } }] } } }
                """#))
        story.event("Begin")
        story.event("Go")
        #expect(story.ledger == ["Undo"])
        story.event("Paid")
        story.event("Extra")

        #expect(story.ledger.isEmpty)
        #expect(story.instance?.isSealed == true)
        #expect(story.instance?.signatures.count == 3)
    }

    @Test func `that fails behind the point of no return is a notice, and the event is handled`()
        throws
    {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "pointOfNoReturn": true }, "Fail": { "fail": "no" } } }
                """#))
        story.event("Begin")
        story.event("Go")
        story.event("Fail")

        #expect(story.judgements == [.handled])
        #expect(story.incidents == [.failAfterNoReturn])
        #expect(story.status == .running)
        #expect(story.instance?.pause == nil)
    }

    @Test func `without a step to another state cancels nothing and leaves the timeout running`()
        throws
    {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "emit": [{ "command": "Tell", "delay": "1h" }] },
                    "Extra": {} },
                       "timeout": { "after": "2h", "fail": "late" } }
                """#))
        story.event("Begin")
        story.event("Go")
        let timers = story.instance?.timers
        story.event("Extra")

        #expect(story.outstanding == ["Tell"])
        #expect(story.instance?.timers == timers)
        #expect(story.instance?.visit == 1)
    }

    @Test func `takes overrides in place of a template's own arguments`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "emit": [{ "command": "Tell", "with": {
                    "k": "other" } }] } } }
                """#
            ))
        story.event("Begin")
        story.event("Go")

        #expect(story.arguments == [["k": "other"]])
    }

    @Test func `leaves a key out whose value is none`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "emit": [{ "command": "Tell", "with": {
                    "n": "= event.?n" } }] } } }
                """#
            ))
        story.event("Begin")
        story.event("Go")

        #expect(story.arguments == [["k": "o1"]])
    }
}

@Suite("An entry into a state")
struct EntryTests {
    @Test func `begins a new visit: timers and delayed commands of the old one end`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "onEnter": { "emit": [{ "command": "Tell", "delay": "1h" }, {
                    "command": "Undo", "delay": "1h", "keep": true }] },
                       "on": { "Go": { "goto": "A" } }, "timeout": { "after": "2h",
                           "fail": "late" } }
                """#))
        story.event("Begin")
        let first = story.instance?.timers.first
        let kept = story.decision.commands.last?.id
        story.event("Go")

        #expect(story.instance?.visit == 2)
        #expect(story.decision.withdrawn.count == 1)
        #expect(story.decision.facts.contains { if case .cancelled = $0 { true } else { false } })
        #expect(story.outstanding == ["Undo", "Tell", "Undo"])
        #expect(story.instance?.outstanding.first?.id == kept)
        #expect(story.instance?.timers.count == 1)
        #expect(story.instance?.timers.first?.number != first?.number)
    }

    @Test func `does not cancel a delayed command whose delivery was tried`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "onEnter": { "emit": [{ "command": "Tell", "delay": "1h" }] }, "on": {
                    "Go": { "goto": "B" } } },
                "B": { "on": { "Back": {} } }
                """#))
        story.event("Begin")
        story.begin("Tell")
        story.event("Go")

        #expect(story.outstanding == ["Tell"])
        #expect(story.decision.withdrawn.isEmpty)
    }

    @Test func `owns the delayed commands that were emitted together with it`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "emit": [{ "command": "Tell", "delay": "1h" }],
                    "goto": "B" } } },
                "B": { "on": { "Back": { "goto": "A" } } }
                """#))
        story.event("Begin")
        story.event("Go")
        #expect(story.outstanding == ["Tell"])
        story.event("Back")

        #expect(story.outstanding.isEmpty)
    }

    @Test func `runs set, compensation and emit, then arms the timeout`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "onEnter": { "set": { "n": "= data.n + 1" }, "compensation": [{
                    "command": "Undo", "with": { "n": "= data.n" } }],
                                    "emit": [{ "command": "Tell", "with": { "n": "= data.n",
                                        "state": "= saga.state" } }] },
                       "on": { "Go": { "goto": "A" } }, "timeout": {
                           "after": "= duration(string(data.n) + 'm')", "fail": "late" } }
                """#, data: #""n": { "type": "integer", "default": 0 }"#))
        story.event("Begin")
        story.event("Go")

        #expect(story.arguments.first?["n"] == 2)
        #expect(story.arguments.first?["state"] == "A")
        #expect(story.instance?.ledger.last?.arguments["n"] == 2)
        #expect(story.instance?.timers.first?.due == story.now.adding(.seconds(120)))
    }

    @Test func `into a completed state closes the ledger and drops the timers`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "compensation": ["Undo"], "goto": "Done" } }, "timeout":
                    { "after": "1h", "goto": "Done" } },
                "Done": { "final": "completed", "onEnter": { "emit": ["Tell"] } }
                """#))
        story.event("Begin")
        story.event("Go")

        #expect(story.commands == ["Tell"])
        #expect(story.status == .completed)
        #expect(story.ledger.isEmpty)
        #expect(story.instance?.timers.isEmpty == true)
    }

    @Test func `into a failed state by a plain step knows only the state it came from`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "goto": "Failed" } } },
                "Failed": { "final": "failed", "onEnter": { "emit": [{ "command": "Tell",
                    "with": { "from": "= failure.state", "why": "= failure.?reason" } }] } }
                """#))
        story.event("Begin")
        story.event("Go")

        #expect(story.arguments == [["k": "o1", "from": "A"]])
        #expect(story.status == .failed)
    }

    @Test(arguments: ["failed", "cancelled"])
    func `with nothing to undo ends failed`(outcome: String) throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Fail": { "fail": "no", "endIn": "End" } } }, "End": {
                    "final": "\#(outcome)" }
                """#))
        story.event("Begin")
        story.event("Fail")

        #expect(story.status == .failed)
        #expect(story.state == "End")
    }
}

@Suite("The status of a saga")
struct StatusTests {
    @Test func `is started until the first event that is handled after the start`() throws {
        var story = Story(
            try Small.workflow(#""A": { "on": { "Go": {} }, "onEnter": { "emit": ["Tell"] } }"#))
        story.event("Begin")
        #expect(story.status == .started)
        story.event("Extra")
        #expect(story.status == .started)
        story.event("Go")

        #expect(story.status == .running)
    }
}
