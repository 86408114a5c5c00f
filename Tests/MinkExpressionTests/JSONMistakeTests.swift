import Foundation
import MinkExpression
import Testing

@Suite("A mistake in a JSON text")
struct JSONMistakeTests {
    private static let hasFiles = JSONTestData.exists(JSONTestData.mistakes)

    private struct Expected: Decodable {
        let code: String
        let line: Int
        let columnMin: Int
        let columnMax: Int
    }

    @Test(
        .enabled(if: hasFiles, "shared/data is not beside the package"),
        arguments: ["01-missing-comma", "02-goto-twice", "03-comment"])
    func `is found where the example says`(name: String) throws {
        let folder = JSONTestData.mistakes
        let expected = try JSONDecoder().decode(
            Expected.self,
            from: Data(JSONTestData.bytes(of: name + ".expected.json", in: folder)))
        let bytes = try JSONTestData.bytes(of: name + ".workflow.json", in: folder)

        let document = JSONDocument(reading: bytes)

        let problem = try #require(document.problems.first)
        let position = document.position(ofByte: problem.range.lowerBound)
        #expect(document.problems.count == 1)
        #expect(problem.code.rawValue == expected.code)
        #expect(position.line == expected.line)
        #expect((expected.columnMin...expected.columnMax).contains(position.column))
    }

    @Test(
        .enabled(if: hasFiles, "shared/data is not beside the package"),
        arguments: JSONTestData.names(in: JSONTestData.mistakes).filter {
            $0.hasSuffix(".workflow.json") && !["01", "02", "03"].contains($0.prefix(2))
        })
    func `of another kind is none of the text`(name: String) throws {
        let bytes = try JSONTestData.bytes(of: name, in: JSONTestData.mistakes)

        #expect(JSONDocument(reading: bytes).problems == [])
    }

    /// Text, the place and code of each problem, and the message of the first one.
    @Test(
        arguments: [
            (
                #"{"states": {"A": {} "B": {}}}"#, ["MW0001 1:21-24"],
                #"expected "," or "}" after the value of "A", found a name"#
            ),
            (
                "{\"goto\":\"Paid\",\n\"goto\":\"Failed\"}", ["MW0002 2:1-7"],
                #""goto" appears twice here (first at 1:2); only one would be used"#
            ),
            (
                #"["A",]"#, ["MW0003 1:5-6"],
                "remove the comma before \"]\"; workflow files are plain JSON without trailing commas"
            ),
            (
                #"{"a":"\uD800"}"#, ["MW0004 1:7-13"],
                #"this text holds half a character (\uD800); save the file as UTF-8"#
            ),
            (
                #"{"total": 1e400}"#, ["MW0006 1:11-16"],
                "this number cannot be kept exactly; write it as text or with fewer digits"
            ),
            (#"{"a" 1}"#, ["MW0001 1:6-7"], #"expected ":" after "a", found "1""#),
            (#"{"a" = 1}"#, ["MW0001 1:6-7"], #"expected ":" after "a", found "=""#),
            (#"{"a":}"#, ["MW0001 1:6-7"], #""a" has no value; found "}""#),
            (#"{"a", "b": 1}"#, ["MW0001 1:5-6"], #""a" has no value; found ",""#),
            ("[1 2 3]", ["MW0001 1:4-5"], #"expected "," or "]" after this value, found "2""#),
            ("[1,,2]", ["MW0001 1:4-5"], #"expected a value, found ",""#),
            ("{\"a\": 'b'}", ["MW0003 1:7-10"], nil),
            ("{\u{201C}a\u{201D}: 1}", ["MW0003 1:2-5"], nil),
            (
                "{a: 1, b: 2}", ["MW0003 1:2-3", "MW0003 1:8-9"],
                #"write the name a in double quotes: "a""#
            ),
            ("[NaN, -Infinity]", ["MW0003 1:2-5", "MW0003 1:7-16"], nil),
            (
                "[True, nil]", ["MW0001 1:2-6", "MW0001 1:8-11"],
                "expected a value, found True; write true"
            ),
            ("[Completed]", ["MW0001 1:2-11"], #"expected a value, found "Completed""#),
            (
                "[01, 0x1F, 1., +1, .5, 1e]",
                [
                    "MW0001 1:2-4", "MW0001 1:6-10", "MW0001 1:12-14", "MW0001 1:16-18",
                    "MW0001 1:20-22", "MW0001 1:24-26",
                ], #""01" is not a number of JSON"#
            ),
            ("[1 /* one */, 2] // two\n", ["MW0003 1:4-13", "MW0003 1:18-24"], nil),
            (
                "{\"a\": \"b,\n\"c\": 1}", ["MW0001 1:7-10"],
                #"this text has no closing quote (") on its line"#
            ),
            ("{\"a\": \"one\n two\",\n\"c\": 1}", ["MW0001 1:11-2:1"], nil),
            ("[\"a\tb\"]", ["MW0001 1:4-5"], "a tab cannot stand in a text; write \\t"),
            (#"["\d"]"#, ["MW0001 1:3-5"], #""\d" is not known in a text"#),
            (#"["\u12G4"]"#, ["MW0001 1:3-5"], nil),
            ("{\"a\": [1, 2}", ["MW0001 1:12-13"], #"expected "]" for the "[" at 1:7, found "}""#),
            ("[{\"a\": 1], 2]", ["MW0001 1:9-10"], nil),
            (
                "{\"a\": {\"b\": 1}", ["MW0001 1:15-15"],
                #"expected "}" for the "{" at 1:1, found the end"#
            ),
            ("{\"a\": 1}, \"b\": tru}", ["MW0001 1:9-10", "MW0001 1:16-19"], nil),
            ("{} {}", ["MW0001 1:4-5"], #"expected the end, found "{""#),
            ("", ["MW0001 1:1-1"], "nothing is written here; expected a value"),
            ("[\u{A0}1]", ["MW0001 1:2-4"], nil),
            ("{\"a\": 1, {\"b\": 2}}", ["MW0001 1:10-11"], nil),
        ] as [(String, [String], String?)])
    func `is named at its place`(text: String, places: [String], message: String?) {
        let document = document(text)

        #expect(document.problems.map { describe($0, in: document) } == places)
        if let message { #expect(document.problems.first?.message == message) }
    }

    private func describe(_ problem: JSONProblem, in document: JSONDocument) -> String {
        let start = document.position(ofByte: problem.range.lowerBound)
        let end = document.position(ofByte: problem.range.upperBound)
        let last = start.line == end.line ? "\(end.column)" : "\(end)"
        return "\(problem.code.rawValue) \(start)-\(last)"
    }

    @Test(arguments: [
        ("[1,]", "[1]"), ("{\"a\":1,}", "{\"a\":1}"), ("['a']", "[\"a\"]"), ("{a:1}", "{\"a\":1}"),
        ("[1 /*x*/]", "[1 ]"), ("\u{FEFF}[]", "[]"), ("[\"a\tb\"]", "[\"a\\tb\"]"),
        ("[\u{201C}a\u{201D}]", "[\"a\"]"),
    ])
    func `that has a fix is gone with it`(text: String, mended: String) throws {
        let document = document(text)
        let fix = try #require(document.problems.first?.fix)
        var bytes = document.source
        bytes.replaceSubrange(fix.range, with: fix.replacement.utf8)

        #expect(String(decoding: bytes, as: UTF8.self) == mended)
        #expect(JSONDocument(reading: bytes).problems == [])
    }

    @Test func `hides neither what is before nor what is behind it`() throws {
        let document = document(
            """
            {
              "a": 1
              "b": [1, 2,],
              "c": {"d": tru, 'e': 5},
              // a note
              "f": "open,
              "g": 7
            }
            """)
        let root = try #require(document.root)

        #expect(document.problems.count == 6)
        #expect(root.members.map(\.name) == ["a", "b", "c", "f", "g"])
        #expect(root["b"]?.elements.map(\.int) == [1, 2])
        #expect(root["c"]?["d"]?.isMissing == true)
        #expect(root["c"]?["e"]?.int == 5)
        #expect(root["f"]?.text == "open")
        #expect(root["g"]?.int == 7)
    }

    @Test func `hides nothing when a bracket before a name is forgotten`() throws {
        let document = document(
            """
            {
              "data": { "owner": "type": "string", "personal": true } },
              "emit": ["Pay", "Ship",
              "goto": "Paid",
              "steps": [ "event": "A" }, { "event": "B" } ]
            }
            """)
        let root = try #require(document.root)

        #expect(
            document.problems.map(\.message) == [
                #"expected "{" before "type" as the value of "owner""#,
                #"expected "]" before "goto""#, #"expected "{" before "event""#,
            ])
        #expect(root.members.map(\.name) == ["data", "emit", "goto", "steps"])
        #expect(root["data"]?["owner"]?["personal"]?.bool == true)
        #expect(root["emit"]?.elements.map(\.text) == ["Pay", "Ship"])
        #expect(root["steps"]?.elements.map { $0["event"]?.text } == ["A", "B"])
    }

    @Test func `of one forgotten character is one problem, close to it`() throws {
        let text = """
            {
              "states": {
                "Paying": {
                  "onEnter": { "emit": ["Pay", "Log"] },
                  "on": {
                    "Paid": [
                      { "when": "event.amount >= data.total", "goto": "Shipping" },
                      { "otherwise": true, "fail": "paid less" }
                    ]
                  }
                },
                "Shipping": { "final": "completed" }
              }
            }
            """
        let bytes = [UInt8](text.utf8)
        for place in bytes.indices where Array(",:{\"".utf8).contains(bytes[place]) && place > 0 {
            var broken = bytes
            broken.remove(at: place)
            let document = JSONDocument(reading: broken)
            let expected = JSONDocument(reading: bytes).position(ofByte: place)

            let problem = try #require(document.problems.first, "\(expected)")
            let found = document.position(ofByte: problem.range.lowerBound)
            #expect(document.problems.count <= 2, "\(expected)")
            #expect(found.line - expected.line <= 1 && found.line >= expected.line, "\(expected)")
        }
    }

    @Test func `of layout is pointed out when brackets do not match`() {
        let text = """
            {
              "a": {
                "b": {
                  "c": 1
              },
              "d": 2
            }
            """

        #expect(
            document(text).problems.map(\.help) == [
                "the brackets at 3:10 and 5:3 belong together and do not line up; "
                    + "one may be missing or too many there"
            ])
    }

    @Test func `is reported up to 20 times`() {
        let text = "[" + String(repeating: "tru, ", count: 50) + "1]"
        let problems = document(text).problems

        #expect(problems.count == 20)
        #expect(problems.last?.help == "reading stopped here, after 20 mistakes")
        #expect(!document(text).isComplete)
        #expect(document("[tru]").isComplete)
    }

    @Test func `ends the reading of an event`() {
        #expect(document("[tru, tru]", limits: .event).problems.count == 1)
    }
}

@Suite("The limits of a JSON text")
struct JSONLimitTests {
    private func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    @Test func `allow so much and no more`() {
        let text = "\"" + String(repeating: "a", count: 64 << 10) + "\""

        #expect(document(nested(64)).problems == [])
        #expect(document(nested(65)).problems.map(\.code) == [.tooBig])
        #expect(document(nested(65)).problems.first?.message == "nested more than 64 levels deep")
        #expect(document(nested(128), limits: .event).problems == [])
        #expect(document(nested(129), limits: .event).problems.map(\.code) == [.tooBig])
        #expect(document(text).problems == [])
        #expect(document("[" + text.dropLast() + "a\", 1, 2]").problems.map(\.code) == [.tooBig])
        #expect(
            document(String(repeating: " ", count: 1 << 20) + "1").problems.map(\.code) == [.tooBig]
        )
    }

    /// Each of these took time by the square of its length, if a step looked at the whole line.
    @Test(arguments: [
        String(repeating: "[", count: 300_000),
        "[" + String(repeating: "}", count: 300_000),
        "[{\"a\":[" + String(repeating: "}]", count: 150_000),
        "{" + String(repeating: "a:1,", count: 75_000) + "}",
        "{" + String(repeating: "\"a\":1,", count: 50_000) + "\"b\":2}",
        "[" + String(repeating: "'a',", count: 75_000) + "1]",
        "[" + String(repeating: "{},", count: 100_000) + "{}",
        "[" + String(repeating: "1 ", count: 150_000) + "]",
        "{" + String(repeating: "\"a\":\"b\":", count: 50_000) + "1}",
        "[\"" + String(repeating: "\n", count: 150_000) + "word\"]",
        "[" + String(repeating: "/* */", count: 60_000) + "1]",
        String(repeating: "\"a\" : ", count: 50_000),
        String(repeating: "\\", count: 300_000),
        "\"" + String(repeating: "\\", count: 300_001),
    ])
    func `keep hostile texts from costing much`(text: String) {
        for limits in [JSONLimits.definition, .event] {
            #expect(document(text, limits: limits).hasErrors)
        }
    }

    @Test func `find one repeated name among many`() {
        let names = (0..<20_000).map { "\"\($0 % 19_999)\":0" }.joined(separator: ",")

        #expect(document("{\(names)}").problems.map(\.code) == [.duplicateKey])
    }

    @Test(arguments: [
        "0.1", "19.99", "1e22", "123456789012345678", "9223372036854775807", "5e-324", "1.5e308",
        "-9223372036854775808", "0.1234567890123456789", "12345678901234567890123456789012345.678",
        "0e400", "0.00000000000000000000000000000000000001", "-0", "1E2",
    ])
    func `let numbers pass that something can keep`(text: String) {
        #expect(document("[\(text)]").problems == [])
    }

    @Test(arguments: [
        "1e400", "-1e400", "1e-400", "9223372036854775808", "-9223372036854775809",
        "1234567890123456789012345678901234567890", "0.1234567890123456789012345678901234567890",
        "1.234567890123456789e50",
    ])
    func `warn of numbers that nothing can keep`(text: String) {
        let problems = document("[\(text)]").problems

        #expect(problems.map(\.code) == [.numberNotExact])
        #expect(problems.map(\.severity) == [.warning])
    }
}
