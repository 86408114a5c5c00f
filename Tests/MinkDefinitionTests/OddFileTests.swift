// Files that are not what they seem: hidden characters, other languages, exceptions that accept
// nothing, and data that goes where it should not.
import Testing

@testable import MinkDefinition

@Suite("A file that is not what it seems")
struct OddFileTests {
    private func findings(_ old: String, _ new: String) -> [Finding] {
        let text = Samples.everything.replacing(old, with: new)
        #expect(text != Samples.everything, "\(old) is not in the sample")
        return Samples.read(text).findings
    }

    @Test(arguments: [
        (
            "\"Stopped\"", "\"St\u{43E}pped\"",
            "state \"St\u{43E}pped\" holds a letter that looks like \"o\" but is not"
        ),
        (
            "\"Stopped\"", "\"Stop\u{200D}ped\"",
            "state \"Stop‹U+200D›ped\" holds a hidden character (U+200D)"
        ),
        (
            "\"sku\": \"= line.sku\"", "\"s\u{43A}u\u{200B}\": \"= line.sku\"",
            "the name \"s\u{43A}u‹U+200B›\" holds a hidden character (U+200B)"
        ),
        (
            "waits for money", "waits for\u{202E} money",
            "this text holds a hidden character (U+202E)"
        ),
        (
            "waits for money", "waits for\\u202e money",
            "this text holds a hidden character (U+202E)"
        ),
    ])
    func `shows its hidden characters`(old: String, new: String, says: String) {
        let found = findings(old, new)

        #expect(found.contains { $0.rule == .hiddenCharacters && $0.message == says }, "\(found)")
        #expect(found.allSatisfy { $0.rule == .hiddenCharacters }, "\(found)")
    }

    @Test(arguments: ["wartet auf Geld für später", "ждёт денег", "👩‍👩‍👧 می‌خواهم", "\\u00e9"])
    func `may be written in any language`(text: String) {
        #expect(findings("waits for money", text).isEmpty)
    }

    @Test(arguments: [
        ("{ \"StartAt\": \"A\", \"States\": { \"A\": {} } }", "Amazon States Language"),
        ("{ \"document\": { \"dsl\": \"1.0.0\" }, \"do\": [] }", "a Serverless Workflow"),
        ("{ \"id\": \"a\", \"specVersion\": \"0.8\", \"states\": [] }", "a Serverless Workflow"),
        ("document:\n  dsl: '1.0.0'\ndo:\n  - a: {}\n", "a Serverless Workflow"),
        ("{ \"id\": \"a\", \"initial\": \"b\", \"states\": {} }", "an XState machine"),
        (
            "import { createMachine } from 'xstate';\nexport const m = createMachine({});\n",
            "an XState machine"
        ),
        ("<?xml version=\"1.0\"?>\n<bpmn:definitions xmlns:bpmn=\"x\"></bpmn:definitions>", "BPMN"),
        ("\u{FEFF}<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"/>", "BPMN"),
    ])
    func `of another engine is named in one sentence`(text: String, language: String) {
        let result = Samples.read(text)

        #expect(result.findings.map(\.rule) == [.otherLanguage])
        #expect(
            result.findings.first?.sentence == "this looks like \(language); see \"importing\"")
        #expect(result.definition == nil)
    }

    @Test(arguments: [
        "", "x", "<", "workflow: A\nversion: 1\n", "{ \"workflow\": \"A\", \"StartAt\": 1 }",
    ])
    func `is none of another engine without a sign of it`(text: String) {
        #expect(!Samples.read(text).findings.contains { $0.rule == .otherLanguage })
    }

    // MARK: Exceptions

    private static let unused = "{ \"code\": \"MW7001\", \"because\": \"x\" }"

    @Test(arguments: [
        ("\"retain\": \"10d\",", "\"retain\": \"10d\", \"allow\": [\(unused)],"),
        ("\"retain\": \"10d\",", "\"allow\": \(unused), \"retain\": \"10d\","),
        ("\"final\": \"completed\"", "\"final\": \"completed\", \"allow\": [\(unused)]"),
    ])
    func `has exceptions that accept nothing any more`(old: String, new: String) throws {
        let found = findings(old, new)

        #expect(found.map(\.rule) == [.unusedAllow])
        #expect(
            found.first?.sentence
                == "nothing here gives MW7001 any more; remove the exception")
        let text = Samples.everything.replacing(old, with: new)
        let edit = try #require(found.first?.fix?.edits.first)
        let fixed = Samples.read(apply(edit, to: text))
        #expect(fixed.findings.isEmpty)
        #expect(fixed.definition != nil)
    }

    @Test func `keeps the other exceptions when one is removed`() throws {
        let both =
            "\"Spare\": { \"allow\": [{ \"code\": \"MW4001\", \"because\": \"later\" }, "
            + "\(Self.unused)], \"final\": \"failed\" }, \"Stopped\": {"
        let found = findings("\"Stopped\": {", both)

        #expect(found.map(\.rule) == [.unusedAllow])
        let edit = try #require(found.first?.fix?.edits.first)
        let text = Samples.everything.replacing("\"Stopped\": {", with: both)
        #expect(Samples.read(apply(edit, to: text)).findings.isEmpty)
    }

    @Test func `keeps its exceptions while mistakes may hide what they accept`() {
        let found = findings(
            "\"retain\": \"10d\",", "\"retein\": \"10d\", \"allow\": [\(Self.unused)],")

        #expect(found.map(\.rule) == [.unknownKey])
    }

    @Test func `can accept what another file clashes with`() {
        let second = Samples.everything.replacing("\"Everything\"", with: "\"Other\"").replacing(
            "\"retain\": \"10d\",",
            with: "\"retain\": \"10d\", \"allow\": { \"code\": \"MW6006\", \"because\": \"both\" },"
        )
        let result = DefinitionReader().validate([
            .init(file: "a.workflow.json", bytes: Array(Samples.everything.utf8)),
            .init(file: "b.workflow.json", bytes: Array(second.utf8)),
        ])

        #expect(result.findings.isEmpty, "\(TextRenderer().render(result.findings))")
    }

    /// The text after one edit.
    private func apply(_ edit: Fix.Edit, to text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            Array($0.unicodeScalars)
        }
        let before = lines[..<(edit.span.line - 1)].map { $0[...] }
        let first = lines[edit.span.line - 1][..<(edit.span.column - 1)]
        let last = lines[edit.span.endLine - 1][(edit.span.endColumn - 1)...]
        let all =
            before + [first + Array(edit.newText.unicodeScalars) + last]
            + lines[edit.span.endLine...].map { $0[...] }
        return all.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
    }

    // MARK: Data that leaves

    @Test(arguments: [
        (
            "\"note\": \"== literal\"", "\"note\": \"= data.?name.orValue('')\"",
            "\"name\" is personal and would go to \"carrier\""
        ),
        (
            "\"note\": \"== literal\"", "\"note\": { \"all\": [\"= data\"] }",
            "\"data\" is personal and would go to \"carrier\""
        ),
        (
            "\"fail\": \"late\"", "\"fail\": \"= 'late: ' + data.?name.orValue('')\"",
            "\"name\" is personal and would stand in the reason of the failure"
        ),
    ])
    func `would tell others what is personal`(old: String, new: String, says: String) {
        let found = findings(old, new)

        #expect(found.map(\.rule) == [.personalDataOut])
        #expect(found.first?.message == says)
    }

    @Test func `may tell a destination that is cleared what is personal`() {
        var options = DefinitionReader.Options()
        options.personalDestinations = ["carrier"]
        let text = Samples.everything.replacing(
            "\"note\": \"== literal\"", with: "\"note\": \"= data.?name.orValue('')\"")
        let found = DefinitionReader(options: options).read(
            .init(file: "a.workflow.json", bytes: Array(text.utf8))
        ).findings

        #expect(found.isEmpty)
    }

    @Test func `may name a destination that nobody configured`() {
        var options = DefinitionReader.Options()
        options.destinations = ["carriers"]
        let found = DefinitionReader(options: options).read(
            .init(file: "a.workflow.json", bytes: Array(Samples.everything.utf8))
        ).findings

        #expect(
            found.map(\.sentence) == [
                "destination \"carrier\" is not configured; did you mean \"carriers\"?"
            ])
    }

    // MARK: Keys and costs

    @Test func `has a computed key of another type`() {
        let found = findings(
            "\"correlate\": \"= event.order.id\"", "\"correlate\": \"= size(event.order.id)\"")

        #expect(
            found.map(\.message) == [
                "the key is a string in Asked but an integer in Paid; \"7\" and 7 are different "
                    + "sagas"
            ])
    }

    @Test func `has items of which many share a key`() {
        let text = Samples.everything.replacing(
            "\"total\": \"decimal\", \"lines\": \"object[]\"",
            with: "\"total\": \"decimal\", \"lines\": { \"type\": \"array\", \"items\": { "
                + "\"type\": \"object\", \"required\": [\"sku\"], \"properties\": { "
                + "\"sku\": { \"enum\": [\"a\", \"b\"] } } } }"
        ).replacing("\"key\": \"= string(line.sku)\"", with: "\"key\": \"= line.sku\"")

        #expect(
            Samples.read(text).findings.map(\.message) == [
                "only 2 different keys are possible, so that items share them"
            ])
    }

    @Test(arguments: [
        ("= event.lines.map(a, event.lines.map(b, a.sku + b.sku)).size()", 1),
        ("= event.lines.map(a, a.sku).size()", 0),
        ("= [1, 2].map(a, event.lines.map(b, a)).size()", 0),
        ("= [1, 2].map(a, [3, 4].map(b, [5].map(c, a + b + c))).size()", 0),
    ])
    func `has loops that cost too much`(value: String, count: Int) {
        let found = findings(
            "\"set\": { \"id\": \"= event.id\" }, \"emit\": [\"Ship\"]",
            "\"set\": { \"id\": \"= event.id\", \"count\": \"\(value)\" }, \"emit\": [\"Ship\"]"
        ).filter { $0.rule == .tooCostly }

        #expect(found.count == count)
        #expect(
            found.allSatisfy {
                $0.message == "can need more than 10,000 steps for 100 items"
            })
    }
}
