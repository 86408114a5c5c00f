import MinkDefinition
import MinkEngine
import MinkExpression
import Testing

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
