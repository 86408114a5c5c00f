import Foundation
import Testing

@Suite("mink-workflow eval")
struct EvalTests {
    @Test(arguments: [
        ("1 + 2", "3", "integer"),
        ("= 1 + 2.5", "3.5", "number"),
        ("decimal('1.10') * 3", "3.30", "decimal"),
        ("data.total > 10", "true", "boolean"),
        ("data.items.map(i, i.q).sum()", "3", "integer"),
        ("data.name + '!'", "\"Ann!\"", "string"),
        ("timestamp('2026-01-01T00:00:00Z') + days(2)", "\"2026-01-03T00:00:00Z\"", "timestamp"),
        ("{'a': 1}", "{\"a\":1}", "object"),
    ])
    func `prints the value and its type`(text: String, value: String, type: String) throws {
        let data = #"{"data": {"total": 20, "name": "Ann", "items": [{"q": 1}, {"q": 2}]}}"#
        let folder = try ScratchFolder()
        let file = try folder.write(data, to: "data.json")

        let run = try CommandLineRun("eval", text, "--data", file)

        #expect(run.code == 0, "\(run.errors)")
        #expect(run.lines == [value, "type: \(type)"])
    }

    @Test func `shows a mistake at its place, with what may be meant`() throws {
        let run = try CommandLineRun(
            "eval", "data.ammount\n > 5", "--data", "-", input: #"{"data": {"amount": 7}}"#)

        #expect(run.code == 1)
        #expect(run.output == "")
        #expect(
            run.errors == """
                error: data has no field "ammount"
                  data.ammount
                       ^^^^^^^ did you mean "amount"?
                  note: data is {amount: integer}

                """)
    }

    @Test func `shows a failure at run time at its place`() throws {
        let run = try CommandLineRun("eval", "7 + 1 / 0 - 2")

        #expect(run.code == 1)
        #expect(
            run.errors == """
                error: division by zero
                  7 + 1 / 0 - 2
                      ^^^^^

                """)
    }

    @Test func `writes one JSON object for machines`() throws {
        #expect(
            try CommandLineRun("eval", "[1, 2]", "--format", "json").output
                == "{\"value\":[1,2],\"type\":\"integer[]\"}\n")
        let run = try CommandLineRun("eval", "1 +\n x", "--format", "json")
        #expect(run.code == 1)
        #expect(run.output.contains("\"line\":2,\"column\":2"))
    }

    @Test(arguments: [
        (["eval"], "needs one expression"),
        (["eval", "1", "--data", "/nowhere.json"], "can not be read"),
        (["eval", "--jsonl", "/nowhere.jsonl"], "/nowhere.jsonl"),
    ])
    func `says what to do about wrong words`(words: [String], sentence: String) throws {
        let run = try CommandLineRun(all: words)

        #expect(run.code == 2)
        #expect(run.errors.contains(sentence))
    }

    @Test func `refuses data that is no object of variables, with its place`() throws {
        let run = try CommandLineRun("eval", "1", "--data", "-", input: "{\n\"a\": }")

        #expect(run.code == 2)
        #expect(run.errors.contains("see line 2"))
    }

    @Test func `answers line by line, in values that keep their types`() throws {
        let lines = """
            {"expr": "x + 1u", "bindings": {"x": {"t": "uint", "v": "7"}}}
            {"expr": "{'k': [1.5, b'a', null]}"}
            {"expr": "1 / 0", "bindings": {}}

            {"bindings": {}}
            {"expr": "x || true", "disable_check": true}
            {"expr": "duration('90s')"}
            """

        let run = try CommandLineRun("eval", "--jsonl", input: lines)

        #expect(run.code == 1)
        #expect(
            run.lines == [
                #"{"value":{"t":"uint","v":"8"}}"#,
                #"{"value":{"t":"map","v":[[{"t":"string","v":"k"},{"t":"list","v":["#
                    + #"{"t":"double","v":"1.5"},{"t":"bytes","v":"YQ=="},{"t":"null"}]}]]}}"#,
                #"{"error":["division by zero"]}"#,
                #"{"error":["line 5 is no object with \"expr\" and \"bindings\""]}"#,
                #"{"value":{"t":"bool","v":true}}"#,
                #"{"value":{"t":"duration","v":"90s"}}"#,
            ])
    }

    private static let conformance = CommandLineRun.root.deletingLastPathComponent()
        .appending(path: "shared/data/cel/conformance.jsonl")

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: conformance.path),
            "shared/data/cel is not beside the package"))
    func `answers the conformance suite as it expects`() throws {
        let run = try CommandLineRun("eval", "--jsonl", Self.conformance.path)
        let cases = try String(contentsOf: Self.conformance, encoding: .utf8)
            .split(separator: "\n").map(Self.object)
        let answers = try run.lines.map { try Self.object(Substring($0)) }

        #expect(run.code == 0)
        #expect(answers.count == cases.count)
        var wrong: [String] = []
        for (test, answer) in zip(cases, answers) {
            let expected = test["expect"] as? [String: Any] ?? [:]
            let isOutside = test["container"] != nil || test["check_only"] != nil
            let isRight = expected["value"].map { wanted in
                answer["value"].map { Self.text($0) == Self.text(wanted) } ?? false
            }
            if !isOutside, !(isRight ?? (answer["error"] != nil)) {
                wrong.append(test["id"] as? String ?? "")
            }
        }
        #expect(wrong == [])
    }

    private static func object(_ line: Substring) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    /// A tagged value as text; numbers by value, and maps in one order.
    private static func text(_ value: Any) -> String {
        guard let object = value as? [String: Any], let tag = object["t"] as? String else {
            return "\(value)"
        }
        let parts = (object["v"] as? [Any]) ?? []
        switch tag {
        case "double": return "double \(Double(object["v"] as? String ?? "") ?? 0)"
        case "duration":
            return "duration \(Double((object["v"] as? String ?? "").dropLast()) ?? 0)"
        case "list": return "list \(parts.map(text))"
        case "map":
            return
                "map \(parts.map { ($0 as? [Any] ?? []).map(text).joined(separator: ":") }.sorted())"
        default: return "\(tag) \(object["v"] ?? "")"
        }
    }
}
