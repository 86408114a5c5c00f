import MinkDefinition
import MinkEngine
import MinkExpression
import Testing

@Suite("A late event")
struct LateTests {
    private static let refund = #""Refund": { "with": { "k": "= data.k", "id": "= event.?id" } }"#

    private func saga(_ more: String = "") throws -> Story {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Paid": { "compensation": ["Refund"], "goto": "B" }, "Go": {
                    "goto": "B" } } },
                "B": { "on": { "Fail": { "fail": "no" }, "Back": { "goto": "Done" }, "Extra": {
                    "compensation": ["Undo"] } } },
                "Done": { "final": "completed" }
                """#, commands: Self.refund, more: more))
        story.event("Begin")
        return story
    }

    @Test func `is a notice while the saga goes on, and nothing is sent`() throws {
        var story = try saga()
        story.event("Go")
        story.event("Paid", ["id": "p1"])

        #expect(story.judgements == [.late])
        #expect(story.incidents == [.unexpectedSuccess])
        #expect(story.commands.isEmpty && story.ledger.isEmpty)
    }

    @Test func `is a notice after the saga is complete`() throws {
        var story = try saga()
        story.event("Go")
        story.event("Back")
        story.event("Paid", ["id": "p1"])

        #expect(story.incidents == [.unexpectedSuccess])
        #expect(story.status == .completed)
    }

    @Test func `runs its undo behind the frame in progress`() throws {
        var story = try saga()
        story.event("Paid", ["id": "p1"])
        story.event("Extra")
        story.event("Fail")
        #expect(story.commands == ["Undo"])
        story.event("Paid", ["id": "p2"])
        #expect(story.commands.isEmpty)
        story.accept("Undo")
        #expect(story.arguments == [["k": "o1", "id": "p2"]])
        story.accept("Refund")
        #expect(story.arguments == [["k": "o1", "id": "p1"]])
        story.accept("Refund")
        #expect(story.status == .compensated)
    }

    @Test func `sets a saga that ended compensating again, and its end is entered once`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Paid": { "compensation": ["Refund"] }, "Fail": { "fail": "no" } } },
                "Failed": { "final": "failed", "onEnter": { "emit": ["Tell"] } }
                """#, commands: Self.refund))
        story.event("Begin")
        story.event("Fail")
        #expect(story.commands == ["Tell"])
        story.event("Paid", ["id": "p1"])
        #expect(story.status == .compensating)
        #expect(story.commands == ["Refund"])
        story.accept("Refund")

        #expect(story.status == .compensated)
        #expect(story.commands.isEmpty)
        #expect(story.instance?.visit == 2)
    }

    @Test func `with an undo that was pushed before is a repeat, decimals by value`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Paid2": { "compensation": ["Refund"] }, "Fail": { "fail": "no" } } }
                """#,
                events: #""Paid2": { "fields": { "k": "string", "amount": "decimal" } }"#,
                commands: #""Refund": { "with": { "k": "= data.k", "amount": "= event.amount" } }"#)
        )
        story.event("Begin")
        story.event("Paid2", ["amount": 7])
        story.event("Fail")
        story.event("Paid2", ["amount": .decimal(ExactDecimal("7.00") ?? .zero)])
        #expect(story.judgements == [.late])
        #expect(story.ledger.isEmpty)
        story.event("Paid2", ["amount": 8])
        #expect(story.ledger == ["Refund"])
    }

    @Test func `without anything to undo is harmless`() throws {
        var story = try saga()
        story.event("Go")
        story.event("Fail")
        story.event("Go")

        #expect(story.judgements == [.late])
        #expect(story.incidents.isEmpty)
        #expect(story.deadLetters.isEmpty)
    }

    @Test(arguments: ["ignore", "deadLetter"])
    func `does what the file says`(word: String) throws {
        var story = try saga(#""eventRules": { "late": "\#(word)" }"#)
        story.event("Go")
        story.event("Paid", ["id": "p1"])

        #expect(story.judgements == [.late])
        #expect(story.incidents.isEmpty)
        #expect(story.deadLetters == (word == "deadLetter" ? ["late"] : []))
    }

    @Test func `evaluates its set on a scratch copy, and its undo behind that`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Paid": { "set": { "n": "= event.?n" }, "compensation": [{
                    "command": "Undo", "with": { "n": "= data.n" } }], "goto": "B" },
                               "Fail": { "fail": "no" } } },
                "B": { "on": { "Go": {} } }
                """#, data: #""n": "integer?""#))
        story.event("Begin")
        story.event("Fail")
        story.event("Paid", ["n": 5])

        #expect(story.arguments == [["k": "o1", "n": 5]])
        #expect(story.instance?.data["n"] == nil)
    }

    @Test func `never pauses: what can not be evaluated is a notice`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Paid": { "compensation": [{ "command": "Undo", "with": {
                    "n": "= 1 / event.?n.orValue(0)" } }] }, "Fail": { "fail": "no" } } }
                """#))
        story.event("Begin")
        story.event("Fail")
        story.event("Paid", ["n": 0])
        #expect(story.incidents == [.lateUndoUnclear])
        #expect(story.instance?.pause == nil)
        story.event("Paid", ["n": 1])
        #expect(story.commands == ["Undo"])
    }

    @Test func `that states which were not visited undo differently is a notice`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Fail": { "fail": "no" }, "Go": { "goto": "B" }, "Back": {
                    "goto": "C" } } },
                "B": { "on": { "Paid": { "compensation": ["Undo"], "goto": "Done" }, "Extra": {
                    "compensation": ["Undo"] } } },
                "C": { "on": { "Paid": { "compensation": [{ "command": "Undo", "with": {
                    "n": 1 } }], "goto": "Done" }, "Extra": { "compensation": ["Undo"] } } },
                "Done": { "final": "completed" }
                """#))
        story.event("Begin")
        story.event("Fail")
        story.event("Paid")
        #expect(story.incidents == [.lateUndoUnclear])
        story.event("Extra")
        #expect(story.commands == ["Undo"])
    }

    @Test func `runs the list that stands on a point of no return`() throws {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Fail": { "fail": "no" }, "Paid": { "pointOfNoReturn": true,
                    "compensation": ["Undo"], "goto": "Done" } } },
                "Done": { "final": "completed" }
                """#))
        story.event("Begin")
        story.event("Fail")
        story.event("Paid")

        #expect(story.commands == ["Undo"])
    }

    @Test func `of an ended saga that no state handles is unexpected`() throws {
        var story = try saga()
        story.event("Go")
        story.event("Fail")
        story.event("Begin")
        #expect(story.judgements == [.duplicate])

        var other = Story(try Small.workflow(#""A": { "on": { "Fail": { "fail": "no" } } }"#))
        other.event("Begin")
        other.event("Fail")
        other.event("Paid")
        #expect(other.judgements == [.unexpected])
    }
}

@Suite("What holds in any state")
struct AnyStateTests {
    private func saga() throws -> Story {
        var story = Story(
            try Small.workflow(
                #"""
                "A": { "on": { "Go": { "goto": "B" } } },
                "B": { "on": { "Extra": { "emit": ["Tell"] }, "Go": { "goto": "C" }, "Paid": {
                    "goto": "Done" } } },
                "C": { "on": { "Go": {} } },
                "Done": { "final": "completed" }
                """#,
                more:
                    #""anyState": { "except": ["C"], "on": { "Extra": { "fail": "cancelled" } } }"#)
        )
        story.event("Begin")
        return story
    }

    @Test func `is handled in every state`() throws {
        var story = try saga()
        story.event("Extra")

        #expect(story.instance?.failure?.reason == "cancelled")
        #expect(story.instance?.failure?.event == "Extra")
    }

    @Test func `gives way to the state's own handler`() throws {
        var story = try saga()
        story.event("Go")
        story.event("Extra")

        #expect(story.commands == ["Tell"])
    }

    @Test func `does not hold in excepted and final states`() throws {
        var story = try saga()
        story.event("Go")
        story.event("Go")
        story.event("Extra")
        #expect(story.judgements == [.late])
        #expect(story.status == .running)

        var done = try saga()
        done.event("Go")
        done.event("Paid")
        done.event("Extra")
        #expect(done.judgements == [.late])
        #expect(done.status == .completed)
    }
}
