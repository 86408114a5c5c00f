// Pictures of a workflow: what stands in them, and that no text of a file can break them.
import Testing

@testable import MinkDefinition

@Suite("A picture of a workflow")
struct PictureTests {
    /// A workflow with one of everything that a picture shows.
    private static let trip = """
        { "workflow": "Trip", "version": 2, "correlateBy": "id",
          "description": "Books a seat, then a bed.",
          "data": { "id": "string", "n": { "type": "integer", "default": 0 } },
          "events": {
            "Asked": { "fields": { "id": "string" } }, "Seat": { "fields": { "id": "string" } },
            "NoSeat": { "fields": { "id": "string" } }, "Bed": { "fields": { "id": "string" } },
            "Paid": { "fields": { "id": "string" } }, "Stop": { "fields": { "id": "string" } },
            "Sent": { "fields": { "id": "string" } } },
          "commands": { "AskSeat": {}, "DropSeat": {}, "DropBed": {}, "Refund": {}, "Tell": {} },
          "compensation": { "endIn": "Failed" },
          "deadline": { "after": "9d", "fail": "too slow" },
          "anyState": { "on": { "Stop": { "fail": "stopped", "endIn": "Stopped" } } },
          "start": { "Asked": { "set": { "id": "= event.id" }, "goto": "Seating" } },
          "states": {
            "Seating": { "description": "Waits for a seat.", "onEnter": { "emit": "AskSeat" },
              "on": {
                "Seat": { "compensation": "DropSeat", "goto": "Resting" },
                "NoSeat": [
                  { "when": "data.n < 3", "set": { "n": "= data.n + 1" },
                    "emit": { "command": "AskSeat", "delay": "5m" } },
                  { "otherwise": true, "fail": "no seat" } ] },
              "timeout": { "after": "1h", "fail": "slow" } },
            "Resting": { "description": "x",
              "waitFor": { "events": { "Bed": { "compensation": "DropBed" },
                                       "Paid": { "compensation": "Refund" } } },
              "onJoin": { "goto": "Ready" },
              "timeout": { "after": "1d", "goto": "Seating" } },
            "Ready": { "description": "x", "on": {
              "Sent": { "pointOfNoReturn": true, "goto": "Telling" } },
              "timeout": { "after": "1h", "fail": "slow" } },
            "Telling": { "description": "x", "on": {
              "Sent": { "emit": "Tell", "goto": "Done" }, "Stop": { "ignore": true } } },
            "Done": { "final": "completed" },
            "Failed": { "final": "failed" }, "Stopped": { "final": "cancelled" } } }
        """

    private func picture(failingIn state: String? = nil) throws -> WorkflowPicture {
        var options = DefinitionReader.Options()
        options.checks = false  // It has a bit of everything, also what nobody should write.
        let result = DefinitionReader(options: options)
            .read(file: "t.json", bytes: Array(Self.trip.utf8))
        let definition = try #require(
            result.definition, "\(TextRenderer().render(result.findings))")
        return state.map { WorkflowPicture(of: definition, failingIn: $0) }
            ?? WorkflowPicture(of: definition)
    }

    private func words(_ picture: WorkflowPicture) -> [String] {
        picture.arrows.map { arrow in
            let look =
                (arrow.kind.isTimed ? "timed " : "") + (arrow.kind.isFailure ? "failure " : "")
                + (arrow.kind.isPointOfNoReturn ? "pivot " : "")
            let ends = "\(picture.boxes[arrow.from].title) > \(picture.boxes[arrow.to].title): "
            return look + ends + arrow.lines.map(\.text).joined(separator: " | ")
        }
    }

    @Test func `has an arrow for each way from one box to another, and one look for all of a kind`()
        throws
    {
        #expect(
            words(try picture()) == [
                "start > Seating: Asked",
                "Seating > Resting: Seat | ⟲ DropSeat",
                "failure Seating > Failed: NoSeat | [otherwise]",
                "timed failure Seating > Failed: after 1h",
                "Resting > Ready: all came",
                "timed Resting > Seating: after 1d",
                "pivot Ready > Telling: Sent | ◆ point of no return",
                "timed failure Ready > Failed: after 1h",
                "Telling > Done: Sent | → Tell",
                "failure any state > Stopped: Stop",
                "timed failure any state > Failed: 9d after the start",
            ])
    }

    @Test func `keeps inside the box what happens without leaving it`() throws {
        let boxes = try picture().boxes

        #expect(
            boxes[1].lines.map(\.text) == [
                "Waits for a seat.", "→ AskSeat", "NoSeat", "[data.n < 3]", "→ AskSeat after 5m",
            ])
        #expect(
            boxes[2].lines.map(\.text) == [
                "x", "waits for all of", "✓ Bed", "⟲ DropBed", "✓ Paid", "⟲ Refund",
            ])
        #expect(boxes[4].lines.map(\.text) == ["x", "Stop is ignored"])
    }

    @Test func `marks the states behind the point of no return`() throws {
        let picture = try picture()

        #expect(
            picture.boxes.filter(\.isBehindNoReturn).map(\.title) == ["Telling", "Done"])
    }

    @Test func `shows what a failure undoes, newest first, and where it ends`() throws {
        let picture = try picture(failingIn: "Ready")

        let chain = words(picture).filter { $0.hasPrefix("failure") }
        #expect(
            chain == [
                "failure Ready > ⟲ Refund: a failure here",
                "failure ⟲ Refund > ⟲ DropBed: ",
                "failure ⟲ DropBed > ⟲ DropSeat: ",
                "failure ⟲ DropSeat > Failed: ", "failure ⟲ DropSeat > Stopped: ",
            ])
        #expect(picture.arrows.filter { $0.stress == .plain }.count == 1)
    }

    @Test func `says that nothing is undone behind the point of no return`() throws {
        let picture = try picture(failingIn: "Telling")

        #expect(picture.boxes[4].lines.first?.text.contains("nothing is undone") == true)
        #expect(!picture.arrows.contains { $0.kind.isFailure })
    }

    @Test func `draws an end again where many states fail into it`() throws {
        let states = (1...5).map {
            #""S\#($0)": { "on": { "E": { "goto": "S\#($0 + 1)" } }, "timeout": { "after": "1h", "fail": "x" } }"#
        }
        let text = """
            { "workflow": "W", "version": 1, "correlateBy": "id", "data": { "id": "string" },
              "events": { "B": { "fields": { "id": "string" } },
                          "E": { "fields": { "id": "string" }, "rules": { "ambiguous": "late" } } },
              "compensation": { "endIn": "Bad" },
              "start": { "B": { "goto": "S1" } },
              "states": { \(states.joined(separator: ", ")),
                "S6": { "final": "completed" }, "Bad": { "final": "failed" } } }
            """
        let result = DefinitionReader().read(file: "t.json", bytes: Array(text.utf8))
        let picture = WorkflowPicture(of: try #require(result.definition))

        let bad = picture.boxes.filter { $0.title == "Bad" }
        #expect(bad.count == 5)
        #expect(bad.count { $0.kind == .end(.failed) } == 1)
        #expect(Set(picture.arrows.filter(\.kind.isFailure).map(\.to)).count == 5)
    }
}

@Suite("The words of a picture")
struct PictureWordsTests {
    private static let hostile = #"a "b" <i>c</i> & \N \\ d; #35; `e` | {f} [g] %% "#

    /// A workflow whose description and guard hold what means something in some format.
    private func definition(_ text: String) throws -> Definition {
        let quoted = JSONText.quoted(text)
        let guarded = JSONText.quoted("event.id == \(JSONText.quoted(text))\n || false")
        let text = """
            { "workflow": "W", "version": 1, "correlateBy": "id", "data": { "id": "string" },
              "description": \(quoted),
              "events": { "B": { "fields": { "id": "string" } },
                          "E": { "fields": { "id": "string" } } },
              "start": { "B": { "goto": "S" } },
              "states": {
                "S": { "description": \(quoted),
                  "on": { "E": [ { "when": \(guarded), "goto": "Z" }, { "otherwise": true, "ignore": true } ] },
                  "timeout": { "after": "1h", "goto": "Z" } },
                "Z": { "final": "completed" } } }
            """
        let result = DefinitionReader().read(file: "t.json", bytes: Array(text.utf8))
        return try #require(result.definition, "\(TextRenderer().render(result.findings))")
    }

    @Test func `are escaped in DOT`() throws {
        let dot = DOTRenderer(WorkflowPicture(of: try definition(Self.hostile + "\n\u{1B}[2J")))
            .text

        #expect(dot.contains("a &quot;b&quot; &lt;i&gt;c&lt;/i&gt; &amp; \\\\N"))
        #expect(!dot.contains("<i>"))
        #expect(!dot.contains("\u{1B}"))
        // Each label is balanced, and none ends early.
        #expect(
            dot.count { $0 == "<" } == dot.count { $0 == ">" } - dot.split(separator: "->").count
                + 1
        )
        #expect(dot.split(separator: "\n").last == "}")
    }

    @Test func `are escaped in Mermaid`() throws {
        let text = MermaidRenderer(
            WorkflowPicture(of: try definition(Self.hostile + "\n\u{1B}[2J"))
        )
        .text

        #expect(text.contains("a #34;b#34; #60;i#62;c#60;/i#62; #38; #92;N"))
        #expect(!text.contains("\u{1B}"))
        #expect(text.contains("{f} [g] %%") == false)
        for line in text.split(separator: "\n") {
            #expect(line.count { $0 == "\"" } % 2 == 0, "\(line)")
            #expect(!line.contains("`"), "\(line)")
        }
    }

    @Test(arguments: [
        ("1. Ask", "1#46; Ask"), ("- Ask", "#45; Ask"), ("+ Ask", "#43; Ask"),
        ("a.b - c_d", "a.b - c#95;d"), ("[x](y)", "[x]#40;y)"), ("[x > 1]", "[x #62; 1]"),
        ("a: b; **c**", "a#58; b#59; #42;#42;c#42;#42;"),
    ])
    func `are no Markdown in Mermaid`(words: String, written: String) throws {
        let text = MermaidRenderer(WorkflowPicture(of: try definition(words))).text

        #expect(text.contains("<i>\(written)</i>"), "\(text)")
    }

    @Test(arguments: [
        ("One. Two.", 70, "One. Two."),
        ("We asked. It lists our enquiry as long as it is open.", 20, "We asked."),
        ("Two hotels are asked at a time for all of the rooms", 30, "Two hotels are asked at a…"),
        ("Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…"),
        ("  a\n\tb  ", 9, "a b"),
        ("", 9, ""),
    ])
    func `are the first of a description`(text: String, length: Int, shown: String) {
        #expect(text.firstWords(length) == shown)
    }
}
