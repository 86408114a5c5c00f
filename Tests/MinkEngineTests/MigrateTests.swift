// Moving a saga to another version of its workflow.
import MinkDefinition
import MinkEngine
import MinkExpression
import Testing

@Suite("A migration of a saga")
struct MigrateTests {
    private static let start =
        #"{ "Begin": { "set": { "k": "= event.k" }, "goto": "Waiting" } }"#

    private static let old = #"""
        "Waiting": { "on": { "Paid": { "compensation": ["Undo"], "goto": "Packing" },
            "Back": { "set": { "n": "= event.n / 0" }, "goto": "Packing" },
            "Fail": { "fail": "no" } },
            "timeout": { "after": "1h", "fail": "late" } },
        "Packing": { "on": { "Go": { "goto": "Done" }, "Fail": { "fail": "no" } } },
        "Done": { "final": "completed" }
        """#

    private static let new = #"""
        "Asking": { "on": { "Paid": { "compensation": ["Undo"], "goto": "Packing" },
            "Back": { "set": { "n": 7 }, "goto": "Packing" },
            "Fail": { "fail": "no" } },
            "timeout": { "after": "3h", "fail": "late" } },
        "Packing": { "on": { "Go": { "goto": "Done" }, "Fail": { "fail": "no" } } },
        "Done": { "final": "completed" }
        """#

    /// A saga of the first version that has begun.
    private func story(_ states: String = old, data: String = #""n": "integer?""#) throws -> Story {
        var story = Story(try Small.workflow(states, data: data, start: Self.start))
        story.event("Begin")
        return story
    }

    private func next(
        _ states: String = new, data: String = #""n": "integer?""#,
        migrate: String = #"{ "from": [1], "states": { "Waiting": "Asking" } }"#
    ) throws -> Definition {
        let start = Self.start.replacing(
            "\"Waiting\"", with: states.contains("\"Asking\"") ? "\"Asking\"" : "\"Waiting\"")
        return try Small.workflow(
            states, version: 2, data: data, start: start,
            more: migrate.isEmpty ? "" : "\"migrate\": \(migrate)")
    }

    @Test func `moves state, visited states and ledger, and goes on by the new version`() throws {
        var story = try story()
        story.event("Paid")
        let before = story.instance

        story.migrate(to: try next())

        #expect(story.decision.refusal == nil)
        #expect(story.instance?.definition.version == 2)
        #expect(story.state == "Packing")
        #expect(story.instance?.visited == ["Asking", "Packing"])
        #expect(story.instance?.ledger == before?.ledger)
        #expect(story.instance?.visit == before?.visit)
        #expect(
            story.decision.facts == [
                .action(.migrate, reason: "a test"), .noted("moved from version 1 to version 2"),
            ])
        story.event("Go")
        #expect(story.status == .completed)
    }

    @Test func `finds a state that is called otherwise, and says so`() throws {
        var story = try story()

        story.migrate(to: try next())

        #expect(story.state == "Asking")
        #expect(
            story.decision.facts.last
                == .noted("moved from version 1 to version 2; \"Waiting\" is \"Asking\" there"))
    }

    @Test(arguments: [
        (timers: "keep", left: Duration.seconds(1_800)),
        (timers: "restart", left: .seconds(10_800)),
    ])
    func `keeps what remains of a timeout, or starts it anew`(
        timers: String, left: Duration
    ) throws {
        var story = try story()
        story.wait(.seconds(1_800))

        story.migrate(
            to: try next(
                migrate:
                    #"{ "from": [1], "states": { "Waiting": "Asking" }, "timers": "\#(timers)" }"#))

        story.wait(left - .seconds(1))
        #expect(story.status?.isEnded == false)
        story.wait(.seconds(1))
        #expect(story.status == .failed)
    }

    @Test func `sets fields from those that there are`() throws {
        var story = try story()

        story.migrate(
            to: try next(
                data: #""n": "integer?", "label": "string""#,
                migrate: #"""
                    { "from": [1], "states": { "Waiting": "Asking" },
                      "set": { "label": "= 'order ' + data.k" } }
                    """#))

        #expect(story.instance?.data == ["k": "o1", "label": "order o1"])
    }

    @Test func `judges what was held again`() throws {
        let states = Self.old.replacing("\"Go\": { \"goto\": \"Done\" }", with: "")
            .replacing("{ , ", with: "{ ")
        var story = try story(
            states.replacing(
                "\"Done\":", with: #""Last": { "on": { "Extra": { "goto": "Done" } } }, "Done":"#
            )
            .replacing(
                #""Packing": { "on": { "#,
                with: #""Packing": { "on": { "Go": { "goto": "Last" }, "#))
        story.event("Extra")
        #expect(story.held == ["e2"])

        story.migrate(
            to: try next(
                Self.new.replacing(
                    #""Asking": { "on": { "#,
                    with: #""Asking": { "on": { "Extra": { "goto": "Done" }, "#)))

        #expect(story.held.isEmpty)
        #expect(story.status == .completed)
    }

    @Test func `is the way out of an expression that can not be evaluated`() throws {
        var story = try story()
        story.event("Back", ["n": 1])
        #expect(story.incidents == [.expressionError])

        story.migrate(to: try next())

        #expect(story.incidents == [.expressionError])
        #expect(
            story.decision.facts.last
                == .noted(
                    "moved from version 1 to version 2; \"Waiting\" is \"Asking\" there; still "
                        + "paused by incident 1: resume it"))
        story.act(.resume)
        #expect(story.incidents.isEmpty)
        #expect(story.state == "Packing")
        #expect(story.instance?.data["n"] == 7)
    }

    /// What is refused, and in which words.
    private static let refusals: [(states: String, data: String, migrate: String, why: String)] = [
        (
            new, #""n": "integer?""#, "",
            "version 2 does not take sagas of version 1; name it under \"migrate\" with \"from\": [1]"
        ),
        (
            new, #""n": "integer?""#, #"{ "from": [1] }"#,
            "o1 stands in \"Waiting\", for which version 2 has no state; name one under "
                + "\"migrate\" in \"states\""
        ),
        (
            new, #""n": "integer?", "k2": "string""#,
            #"{ "from": [1], "states": { "Waiting": "Asking" }, "set": { "n": "= 1 / 0" } }"#,
            "division by zero"
        ),
        (
            old.replacing(
                #""Waiting": { "on": { "Paid": { "compensation": ["Undo"], "goto": "Packing" },"#,
                with: #""Waiting": { "waitFor": { "events": { "Paid": {} } }, "onJoin": { "#
                    + #""goto": "Packing" }, "on": {"#),
            #""n": "integer?""#, #"{ "from": [1] }"#,
            "o1 waits in \"Waiting\" for answers that \"Waiting\" gathers in another way; map "
                + "\"Waiting\" to another state"
        ),
    ]

    @Test(arguments: refusals.indices)
    func `that does not fit changes nothing, and says why`(number: Int) throws {
        let (states, data, migrate, why) = Self.refusals[number]
        var story = try story()
        let before = story.instance

        story.migrate(to: try next(states, data: data, migrate: migrate))

        #expect(story.decision.refusal?.contains(why) == true, "\(story.decision.refusal ?? "")")
        #expect(story.instance == before)
        #expect(story.decision.facts.isEmpty)
    }

    @Test func `refuses data of another type`() throws {
        let unset = { (states: String, value: String) in
            states.replacing(#""set": { "n": \#(value) }, "#, with: "")
        }
        var story = try story(
            unset(Self.old, #""= event.n / 0""#),
            data: #""n": { "type": "string", "default": "many" }"#)

        story.migrate(
            to: try next(
                unset(Self.new, "7"), data: #""n": { "type": "integer", "default": 1 }"#))

        let refusal = try #require(story.decision.refusal)
        #expect(refusal.hasPrefix("\"n\" of o1 does not fit version 2: "), "\(refusal)")
        #expect(refusal.hasSuffix("; give it under \"migrate\" in \"set\""))
        #expect(story.instance?.definition.version == 1)
    }

    @Test func `refuses a saga that is being undone, has ended, or is there already`() throws {
        var undone = try story()
        undone.event("Paid")
        undone.event("Fail")
        #expect(undone.status == .compensating)
        undone.migrate(to: try next())
        #expect(undone.decision.refusal == "o1 is being undone; it ends by version 1")

        undone.accept("Undo")
        undone.migrate(to: try next())
        #expect(undone.decision.refusal == "o1 has ended in \"Failed\"")

        var moved = try story()
        moved.migrate(to: try next())
        moved.migrate(to: try next())
        #expect(moved.decision.refusal == "o1 runs by version 2 already")
    }
}
