// Whatever the bytes are: reading never fails, and every finding stands inside the file.
import Foundation
import Testing

@testable import MinkDefinition

@Suite("A reader of hostile text")
struct HostileTextTests {
    private static let tokens = [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "1e999", "-0.5", "\"= event.\"",
        "\"= \"",
        "\"\\ud800\"", "\"=data.x[\"", "\"states\":", "\"use\":[\"a.workflow.json\"],",
        "\"$ref\":\"#\"",
        "{\"$ref\":\"#/$defs/a\"}", "\"final\":1", "\"on\":{}", "\u{FEFF}", "//",
        "99999999999999999999",
        "\"é東京🙂\"", "\"allow\":[{}]", "\"goto\":\"A\"", "\"description\":{}", "\"default\":null",
    ]

    private func mutate(_ text: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var text = text
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...max(0, text.count - 1), using: &random)
            let end = min(text.count, place + Int.random(in: 0...40, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where !text.isEmpty:
                text[place] = UInt8.random(in: 0...255, using: &random)
            case 1:
                text.removeSubrange(place..<end)
            case 2:
                text.insert(contentsOf: text[place..<end], at: place)
            case 3:
                swapTokens(&text, &random)
            default:
                let token = Self.tokens.randomElement(using: &random) ?? ""
                text.insert(contentsOf: token.utf8, at: place)
            }
        }
        return text
    }

    /// Puts one text of the file where another one was, so that it stays JSON.
    private func swapTokens(_ text: inout [UInt8], _ random: inout SplitMix) {
        var quotes: [Int] = []
        for (index, byte) in text.enumerated() where byte == UInt8(ascii: "\"") {
            quotes.append(index)
        }
        guard quotes.count > 4 else { return }
        let first = Int.random(in: 0..<(quotes.count / 2), using: &random) * 2
        let second = Int.random(in: 0..<(quotes.count / 2), using: &random) * 2
        let token = Array(text[quotes[first]...quotes[first + 1]])
        text.replaceSubrange(quotes[second]...quotes[second + 1], with: token)
    }

    private func check(_ bytes: [UInt8]) {
        let reader = DefinitionReader(files: MemoryFiles(files: ["a.workflow.json": "{}"]))
        let result = reader.read(.init(file: "x/a.workflow.json", bytes: bytes))
        for finding in result.findings {
            let spans = [finding.span] + finding.related.map(\.span)
            for span in spans {
                guard let source = result.sources[span.file] else {
                    Issue.record("a finding in a file that was not read: \(finding)")
                    continue
                }
                let start = (span.line, span.column)
                let end = source.position(ofByte: source.bytes.count)
                let isInside =
                    span.line >= 1 && span.column >= 1 && start <= (span.endLine, span.endColumn)
                    && (span.endLine, span.endColumn) <= (end.line, end.column)
                #expect(isInside, "\(finding)")
            }
        }
        _ = PrettyRenderer().render(result.findings, sources: result.sources)
        if result.definition != nil { #expect(!result.findings.hasErrors) }
    }

    @Test(arguments: 0..<40)
    func `finds places inside the file, and never fails`(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed) &* 7_919)
        let original = Array(Samples.everything.utf8)
        for _ in 0..<25 { check(mutate(original, &random)) }
    }

    @Test(arguments: [
        "", " ", "\n", "{", "[]", "null", "\"x\"", "{\"workflow\":", "\u{FEFF}{}", "\u{FEFF}",
        "{\"states\":{\"A\":{\"on\":{\"E\":[", "<xml/>", "{}{}",
    ])
    func `stands texts that are almost nothing`(text: String) {
        check(Array(text.utf8))
    }

    @Test func `refuses types that refer to themselves, or unfold without end`() {
        let circle = Samples.read(
            Samples.everything.replacing(
                "\"money\": {",
                with:
                    "\"a\": { \"$ref\": \"#/$defs/money\" }, \"money\": { \"$ref\": \"#/$defs/a\", "
            ))
        #expect(circle.findings.contains { $0.rule == .includeProblem })

        let pairs = (1...40).map {
            "\"d\($0)\": {\"properties\": {\"a\": {\"$ref\": \"#/$defs/d\($0 - 1)\"}, "
                + "\"b\": {\"$ref\": \"#/$defs/d\($0 - 1)\"}}}"
        }
        let bomb = Samples.read(
            Samples.everything.replacing(
                "\"money\": { \"type\": \"decimal\", \"minimum\": 0 }",
                with: "\"d0\": \"string\", \(pairs.joined(separator: ", ")), "
                    + "\"money\": {\"$ref\": \"#/$defs/d40\"}"))
        #expect(bomb.findings.contains { $0.rule == .tooBig })
    }
}

@Suite("A reader of large files")
struct LargeFileTests {
    /// A chain of states, as many as wanted, all in one line.
    private func chain(_ count: Int) -> String {
        let states = (0..<count).map { number in
            "\"S\(number)\": {\"description\": \"x\", \"on\": {\"Go\": [{\"when\": \"event.n > \(number)\", "
                + "\"set\": {\"n\": \"= event.n + data.n\"}, \"emit\": [\"Tell\"], \"goto\": \"S\((number + 1) % count)\"}, "
                + "{\"otherwise\": true, \"goto\": \"End\"}]}}"
        }
        return """
            {"workflow": "Chain", "version": 1, "description": "x", "correlateBy": "id", \
            "data": {"id": "string", "n": {"type": "integer", "default": 0}}, \
            "events": {"Go": {"fields": {"id": "string", "n": "integer"}, "uniqueBy": "n"}}, \
            "commands": {"Tell": {"undo": "none", "with": {"n": "= data.n"}}}, \
            "deadline": {"after": "9d", "fail": "slow"}, "compensation": {"endIn": "Bad"}, \
            "start": {"Go": {"set": {"id": "= event.id"}, "goto": "S0", "onExisting": "deliver"}}, \
            "states": {\(states.joined(separator: ", ")), "End": {"final": "completed"}, \
            "Bad": {"final": "failed"}}}
            """
    }

    @Test func `reads 1,900 states in one line`() {
        let result = Samples.read(chain(1_900))

        #expect(
            result.findings.isEmpty, "\(TextRenderer().render(Array(result.findings.prefix(5))))")
        #expect(result.definition?.states.count == 1_902)
    }

    @Test func `refuses more than 2,000 states`() {
        let result = Samples.read(chain(2_050))

        #expect(result.findings.contains { $0.rule == .tooBig })
        #expect(result.definition == nil)
    }

    @Test func `says everything about a file in which nothing is right`() {
        let text = chain(1_500).replacing("event.n", with: "event.m").replacing(
            "Tell\"]", with: "Told\"]")
        let result = Samples.read(text)

        #expect(result.findings.count { $0.rule == .unknownField } == 3_000)
        #expect(result.findings.count { $0.rule == .unknownCommand } == 1_500)
    }
}
