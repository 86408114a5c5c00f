// The table of states and events, and what a failure undoes.
import Testing

@testable import MinkDefinition

@Suite("The matrix of a workflow")
struct MatrixTests {
    private let text = """
        { "workflow": "Trip", "version": 2, "correlateBy": "id",
          "description": "Books a seat, then a bed.",
          "data": { "id": "string" },
          "events": {
            "Asked": { "fields": { "id": "string" } }, "Seat": { "fields": { "id": "string" } },
            "Bed": { "fields": { "id": "string" } }, "Paid": { "fields": { "id": "string" } },
            "Again": { "fields": { "id": "string" }, "rules": { "ambiguous": "late" } },
            "Note": { "fields": { "id": "string" } } },
          "commands": { "DropSeat": {}, "DropBed": {}, "Refund": {}, "Tell": {} },
          "compensation": { "endIn": "Failed" },
          "deadline": { "after": "9d", "fail": "too slow" },
          "start": { "Asked": { "set": { "id": "= event.id" }, "goto": "Seating" } },
          "states": {
            "Seating": { "description": "x", "on": {
              "Seat": { "compensation": "DropSeat", "goto": "Resting" },
              "Again": { "goto": "Seating" } } },
            "Resting": { "description": "x",
              "waitFor": { "events": { "Bed": { "compensation": "DropBed" },
                                       "Paid": { "compensation": "Refund" } } },
              "onJoin": { "goto": "Ready" },
              "timeout": { "after": "1d", "goto": "Seating" } },
            "Ready": { "description": "x", "on": { "Note": { "pointOfNoReturn": true, "goto": "Done" } } },
            "Done": { "final": "completed" },
            "Failed": { "final": "failed", "onEnter": { "emit": "Tell" } } } }
        """

    private func definition() throws -> Definition {
        // The trip leaves open what some events are, which the matrix has to show all the same.
        var options = DefinitionReader.Options()
        options.checks = false
        let result = DefinitionReader(options: options).read(
            file: "trip.workflow.json", bytes: Array(text.utf8))
        return try #require(result.definition, "\(TextRenderer().render(result.findings))")
    }

    @Test func `says what becomes of each event in each state`() throws {
        let matrix = EventMatrix(of: try definition())

        #expect(matrix.events == ["Again", "Asked", "Bed", "Note", "Paid", "Seat"])
        let rows = matrix.rows.map { row in
            ([row.state ?? "-"] + row.cells.map(\.rawValue)).joined(separator: ",")
        }
        #expect(
            rows == [
                "-,early,starts,early,early,early,early",
                "Seating,handled,duplicate,ambiguous,early,ambiguous,handled",
                "Resting,late (or early),duplicate,handled,early,handled,ambiguous",
                "Ready,late,duplicate,late,handled,late,late",
                "Done,late,duplicate,late,late,late,late",
                "Failed,late,duplicate,late,late,late,late",
            ])
    }

    @Test func `says what a failure undoes, newest first`() throws {
        let preview = RollbackPreview(of: try definition())

        #expect(!preview.isCut)
        let shown = Dictionary(
            uniqueKeysWithValues: preview.states.map { state in
                (
                    state.state,
                    state.ledgers.map { $0.map { $0.command + ($0.isCertain ? "" : "?") } }
                )
            })
        #expect(shown["Seating"] == [[], ["Refund?", "DropBed?", "DropSeat"]])
        #expect(shown["Resting"] == [["Refund?", "DropBed?", "DropSeat"]])
        #expect(shown["Ready"] == [["Refund", "DropBed", "DropSeat"]])
    }

    @Test func `is drawn as aligned text, Markdown and JSON`() throws {
        let renderer = MatrixRenderer(of: try definition())

        #expect(
            renderer.text == """
                Trip, version 2

                state           Again            Asked      Bed        Note     Paid       Seat
                (no saga yet)   early            starts     early      early    early      early
                Seating         handled          duplicate  ambiguous  early    ambiguous  handled
                Resting         late (or early)  duplicate  handled    early    handled    ambiguous
                Ready           late             duplicate  late       handled  late       late
                Done            late             duplicate  late       late     late       late
                Failed          late             duplicate  late       late     late       late
                (being undone)  late             duplicate  late       late     late       late

                What a failure undoes, newest first

                Seating  nothing                      then Failed
                         Refund?, DropBed?, DropSeat
                Resting  Refund?, DropBed?, DropSeat  then Failed
                Ready    Refund, DropBed, DropSeat    then Failed

                ? = not always, or more than once

                """)
        #expect(renderer.markdown.contains("| Ready | Refund, DropBed, DropSeat | Failed |\n"))
        #expect(renderer.json.contains("\"Again\": \"late (or early)\""))
        #expect(renderer.json.hasSuffix("\"complete\": true\n}\n"))
    }

    @Test func `says what an event means while a saga is undone, and where nothing is undone`()
        throws
    {
        let text = """
            { "workflow": "W", "version": 1, "correlateBy": "id", "data": { "id": "string" },
              "events": {
                "B": { "fields": { "id": "string" } }, "Sent": { "fields": { "id": "string" } },
                "Back": { "fields": { "id": "string" } }, "Kept": { "fields": { "id": "string" } },
                "Odd": { "fields": { "id": "string" } } },
              "commands": { "Recall": { "confirmedBy": { "event": "Back", "failedBy": "Kept" } } },
              "compensation": { "endIn": "Bad" },
              "start": { "B": { "compensation": "Recall", "goto": "S" } },
              "states": {
                "S": { "on": { "Sent": { "pointOfNoReturn": true, "goto": "T" } },
                       "timeout": { "after": "1h", "fail": "slow" } },
                "T": { "on": { "Sent": { "goto": "Good" } } },
                "Good": { "final": "completed" }, "Bad": { "final": "failed" } } }
            """
        let result = DefinitionReader().read(file: "t.json", bytes: Array(text.utf8))
        let definition = try #require(
            result.definition, "\(TextRenderer().render(result.findings))")

        let matrix = EventMatrix(of: definition)
        let states = RollbackPreview(of: definition).states

        #expect(matrix.events == ["B", "Back", "Kept", "Odd", "Sent"])
        #expect(matrix.compensating == [.duplicate, .confirms, .confirms, .unexpected, .late])
        #expect(states.map(\.ends) == [["Bad"], []])
        #expect(states.map(\.isBehindNoReturn) == [false, true])
        #expect(
            MatrixRenderer(of: definition).text.contains(
                "T  nothing: it is behind the point of no return\n"))
    }
}
