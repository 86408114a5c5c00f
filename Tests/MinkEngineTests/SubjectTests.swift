import MinkDefinition
import MinkEngine
import MinkExpression
import Testing

@Suite("An action on one thing of a saga")
struct SubjectTests {
    private static let sending = """
        "A": { "onEnter": { "emit": ["Tell"] }, "on": { "Go": { "goto": "B" },
               "Fail": { "fail": "no" } } },
        "B": { "on": { "Back": { "goto": "Done" } } }, "Done": { "final": "completed" }
        """

    private func begun(_ states: String = sending) throws -> Story {
        var story = Story(try Small.workflow(states))
        story.event("Begin")
        return story
    }

    private func id(_ story: Story) throws -> String {
        try #require(story.instance?.outstanding.first?.id)
    }

    // MARK: - Commands

    @Test func `delivers a command that waits at once`() throws {
        var story = try begun()
        let command = try id(story)

        story.act(.retry, on: .command(command))

        #expect(story.decision.refusal == nil)
        #expect(story.decision.redelivered == [command])
        #expect(story.outstanding == ["Tell"])
    }

    @Test func `takes a command back that waits, and writes it down`() throws {
        var story = try begun()
        let command = try id(story)

        story.act(.skip, on: .command(command))

        #expect(story.decision.withdrawn == [command])
        #expect(story.outstanding.isEmpty)
        #expect(story.status == .started)
        let isNoted = story.decision.facts.contains {
            if case .withdrawn(let gone, _) = $0 { gone.id == command } else { false }
        }
        #expect(isNoted)
    }

    @Test func `leaves a command alone that is with its receiver`() throws {
        for verb in [OperatorAction.Verb.retry, .skip] {
            var story = try begun()
            let command = try id(story)
            story.begin("Tell")

            story.act(verb, on: .command(command))

            #expect(story.decision.refusal?.contains("is being delivered") == true)
            #expect(story.decision.redelivered.isEmpty && story.decision.withdrawn.isEmpty)
        }
    }

    @Test func `closes the incident of a command that was given up`() throws {
        for verb in [OperatorAction.Verb.retry, .skip] {
            var story = try begun(
                """
                "A": { "on": { "Go": { "pointOfNoReturn": true, "emit": ["Tell"], "goto": "B" } } },
                "B": { "on": { "Back": { "goto": "Done" } } }, "Done": { "final": "completed" }
                """)
            story.event("Go")
            let command = try id(story)
            story.exhaust("Tell", "down")
            #expect(story.incidents == [.commandExhausted])

            story.act(verb, on: .command(command))

            #expect(story.incidents.isEmpty)
            #expect(story.decision.redelivered == (verb == .retry ? [command] : []))
            #expect(story.outstanding == (verb == .retry ? ["Tell"] : []))
        }
    }

    @Test func `settles an undo, stuck or not, and goes on with the next`() throws {
        let states = """
            "A": { "on": { "Go": { "compensation": ["Undo", "Tell"], "goto": "B" } } },
            "B": { "on": { "Fail": { "fail": "no" } } }
            """
        for isStuck in [true, false] {
            var story = try begun(states)
            story.event("Go")
            story.event("Fail")
            let undo = try #require(story.instance?.compensation?.current?.commandID)
            if isStuck { story.exhaust("Tell", "down") }

            story.act(.skip, on: .command(undo))

            #expect(story.decision.refusal == nil)
            #expect(story.commands == ["Undo"])
            #expect(story.instance?.pause == nil)
            #expect(story.decision.released + story.decision.withdrawn == [undo])
        }
    }

    @Test(arguments: [
        (OperatorAction.Verb.retry, OperatorAction.Subject.command("none"), "no command none"),
        (.skip, .held("none"), "does not hold an event none"),
        (.cancel, .command("none"), "cancel is nothing that can be done to it alone"),
    ])
    func `is refused where it fits nothing, and changes nothing`(
        verb: OperatorAction.Verb, subject: OperatorAction.Subject, why: String
    ) throws {
        var story = try begun()
        let before = story.instance

        story.act(verb, on: subject)

        #expect(story.decision.refusal?.contains(why) == true)
        #expect(story.instance == before)
    }

    // MARK: - Held events

    @Test func `sets a held event aside, also where no saga has begun`() throws {
        var story = Story(try Small.workflow(Self.sending))
        story.event("Back")
        #expect(story.held == ["e1"])

        story.act(.skip, on: .held("e1"))

        #expect(story.deadLetters == ["discarded"])
        #expect(story.instance == nil)
    }

    @Test func `refuses to judge a held event that is still early`() throws {
        var story = try begun()
        story.event("Back")
        #expect(story.held == ["e2"])
        let before = story.instance

        story.act(.retry, on: .held("e2"))

        #expect(story.decision.refusal == "Back e2 is still early: no state takes it yet")
        #expect(story.instance == before)
    }

    // MARK: - Dead letters

    @Test func `judges a dead letter as if it came now`() throws {
        var story = try begun()
        let letter = story.make("Go")

        story.act(.retry, on: .letter(letter, isSeen: false))

        #expect(story.judgements == [.handled])
        #expect(story.state == "B")
    }

    @Test func `begins a saga with a dead letter`() throws {
        var story = Story(try Small.workflow(Self.sending))
        let letter = story.make("Begin")

        story.act(.retry, on: .letter(letter, isSeen: false))

        #expect(story.judgements == [.started])
        #expect(story.state == "A")
    }

    @Test func `makes a new dead letter of what still fits nowhere`() throws {
        var story = try begun()
        let letter = story.make("Extra")

        story.act(.retry, on: .letter(letter, isSeen: false))

        #expect(story.deadLetters == ["unexpected"])
        #expect(story.decision.refusal == nil)
    }

    @Test func `keeps a dead letter behind a pause`() throws {
        var story = try begun()
        let letter = story.make("Go")
        story.pauseByHand()

        story.act(.retry, on: .letter(letter, isSeen: false))
        #expect(story.state == "A")
        #expect(story.instance?.pause?.kept.count == 1)
        story.act(.resume)

        #expect(story.state == "B")
    }

    @Test func `judges a dead letter whose value came meanwhile as a duplicate`() throws {
        var story = Story(
            try Small.workflow(
                Self.sending,
                events: #""Once": { "fields": { "k": "string" }, "uniqueBy": "k" }"#))
        story.event("Begin")
        let letter = story.make("Once")

        story.act(.retry, on: .letter(letter, isSeen: true))

        #expect(story.judgements == [.duplicate])
    }

    @Test func `decides the same again from what was recorded`() throws {
        let story = try begun()
        var letters = story
        let event = letters.make("Go")
        let command = try id(story)
        for subject in [
            OperatorAction.Subject.command(command), .letter(event, isSeen: false),
        ] {
            let action = OperatorAction(verb: .retry, reason: "a test", subject: subject)
            let kept = try ValueDecoder.decode(
                Input.self, from: Value(storedJSON: StoredEncoder.encode(Input.action(action))))

            let first = decide(
                story.definition, story.instance, id: story.id, .action(action), at: story.now)
            let again = decide(story.definition, story.instance, id: story.id, kept, at: story.now)

            #expect(kept == .action(action))
            #expect(first == again)
        }
    }
}
