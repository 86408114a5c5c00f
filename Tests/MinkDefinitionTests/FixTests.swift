// Fixes: which are carried out, and what a text looks like afterwards.
import Testing

@testable import MinkDefinition

@Suite("A fix")
struct FixTests {
    private func fixed(_ text: String) -> (text: String, count: Int) {
        let result = DefinitionReader().read(file: "a.workflow.json", bytes: Array(text.utf8))
        guard let source = result.sources["a.workflow.json"] else { return ("", -1) }
        let fixed = FixedText(source, fixing: result.findings)
        return (String(decoding: fixed.bytes, as: UTF8.self), fixed.fixed.count)
    }

    @Test(arguments: [
        (
            text: "{ // note\n \"workflow\": \"A\" }", becomes: "{ \n \"workflow\": \"A\" }",
            count: 1
        ),
        (text: "{ /* é */ \"workflow\": \"é\", }", becomes: "{  \"workflow\": \"é\" }", count: 2),
        (text: "{ 'workflow': 'A' }", becomes: "{ \"workflow\": \"A\" }", count: 2),
        (text: "{ workflow: \"A\" }", becomes: "{ \"workflow\": \"A\" }", count: 1),
        (text: "\u{FEFF}{ \"workflow\": \"A\" }", becomes: "{ \"workflow\": \"A\" }", count: 1),
        (text: "\u{FEFF}{ 'workflow': \"A\", }", becomes: "{ \"workflow\": \"A\" }", count: 3),
        // A guess is offered, but not made unasked.
        (text: "{ \"workflw\": \"A\" }", becomes: "{ \"workflw\": \"A\" }", count: 0),
    ])
    func `makes plain JSON of what other kinds allow`(text: String, becomes: String, count: Int) {
        let result = fixed(text)

        #expect(result.text == becomes)
        #expect(result.count == count)
    }

    @Test func `gives a forgotten equals sign back`() {
        let text = Samples.everything.replacing(
            "\"note\": \"== literal\"", with: "\"note\": \"data.id\"")

        let result = fixed(text)

        #expect(result.count == 1)
        #expect(result.text.contains("\"note\": \"= data.id\""))
        #expect(Samples.read(result.text).findings.isEmpty)
    }

    private static let exception = "{ \"code\": \"MW7001\", \"because\": \"x\" }"

    @Test(arguments: [
        ("\"allow\": \(exception), \"final\": \"completed\"", 1),
        ("\"final\": \"completed\", \"allow\": [\(exception)]", 1),
        ("\"final\": \"completed\",\n \"allow\": [\n\(exception)\n]\n", 1),
    ])
    func `removes an exception that nothing needs`(members: String, count: Int) throws {
        let text = Samples.everything.replacing(
            "\"Done\": { \"final\": \"completed\" }", with: "\"Done\": { \(members) }")
        #expect(Samples.read(text).findings.map(\.rule) == [.unusedAllow])

        let result = fixed(text)

        #expect(result.count == count)
        #expect(!result.text.contains("MW7001"))
        #expect(Samples.read(result.text).findings.isEmpty)
        #expect(
            Samples.read(result.text).definition?.identity.fingerprint
                == Samples.read(Samples.everything).definition?.identity.fingerprint)
    }

    @Test func `removes one exception of several, and the rest in the next round`() {
        let other = "{ \"code\": \"MW7002\", \"because\": \"x\" }"
        let text = Samples.everything.replacing(
            "\"Done\": { \"final\": \"completed\" }",
            with: "\"Done\": { \"final\": \"completed\", \"allow\": [\(Self.exception), \(other)] }"
        )

        let first = fixed(text)
        let second = fixed(first.text)

        #expect(first.count == 1)
        #expect(Samples.read(second.text).findings.isEmpty)
        #expect(!second.text.contains("MW700"))
    }
}

@Suite("An exception that accepts nothing")
struct UnusedExceptionTests {
    private func rules(_ old: String, _ new: String, version: Int = 1) -> [Rule] {
        Samples.read(Samples.everything.replacing(old, with: new)).findings.map(\.rule)
    }

    private func allow(_ code: String) -> String {
        "\"allow\": { \"code\": \"\(code)\", \"because\": \"x\" }"
    }

    @Test func `is a finding at the exception`() throws {
        let text = Samples.everything.replacing(
            "\"version\": 1,", with: "\"version\": 1, \(allow("MW2007")),")
        let finding = try #require(Samples.read(text).findings.first)

        #expect(finding.rule == .unusedAllow)
        #expect(finding.message == "nothing here gives MW2007 any more; remove the exception")
        #expect(finding.span.pointer == "/allow")
    }

    @Test(arguments: ["MW8002", "MW6006", "MW9002"])
    func `is not judged by a reading that can not see what it is for`(code: String) {
        #expect(rules("\"version\": 1,", "\"version\": 1, \(allow(code)),").isEmpty)
    }

    @Test func `is not judged in a file whose mistakes hide parts of it`() {
        let found = rules("\"version\": 1,", "\"version\": 1, \"x\": 1, \(allow("MW2007")),")

        #expect(found == [.unknownKey])
    }

    @Test func `accepts what only shows between files`() {
        let first = Samples.everything
        let second = first.replacing("\"Everything\"", with: "\"Other\"").replacing(
            "\"start\": { \"Asked\"", with: "\(allow("MW6006")), \"start\": { \"Asked\"")
        let findings = DefinitionReader().validate([
            .init(file: "a.workflow.json", bytes: Array(first.utf8)),
            .init(file: "b.workflow.json", bytes: Array(second.utf8)),
        ]).findings

        #expect(findings.isEmpty)
    }
}

@Suite("A difference of lines")
struct LineDiffTests {
    private func diff(_ old: String, _ new: String) -> String {
        LineDiff(file: "a.json", old: Array(old.utf8), new: Array(new.utf8)).text
    }

    @Test func `is empty for the same text`() {
        #expect(diff("a\nb\n", "a\nb\n").isEmpty)
    }

    @Test func `shows three lines around each change`() {
        let old = (1...20).map { "\($0)\n" }.joined()
        let new = old.replacing("\n10\n", with: "\nten\n").replacing("20\n", with: "")

        #expect(
            diff(old, new) == """
                --- a.json
                +++ a.json
                @@ -7,7 +7,7 @@
                 7
                 8
                 9
                -10
                +ten
                 11
                 12
                 13
                @@ -17,4 +17,3 @@
                 17
                 18
                 19
                -20

                """)
    }

    @Test func `says that a text ends without a line break`() {
        #expect(
            diff("a\nb", "a\n") == """
                --- a.json
                +++ a.json
                @@ -1,2 +1,1 @@
                 a
                -b
                \\ No newline at end of file

                """)
    }

    @Test func `begins at line 0 for an empty text`() {
        #expect(diff("", "a\n").contains("@@ -0,0 +1,1 @@"))
    }
}
