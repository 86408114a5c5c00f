// What is said about the guards of alternatives, and where.
import Testing

@testable import MinkDefinition

@Suite("The guards of alternatives")
struct GuardTests {
    /// A workflow whose state "Open" answers "Said" by these alternatives.
    static func workflow(_ alternatives: String, extra: String = "") -> String {
        """
        { "workflow": "Small", "version": 1, "correlateBy": "id", "description": "For tests.",
          "data": { "id": "string", "total": "decimal", "paid": "decimal?", "tries": "integer" },
          "events": {
            "Begun": { "fields": { "id": "string", "total": "decimal", "tries": "integer" } },
            "Said": { "fields": { "id": "string", "x": "decimal", "n": "integer", "d": "number",
              "score": { "type": "integer", "minimum": 0, "maximum": 100 }, "ok": "boolean",
              "way": { "enum": ["air", "road", "sea"] }, "note": "string?", "word": "string",
              "at": "timestamp", "raw": "any", "list": "integer[]" } } },
          "start": { "Begun": { "set": { "id": "= event.id", "total": "= event.total",
            "tries": "= event.tries", "paid": "= event.total" }, "goto": "Open" } },
          "states": {
            "Open": { "description": "Waits.",
              "on": { "Said": \(alternatives) },
              "timeout": { "after": "1d", "goto": "Done" }\(extra) },
            "Done": { "final": "completed" } } }
        """
    }

    private static func list(_ guards: [String], otherwise: Bool) -> String {
        var parts = guards.map { "{ \"when\": \"\($0)\", \"goto\": \"Done\" }" }
        if otherwise { parts.append("{ \"otherwise\": true, \"goto\": \"Open\" }") }
        return "[\(parts.joined(separator: ", "))]"
    }

    private func sentences(_ guards: [String], otherwise: Bool) -> [String] {
        Samples.read(Self.workflow(Self.list(guards, otherwise: otherwise))).findings.map {
            "\($0.rule.code) \($0.sentence)"
        }
    }

    @Test(arguments: [
        ["event.x > 5", "event.x <= 5"],
        ["data.paid > 5", "data.paid <= 5"],  // Set on every way to here.
        ["event.x < data.total", "event.x == data.total", "data.total < event.x"],
        ["event.n < 3", "event.n > 2"],
        ["event.n <= -1", "event.n >= 0"],
        ["event.score < 50", "event.score >= 50 && event.score <= 100"],
        ["event.ok", "!event.ok"],
        ["event.ok == true", "event.ok != true"],
        ["event.way == 'air'", "event.way in ['road', 'sea']"],
        ["event.word == 'a'", "event.word != 'a'"],
        ["has(event.note) && event.note == 'a'", "!has(event.note) || event.note != 'a'"],
        ["event.?note.hasValue()", "!has(event.note)"],
        ["size(event.word) == 0", "size(event.word) > 0"],
        ["event.word.startsWith('a')", "!event.word.startsWith( 'a' )"],
        ["event.ok ? event.n > 3 : event.n > 5", "event.ok ? event.n <= 3 : event.n <= 5"],
        [
            "event.at < timestamp('2027-01-01T00:00:00Z')",
            "event.at >= timestamp('2027-01-01T00:00:00Z')",
        ],
        ["event.at < now", "event.at >= now"],
        ["event.ok == (event.n > 3)", "event.ok != (event.n > 3)"],
        ["event.raw == 1", "event.raw != 1"],
    ])
    func `are right when each case is taken once`(guards: [String]) {
        #expect(sentences(guards, otherwise: false) == [])
    }

    @Test(arguments: [
        (["event.x >= data.total"], "if event.x < data.total nothing matches"),
        (["event.x > 5", "event.x < 5"], "if event.x == 5 nothing matches"),
        (["event.n > 5", "event.n < 3"], "if event.n >= 3 && event.n <= 5 nothing matches"),
        (["event.ok"], "if !event.ok nothing matches"),
        (["event.ok && event.n < 3"], "if !event.ok nothing matches"),
        (["event.way == 'air'", "event.way == 'sea'"], "if event.way == 'road' nothing matches"),
        (["event.word in ['a', 'b']"], "if !(event.word in ['a', 'b']) nothing matches"),
        (["has(event.note)"], "if !has(event.note) nothing matches"),
        (["event.d < 5.0", "event.d >= 5.0"], "if event.d is no number nothing matches"),
        (
            ["event.d < data.tries", "event.d >= data.tries"],
            "if event.d has no order with data.tries nothing matches"
        ),
        (["event.raw > 1", "event.raw <= 1"], "if event.raw has no order with 1 nothing matches"),
        (["event.score > 50", "event.score < 50"], "if event.score == 50 nothing matches"),
    ])
    func `leave a case open, which is named`(guards: [String], words: String) {
        #expect(
            sentences(guards, otherwise: false) == [
                "MW4004 \(words) and the event counts as unexpected; add an \"otherwise\""
            ])
    }

    @Test(arguments: [
        (["10 / event.n > 2", "10 / event.n <= 2"], "10 / event.n has no value"),
        (["event.note > 'a'", "event.note <= 'a'"], "!has(event.note)"),
        (["event.n + 1 > 2", "event.n + 1 <= 2"], "event.n + 1 has no value"),
        (["event.list[0] > 1", "event.list[0] <= 1"], "event.list[0] has no value"),
    ])
    func `that can fail take no case for granted`(guards: [String], words: String) {
        let found = sentences(guards, otherwise: false).filter { $0.hasPrefix("MW4004") }

        #expect(
            found == [
                "MW4004 if \(words) no guard has an answer and the saga pauses; add an "
                    + "alternative before it for this case"
            ])
    }

    @Test func `take a field for granted only where it is set on every way`() {
        let guards = """
            [{ "when": "data.paid > 5", "goto": "Done" },
             { "when": "data.paid <= 5", "set": { "paid": "= none" }, "goto": "Open" }]
            """

        let found = Samples.read(Self.workflow(guards)).findings.filter {
            $0.rule == .missingOtherwise
        }

        #expect(
            found.map(\.message) == [
                "if !has(data.paid) no guard has an answer and the saga pauses"
            ])
    }

    @Test func `that ask whether a field is set are taken at their word`() {
        let found = sentences(
            ["!has(data.paid)", "data.paid > 5", "data.paid <= 5"], otherwise: false)

        #expect(found.isEmpty, "\(found)")
    }

    @Test(arguments: [
        (["event.x > 5", "event.x > 3"], "both match for event.x = 6"),
        (["event.n < 5", "event.n < 9"], "both match for event.n = 4"),
        (["event.x > 5.5", "event.x < 6"], "both match for event.x = 5.75"),
        (["event.ok", "event.n > 3"], "both match for event.ok = true and event.n = 4"),
        (["event.way != 'air'", "event.way != 'sea'"], "both match for event.way = 'road'"),
        (
            ["event.x > data.total", "event.ok"],
            "both match if event.x > data.total && event.ok"
        ),
        (["event.score > 90", "event.score != 95"], "both match for event.score = 91"),
    ])
    func `overlap, with an example`(guards: [String], words: String) {
        let found = sentences(guards, otherwise: true).filter { $0.hasPrefix("MW4006") }

        #expect(
            found == [
                "MW4006 \(words); the first wins. Reorder or make them exclusive"
            ])
    }

    @Test(arguments: [
        ["event.x > 3", "event.x > 5"],
        ["event.ok", "event.ok && event.n > 3"],
        ["event.x > data.total", "data.total < event.x"],
        ["event.n > 3", "event.n <= 3", "event.ok"],
        ["event.way in ['air', 'sea']", "event.way == 'sea'"],
    ])
    func `that are hidden by earlier ones are never taken`(guards: [String]) {
        let found = sentences(guards, otherwise: false).filter { !$0.hasPrefix("MW4004") }

        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("MW4005 never reached: line") == true, "\(found)")
    }

    @Test func `hide an "otherwise" that nothing is left for`() {
        #expect(
            sentences(["event.n > 3", "event.n <= 3"], otherwise: true) == [
                "MW4005 never reached: line 13 already takes every case; remove it"
            ])
    }

    @Test(arguments: [
        ("1 == 1", true), ("true", true), ("event.n > 3 || event.n < 10", true),
        ("event.n > 3 && event.n < 4", false), ("event.ok && !event.ok", false),
        ("event.score >= 0", true), ("event.score > 100", false), ("event.x == event.x", true),
        ("'a' == 'b'", false), ("event.word in []", false), ("1.5 > 2.0", false),
        ("event.x < data.total && data.total < event.x", false),
    ])
    func `are constant`(condition: String, answer: Bool) {
        let found = sentences([condition], otherwise: true)

        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix("MW3008 this condition is always \(answer);") == true,
            "\(found)")
    }

    @Test(arguments: ["event.d == event.d", "event.n + 1 > event.n", "event.raw == event.raw"])
    func `are not called constant when nobody knows`(condition: String) {
        #expect(sentences([condition], otherwise: true) == [])
    }

    @Test func `are given up at once when their cases multiply`() {
        let nested = (0..<60).reduce("event.ok") { test, _ in "(\(test) ? event.n > 3 : event.ok)" }
        let found = sentences([nested], otherwise: true)

        #expect(found.map { $0.prefix(6) } == ["MW4090"])
    }

    /// More things than places, each thing in a place, no place with two: never true, which only
    /// many tries show.
    private static let puzzle: String = {
        let places = 0..<6
        let things = 0..<7
        func stands(_ thing: Int, _ place: Int) -> String {
            "\(thing * places.count + place) in event.list"
        }
        var parts = things.map { thing in
            places.map { stands(thing, $0) }.joined(separator: " || ")
        }
        for place in places {
            for thing in things {
                for other in things where other > thing {
                    parts.append("!(\(stands(thing, place))) || !(\(stands(other, place)))")
                }
            }
        }
        return parts.map { "(\($0))" }.joined(separator: " && ")
    }()

    @Test func `share a budget, so that many of them cost little`() {
        let hard = Self.list([Self.puzzle], otherwise: true)
        let states = (0..<40).map {
            "\"S\($0)\": { \"description\": \"x\", \"on\": { \"Said\": \(hard) } }"
        }
        let text = Self.workflow(hard).replacing(
            "\"Done\": {", with: states.joined(separator: ", ") + ", \"Done\": {")

        let time = ContinuousClock().measure {
            let findings = Samples.read(text).findings
            #expect(findings.count { $0.rule == .gaveUp } == 41)
        }
        #expect(time < .seconds(30))
    }

    @Test func `are given up when they are too complex`() {
        let many = (0..<40).map { "event.n == \($0)" }.joined(separator: " || ")

        for guards in [[Self.puzzle], [many]] {
            #expect(
                sentences(guards, otherwise: false) == [
                    "MW4090 guards of \"Said\" are too complex to compare; not checked; divide them "
                        + "into more steps, or show them in scenarios"
                ])
        }
    }

    @Test(arguments: [
        ("\"when\": \"event.ok\"", Rule.keyNotHere, ""),
        (
            "\"then\": { \"when\": \"data.tries > 3\", \"goto\": \"Done\" }", .missingOtherwise,
            "if data.tries <= 3 nothing matches; add an \"otherwise\""
        ),
        (
            "\"then\": [{ \"when\": \"data.tries > 3\", \"goto\": \"Done\" }, "
                + "{ \"when\": \"data.tries <= 3\", \"goto\": \"Open\" }]", .missingOtherwise,
            "the last alternative of \"then\" is taken in every other case; write "
                + "\"otherwise\": true in place of its \"when\""
        ),
    ])
    func `of a timeout have to end without one`(then: String, rule: Rule, sentence: String) {
        let text = Self.workflow("{ \"goto\": \"Done\" }").replacing(
            "\"after\": \"1d\", \"goto\": \"Done\"", with: "\"after\": \"1d\", \(then)")
        let found = Samples.read(text).findings.filter { $0.rule == rule }

        #expect(found.count == 1)
        #expect(found.first?.severity == .error)
        #expect(sentence.isEmpty || found.first?.sentence == sentence)
    }
}
