// What findings look like: for people, for editors and for machines.
import Foundation
import Testing

@testable import MinkDefinition

@Suite("Rendered findings")
struct RenderingTests {
    private let file = "workflows/order.workflow.json"

    private func rendered(
        _ text: String, _ range: Range<Int>, _ message: String = "is wrong", help: String? = nil,
        note: String? = nil, related: Range<Int>? = nil, colour: Bool = false
    ) -> String {
        let source = SourceText(file: file, bytes: Array(text.utf8))
        let finding = Finding(
            .unknownField, message, at: source.span(range, pointer: "/a"),
            related: related.map {
                [RelatedPlace("it comes from here", at: source.span($0, pointer: ""))]
            }
                ?? [], help: help, note: note)
        return PrettyRenderer(colour: colour).render([finding], sources: [file: source])
    }

    @Test(.enabled(if: TestFiles.exists(TestFiles.mistakes)))
    func `show the line, carets below the place, and what helps`() throws {
        let name = "23-event-field-misspelt.workflow.json"
        let bytes = try TestFiles.bytes(TestFiles.mistakes.appending(path: name))
        let result = DefinitionReader().read(
            file: "workflows/order-fulfillment.workflow.json", bytes: bytes)

        let text = PrettyRenderer().render(
            result.findings.filter { $0.severity == .error }, sources: result.sources)

        #expect(
            text == """
                error[MW3002] unknown-field: event PaymentReceived has no field "ammount"
                  --> workflows/order-fulfillment.workflow.json:68:28   /states/AwaitingPayment/on/PaymentReceived/0/when
                   |
                68 |           { "when": "event.ammount >= data.total",
                   |                            ^^^^^^^ did you mean "amount"?
                   |
                   = note: PaymentReceived is {orderId: string, paymentId: string, amount: decimal}
                   = more: mink-workflow explain MW3002

                """)
        #expect(
            TextRenderer().render(result.findings.filter { $0.severity == .error }) == """
                workflows/order-fulfillment.workflow.json:68:28: error: event PaymentReceived has no \
                field "ammount"; did you mean "amount"? [MW3002]

                """)
    }

    @Test func `show a related place with its own line`() {
        let text = rendered("one\ntwo\nthree\n", 8..<13, related: 0..<3)

        #expect(
            text == """
                error[MW3002] unknown-field: is wrong
                 --> workflows/order.workflow.json:3:1   /a
                  |
                3 | three
                  | ^^^^^
                 ::: workflows/order.workflow.json:1:1
                  |
                1 | one
                  | --- it comes from here
                  |
                  = more: mink-workflow explain MW3002

                """)
    }

    @Test(arguments: [
        // Tabs become spaces, in the line and below it.
        (text: "\t\tbad", range: 2..<5, line: "        bad", carets: "        ^^^"),
        // Columns count scalars, carets count what a terminal shows.
        (text: "é東京 bad", range: 9..<12, line: "é東京 bad", carets: "      ^^^"),
        (text: "e\u{301} bad", range: 4..<7, line: "e\u{301} bad", carets: "  ^^^"),
        (text: "🙂 bad", range: 5..<8, line: "🙂 bad", carets: "   ^^^"),
        // Nothing may move the cursor of a terminal or turn the text around.
        (text: "\u{1B}[31m bad", range: 6..<9, line: "\\u001b[31m bad", carets: "           ^^^"),
        (text: "\u{202E} bad", range: 4..<7, line: "\\u202e bad", carets: "       ^^^"),
        // A place without length still gets a caret.
        (text: "bad", range: 3..<3, line: "bad", carets: "   ^"),
        // A place of several lines is marked to the end of the first.
        (text: "{ bad\n}", range: 2..<7, line: "{ bad", carets: "  ^^^"),
    ])
    func `put carets below the place`(
        text: String, range: Range<Int>, line: String, carets: String
    ) {
        let lines = rendered(text, range).split(separator: "\n", omittingEmptySubsequences: false)

        #expect(lines[3] == "1 | \(line)")
        #expect(lines[4] == "  | \(carets)")
    }

    @Test func `cut a very long line around the place`() throws {
        let text = String(repeating: "x", count: 500) + "BAD" + String(repeating: "y", count: 500)
        let lines = rendered(text, 500..<503).split(separator: "\n")

        let shown = lines[3].dropFirst("1 | ".count)
        #expect(shown.count < 180)
        #expect(shown.hasPrefix("… xxx") && shown.hasSuffix("yyy …"))
        let place = try #require(Array(lines[4]).firstRange(of: Array("^^^")))
        #expect(String(Array(lines[3])[place]) == "BAD")
    }

    @Test func `keep control characters of names out of messages`() {
        let text = rendered("bad", 0..<3, "there is no state \"\u{1B}[2J\"")

        #expect(text.hasPrefix("error[MW3002] unknown-field: there is no state \"\\u001b[2J\"\n"))
    }

    @Test func `are coloured only when asked`() {
        #expect(!rendered("bad", 0..<3).contains("\u{1B}"))
        #expect(rendered("bad", 0..<3, colour: true).contains("\u{1B}[1;31m^^^\u{1B}[0m"))
    }

    @Test func `are one JSON document for machines`() {
        let source = SourceText(file: file, bytes: Array("{\"a\": 1}".utf8))
        let span = source.span(1..<4, pointer: "/a")
        var finding = Finding(.unused, "is \"never\" used\n", at: span)
        finding.fix = Fix("remove it", edits: [.init(span: span, newText: "")])

        let text = JSONRenderer().render(
            [finding],
            files: [
                CheckedFile(
                    file: file,
                    identity: .init(workflow: "Orders", version: 3, fingerprint: "ab"))
            ])

        #expect(
            text == """
                {
                  "formatVersion": 1,
                  "counts": {
                    "files": 1,
                    "errors": 0,
                    "warnings": 1,
                    "infos": 0
                  },
                  "files": [
                    {
                      "file": "workflows/order.workflow.json",
                      "workflow": "Orders",
                      "version": 3,
                      "fingerprint": "ab"
                    }
                  ],
                  "diagnostics": [
                    {
                      "code": "MW2007",
                      "slug": "unused",
                      "severity": "warning",
                      "message": "is \\"never\\" used\\n",
                      "file": "workflows/order.workflow.json",
                      "line": 1,
                      "column": 2,
                      "endLine": 1,
                      "endColumn": 5,
                      "pointer": "/a",
                      "related": [],
                      "help": null,
                      "note": null,
                      "fix": {
                        "title": "remove it",
                        "edits": [
                          {
                            "file": "workflows/order.workflow.json",
                            "line": 1,
                            "column": 2,
                            "endLine": 1,
                            "endColumn": 5,
                            "pointer": "/a",
                            "newText": ""
                          }
                        ]
                      }
                    }
                  ]
                }

                """)
    }
}

@Suite("The levels of findings")
struct FindingLevelsTests {
    private func finding(_ rule: Rule) -> Finding {
        Finding(
            rule, "",
            at: SourceSpan(file: "", line: 1, column: 1, endLine: 1, endColumn: 1, pointer: ""))
    }

    @Test(
        arguments: [
            (set: ["MW7=error"], rule: Rule.noTimeout, severity: Severity.error),
            (set: ["MW7=error", "MW7001=info"], rule: .noTimeout, severity: .info),
            (set: ["MW7001=info", "MW7=error"], rule: .noTimeout, severity: .info),
            (set: ["MW7001=info", "MW7001=error"], rule: .noTimeout, severity: .error),
            (set: ["MW7=off"], rule: .noTimeout, severity: nil),
            (set: ["MW7=off"], rule: .unused, severity: .warning),
            (set: ["MW9=off"], rule: .secret, severity: .error),
        ] as [(set: [String], rule: Rule, severity: Severity?)])
    func `can be set for rules and families`(set: [String], rule: Rule, severity: Severity?) throws
    {
        var levels = FindingLevels()
        for entry in set {
            let parts = entry.split(separator: "=").map(String.init)
            let level = try #require(FindingLevels.Level(rawValue: parts[1]))
            let isKnown = levels.set(parts[0], to: level)
            #expect(isKnown)
        }

        #expect(levels.applied(to: [finding(rule)]).first?.severity == severity)
    }

    @Test func `know only rules that exist`() {
        var levels = FindingLevels()

        let known = ["MW3999", "", "MW"].map { levels.set($0, to: .off) }

        #expect(known == [false, false, true])
    }

    @Test func `make errors of warnings when they are strict`() {
        let findings = FindingLevels(strict: true).applied(
            to: [finding(.unused), finding(.noDescription)])

        #expect(findings.map(\.severity) == [.error, .info])
    }

    @Test(arguments: [
        (level: FindingLevels.FailOn.error, fails: false), (level: .warning, fails: true),
        (level: .info, fails: true), (level: .never, fails: false),
    ])
    func `decide when a run fails`(level: FindingLevels.FailOn, fails: Bool) {
        #expect([finding(.unused)].fail(on: level) == fails)
    }

    @Test func `have a slug for each code`() {
        #expect(Rule.unknownField.slug == "unknown-field")
        #expect(Rule.notPlainJson.slug == "not-plain-json")
        #expect(Set(Rule.allCases.map(\.slug)).count == Rule.allCases.count)
    }
}
