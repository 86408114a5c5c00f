import MinkDefinition
import MinkEngine
import MinkExpression
import Testing

@Suite("Giving up")
struct GivingUpTests {
    @Test func `withdraws steps that are not under way, and lets one under way have its last try`()
        throws
    {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "onEnter": { "emit": ["Tell", "Other", { "command": "Late",
                    "delay": "1h", "keep": true }] },
                       "on": { "Go": { "compensation": ["Undo"] }, "Fail": { "fail": "no" } } }
                """#,
                commands:
                    #"""
                    "Other": { "with": { "k": "= data.k" } }, "Late": { "with": {
                        "k": "= data.k" } }
                    """#
            ))
        story.event("Begin")
        story.event("Go")
        story.begin("Other")
        story.event("Fail")

        #expect(story.decision.withdrawn.count == 2)
        #expect(story.decision.lastAttempts.count == 1)
        #expect(story.outstanding == ["Other", "Undo"])
        story.exhaust("Other", "down", attempts: 1)
        #expect(story.incidents.isEmpty)
        #expect(story.decision.released.count == 1)
        #expect(story.status == .compensating)
    }

    @Test func `asks nobody about a last try that fails after the saga has ended`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "onEnter": { "emit": ["Tell"] }, "on": { "Fail": { "fail": "no" } } },
                "Failed": { "final": "failed", "onEnter": { "emit": ["Undo"] } }
                """#))
        story.event("Begin")
        story.begin("Tell")
        story.event("Fail")
        #expect(story.status == .failed)
        story.exhaust("Tell", "down", attempts: 1)
        #expect(story.incidents.isEmpty)

        story.exhaust("Undo", "down")
        #expect(story.incidents == [.commandExhausted])
    }

    @Test func `drops all timers but the deadline`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "compensation": ["Undo"] }, "Fail": { "fail": "no" } },
                    "timeout": { "after": "1h", "fail": "late" },
                       "remind": { "every": "1m", "emit": ["Tell"] } }
                """#, more: #""deadline": { "after": "3d", "fail": "slow" }"#))
        story.event("Begin")
        story.event("Go")
        story.event("Fail")

        #expect(story.instance?.timers.map(\.kind) == [.deadline])
    }

    @Test func `twice is recorded, and begins once`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "onEnter": { "emit": ["Tell"] }, "on": { "Go": { "compensation":
                    ["Undo"] }, "Fail": { "fail": "no" } } }
                """#))
        story.event("Begin")
        story.event("Go")
        story.event("Fail")
        story.event("Fail")
        #expect(story.judgements == [.late])
        #expect(story.commands.isEmpty)
        story.act(.compensate)
        #expect(story.decision.refusal != nil)
        #expect(story.instance?.failure?.reason == "no")
    }

    @Test func `knows the event, the command and the state that led to it`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "onEnter": { "emit": ["Tell", "Other"] },
                       "on": { "Other.failed": { "fail": "= 'other: ' + event.error.code" } } },
                "Failed": { "final": "failed", "onEnter": { "emit": [{ "command": "Undo",
                    "with": { "command": "= failure.?command" } }] } }
                """#, commands: #""Other": { "with": { "k": "= data.k" } }"#))
        story.event("Begin")
        var other = story
        story.exhaust("Tell", "card closed")
        #expect(
            story.instance?.failure
                == FailureRecord(
                    reason: "Tell failed 5 times: card closed", state: "A", command: "Tell"))

        other.exhaust("Other", "no", code: .rejected, attempts: 1)
        #expect(
            other.instance?.failure
                == FailureRecord(reason: "other: rejected", state: "A", command: "Other"))
        #expect(other.arguments.first?["command"] == "Other")
    }

    @Test func `closes the incident of an exhausted command that nobody has to settle any more`()
        throws
    {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "onEnter": { "emit": ["Tell2"] }, "on": { "Fail": { "fail": "no" } } }
                """#,
                commands:
                    #""Tell2": { "with": { "k": "= data.k" }, "retry": "asking" }"#,
                more:
                    #"""
                    "retryPolicies": { "asking": { "attempts": 2,
                        "whenExhausted": "incident" } }
                    """#
            ))
        story.event("Begin")
        story.exhaust("Tell2", "down", attempts: 2)
        #expect(story.incidents == [.commandExhausted])
        #expect(story.status == .started)
        story.event("Fail")

        #expect(story.incidents.isEmpty)
        #expect(story.decision.withdrawn.count == 1)
        #expect(story.outstanding.isEmpty)
    }
}

@Suite("A frame of the ledger")
struct FrameTests {
    @Test func `keeps its arguments as of when it was pushed`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Paid": { "set": { "id": "= event.?id" }, "compensation": [{
                    "command": "Undo", "with": { "id": "= data.id" } }] }, "Fail": {
                    "fail": "no" } } }
                """#, data: #""id": "string?""#))
        story.event("Begin")
        story.event("Paid", ["id": "p1"])
        story.event("Paid", ["id": "p2"])
        story.event("Fail")
        #expect(story.arguments.first?["id"] == "p2")
        story.accept("Undo")
        #expect(story.arguments.first?["id"] == "p1")
    }

    @Test func `fills in what mentions the failure when it runs, deep inside too`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "set": { "n": "= event.?n" }, "compensation": [{
                    "command": "Undo", "with": {
                                  "list": ["= failure.?command", "= failure.reason", {
                                      "n": "= failure.state + string(data.n)",
                                      "gone": "= failure.?command" }],
                                  "gone": "= failure.?command", "kept": "= data.n" } }] },
                               "Extra": { "set": { "n": 9 } }, "Fail": {
                                   "fail": "= 'no ' + string(data.n)" } } }
                """#, data: #""n": "integer?""#))
        story.event("Begin")
        story.event("Go", ["n": 1])
        story.event("Extra")
        story.event("Fail")

        #expect(
            story.arguments == [
                ["k": "o1", "list": ["no 9", ["n": "A1"]], "kept": 1]
            ])
    }

    @Test func `whose arguments can not be computed is stuck; a person gives them`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "compensation": ["Undo", { "command": "Undo", "with": {
                    "n": "= 1 / (failure.reason == 'no' ? 0 : 1)" } }] },
                               "Fail": { "fail": "no" } } }
                """#))
        story.event("Begin")
        story.event("Go")
        story.event("Fail")
        #expect(story.status == .compensating)
        #expect(story.incidents == [.compensationStuck])
        #expect(story.commands.isEmpty)
        story.act(.retry)
        #expect(story.decision.refusal != nil)
        story.act(.retry, with: ["n": 0])
        #expect(story.arguments == [["n": 0]])
        story.accept("Undo")
        story.accept("Undo")
        #expect(story.status == .compensated)
    }

    @Test func `whose arguments can not be computed is left undone where the file goes on`() throws
    {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "compensation": ["Undo", { "command": "Undo", "with": {
                    "n": "= 1 / (failure.reason == 'no' ? 0 : 1)" } }] },
                               "Fail": { "fail": "no" } } }
                """#, whenStuck: "continue"))
        story.event("Begin")
        story.event("Go")
        story.event("Fail")
        #expect(story.arguments == [["k": "o1"]])
        story.accept("Undo")

        #expect(story.status == .failed)
        #expect(story.incidents == [.compensationSkipped])
        #expect(story.instance?.compensation?.notUndone == ["Undo"])
    }
}

@Suite("A frame that waits for its confirmation")
struct ConfirmationTests {
    private func saga(_ whenStuck: String = "stop") throws -> Story {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Paid": { "compensation": ["Undo", "Refund"] }, "Fail": {
                    "fail": "no" } } },
                "B": { "on": { "Refunded": {}, "Refused": {} } }
                """#,
                events: #"""
                    "Refunded": { "fields": { "k": "string", "id": "string?" } },
                    "Refused": { "fields": { "k": "string", "id": "string?" } }
                    """#,
                commands: #"""
                    "Refund": { "with": { "k": "= data.k", "id": "= event.id" },
                                "confirmedBy": { "event": "Refunded", "within": "1d",
                                    "failedBy": "Refused", "when": "event.id == command.id" } }
                    """#, whenStuck: whenStuck))
        story.event("Begin")
        story.event("Paid", ["id": "p1"])
        story.event("Fail")
        return story
    }

    @Test func `goes on when the event comes, and counts the time from the acknowledgement`() throws
    {
        var story = try saga()
        #expect(story.commands == ["Refund"])
        story.wait(.seconds(86_400 * 2))
        story.accept("Refund")
        #expect(story.commands.isEmpty)
        #expect(story.instance?.timers.first?.due == story.now.adding(.seconds(86_400)))
        story.event("Refunded", ["id": "p2"])
        #expect(story.commands.isEmpty)
        story.event("Refunded", ["id": "p1"])
        #expect(story.judgements == [.handled])
        #expect(story.commands == ["Undo"])
        #expect(story.instance?.timers.isEmpty == true)
    }

    @Test func `is confirmed before its delivery is acknowledged, which is withdrawn then`() throws
    {
        var story = try saga()
        story.event("Refunded", ["id": "p1"])

        #expect(story.commands == ["Undo"])
        #expect(story.decision.withdrawn.count == 1)
        #expect(story.outstanding == ["Undo"])
    }

    @Test func `is confirmed while a delivery is under way, which is the last try`() throws {
        var story = try saga()
        story.begin("Refund")
        story.event("Refunded", ["id": "p1"])
        #expect(story.commands == ["Undo"])
        #expect(story.decision.lastAttempts.count == 1)
        story.exhaust("Refund", "down")
        #expect(story.incidents.isEmpty)
        #expect(story.decision.released.count == 1)
    }

    @Test func `is stuck when it is refused, and a retry is a new command`() throws {
        var story = try saga()
        let first = story.decision.commands.first?.id
        story.accept("Refund")
        story.event("Refused", ["id": "p1"])
        #expect(story.incidents == [.compensationStuck])
        story.act(.retry)

        #expect(story.commands == ["Refund"])
        #expect(story.decision.commands.first?.id != first)
    }

    @Test func `is stuck when it is not confirmed in time, and a retry keeps its id`() throws {
        var story = try saga()
        let first = story.decision.commands.first
        story.accept("Refund")
        story.wait(.seconds(86_400))
        #expect(story.incidents == [.compensationStuck])
        #expect(story.commands.isEmpty)
        story.act(.retry)
        #expect(story.decision.commands.first?.id == first?.id)
        story.accept("Refund")
        #expect(story.instance?.timers.map(\.kind) == [.confirmation])
    }

    @Test func `is a new command when a retry edits it`() throws {
        var story = try saga()
        let first = story.decision.commands.first?.id
        story.exhaust("Refund", "down")
        story.act(.retry, with: ["id": "p9"])

        #expect(story.arguments == [["id": "p9"]])
        #expect(story.decision.commands.first?.id != first)
        #expect(story.decision.released == [first])
        #expect(story.outstanding == ["Refund"])
    }

    @Test func `that is stuck is closed by a late confirmation, and forgets its delivery`() throws {
        var story = try saga()
        let first = story.decision.commands.first?.id
        story.exhaust("Refund", "down")
        #expect(story.outstanding == ["Refund"])
        story.event("Go")
        story.event("Refunded", ["id": "p1"])

        #expect(story.judgements == [.handled, .unexpected])
        #expect(story.commands == ["Undo"])
        #expect(story.decision.withdrawn == [first])
        #expect(story.incidents.isEmpty)
        #expect(story.outstanding == ["Undo"])
    }

    @Test(arguments: [OperatorAction.Verb.skip, .markDone])
    func `that is stuck is settled by hand`(verb: OperatorAction.Verb) throws {
        var story = try saga()
        story.exhaust("Refund", "down")
        let id = story.instance?.compensation?.current?.commandID
        story.act(verb)
        #expect(story.commands == ["Undo"])
        #expect(story.decision.released == [id])
        story.accept("Undo")
        #expect(story.status == .compensated)
    }

    @Test func `is left undone where the file goes on, and the saga ends failed`() throws {
        var story = try saga("continue")
        story.exhaust("Refund", "down")
        #expect(story.commands == ["Undo"])
        #expect(story.incidents == [.compensationSkipped])
        #expect(story.instance?.pause == nil)
        story.accept("Undo")

        #expect(story.status == .failed)
        #expect(story.instance?.compensation?.notUndone == ["Refund"])
    }
}
