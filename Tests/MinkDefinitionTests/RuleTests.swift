// One small change to a right workflow, and what is said about it then.
import Testing

@testable import MinkDefinition

@Suite("A mistake in a workflow")
struct RuleTests {
    /// A change, the rule that it breaks, and the words of the file that the finding marks.
    struct Mistake: Sendable, CustomTestStringConvertible {
        let old: String
        let new: String
        let rule: Rule
        let marks: String
        let says: String

        init(_ old: String, _ new: String, _ rule: Rule, _ marks: String, _ says: String = "") {
            self.old = old
            self.new = new
            self.rule = rule
            self.marks = marks
            self.says = says
        }

        var testDescription: String { "\(rule.code) \(new)" }
    }

    static let shape: [Mistake] = [
        Mistake(
            "\"retain\"", "\"retein\"", .unknownKey, "\"retein\"",
            "a workflow has no \"retein\"; did you mean \"retain\"?"),
        Mistake(
            "\"compensation\": [\"GiveBack\"]", "\"compensations\": [\"GiveBack\"]", .unknownKey,
            "\"compensations\"",
            "a transition has no \"compensations\"; did you mean \"compensation\"?"),
        Mistake("\"atMost\": 2", "\"atMust\": 2", .unknownKey, "\"atMust\""),
        Mistake("\"whenStuck\"", "\"stuck\"", .unknownKey, "\"stuck\""),
        Mistake(
            "\"version\": 1, ", "", .missingKey, "{", "workflow \"Everything\" needs \"version\""),
        Mistake("\"in\": \"= data.lines\", ", "", .missingKey, "\"forEach\""),
        Mistake("\"after\": \"30d\", ", "", .missingKey, "\"deadline\""),
        Mistake(
            "{ \"pointOfNoReturn\": true, \"goto\": \"Done\" }", "[]", .badValue, "[]"),
        Mistake(
            "\"version\": 1", "\"version\": \"1\"", .wrongType, "\"1\"",
            "\"version\" needs a whole number, found the text \"1\""),
        Mistake("\"version\": 1", "\"version\": 1.5", .badValue, "1.5"),
        Mistake("\"version\": 1", "\"version\": 0", .badValue, "0"),
        Mistake("\"jitter\": true", "\"jitter\": 1", .wrongType, "1"),
        Mistake("\"goto\": \"Packing\"", "\"goto\": [\"Packing\", \"Done\"]", .wrongType, "["),
        Mistake("\"fail\": \"late\"", "\"fail\": 5", .wrongType, "5"),
        Mistake(
            "\"retain\": \"10d\"", "\"retain\": \"10\"", .badValue, "\"10\"",
            "\"10\" has no unit; write \"10s\", \"10m\", \"10h\" or \"10d\""),
        Mistake("\"every\": \"1d\"", "\"every\": \"daily\"", .badValue, "\"daily\""),
        Mistake("\"every\": \"1d\"", "\"every\": 5", .wrongType, "5"),
        Mistake(
            "\"final\": \"completed\"", "\"final\": \"complete\"", .badValue, "\"complete\"",
            "\"final\" is one of \"completed\", \"failed\", \"cancelled\", not \"complete\"; "
                + "did you mean \"completed\"?"),
        Mistake(
            "\"whenImpossible\": \"now\"", "\"whenImpossible\": \"soon\"", .badValue, "\"soon\""),
        Mistake("\"need\": \"all\"", "\"need\": \"some\"", .badValue, "\"some\""),
        Mistake(
            "\"key\": \"= string(line.sku)\"", "\"key\": \"line.sku\"", .badValue, "\"line.sku\""),
        Mistake("\"default\": 0", "\"default\": \"none\"", .badValue, "\"none\""),
        Mistake(
            "\"id\": \"string\", \"total\"", "\"id\": \"strin\", \"total\"", .badValue, "\"strin\"",
            "there is no type \"strin\"; did you mean \"string\"?"),
        Mistake("\"enum\": [\"air\", \"road\"]", "\"enums\": [\"air\"]", .unknownKey, "\"enums\""),
        Mistake("\"minimum\": 0", "\"minimum\": \"0\"", .wrongType, "\"0\""),
        Mistake(
            "\"type\": \"string\", \"minLength\": 1", "\"type\": \"string\", \"pattern\": \"a[\"",
            .badValue, "\"a[\"",
            "\"a[\" is no regular expression; the syntax is that of RE2, without references back"),
        Mistake(
            "\"Stopped\": {", "\"Stop ped\": { \"final\": \"failed\" }, \"Stopped\": {", .badName,
            "\"Stop ped\"",
            "a state needs a name of letters, digits, \"_\" or \"-\", at most 80"),
        Mistake("\"Tell\": {", "\"none\": {}, \"Tell\": {", .badName, "\"none\""),
        Mistake(
            "\"Done\": { \"final\"",
            "\"done\": { \"final\": \"completed\" }, \"Done\": { \"final\"",
            .nameClash, "\"Done\"",
            "states \"done\" and \"Done\" differ only in capital letters; rename one of the two"),
        Mistake(
            "\"goto\": \"Packing\"", "\"goto\": \"Packing\", \"fail\": \"x\"", .exclusiveKeys,
            "\"fail\"", "a transition can have \"goto\" or \"fail\", not both"),
        Mistake(
            "\"at\": \"= data.due\"", "\"at\": \"= data.due\", \"after\": \"1d\"", .exclusiveKeys,
            "\"after\""),
        Mistake(
            "{ \"otherwise\": true, \"goto\": \"Paying\" }",
            "{ \"otherwise\": true, \"when\": \"true\", \"goto\": \"Paying\" }", .exclusiveKeys,
            "\"when\""),
        Mistake(
            "\"Cancelled\": { \"ignore\": true }",
            "\"Cancelled\": { \"ignore\": true, \"goto\": \"Done\" }",
            .exclusiveKeys, "\"goto\""),
        Mistake(
            "\"waitFor\":",
            "\"forEach\": {\"in\": \"= data.lines\", \"as\": \"row\", \"key\": "
                + "\"= string(row.sku)\", \"done\": {}}, \"waitFor\":", .exclusiveKeys,
            "\"waitFor\""),
        Mistake(
            "\"Sent\": { \"fields\": {", "\"Sent\": { \"schema\": {}, \"fields\": {",
            .exclusiveKeys,
            "\"fields\""),
        Mistake(
            "\"final\": \"completed\"", "\"final\": \"completed\", \"on\": {}", .keyNotHere,
            "\"on\"",
            "\"Done\" is final, it cannot wait for events; remove \"on\" here"),
        Mistake(
            "\"emit\": \"Ask\" }", "\"emit\": \"Ask\", \"goto\": \"Done\" }", .keyNotHere,
            "\"goto\""),
        Mistake("\"Checked\": {}", "\"Checked\": { \"goto\": \"Done\" }", .keyNotHere, "\"goto\""),
        Mistake(
            "\"delay\": \"5m\", \"keep\": true", "\"keep\": true", .keyNotHere, "\"keep\""),
        Mistake(
            "\"goto\": \"Packing\"", "\"goto\": \"Packing\", \"endIn\": \"Failed\"", .keyNotHere,
            "\"endIn\""),
    ]

    static let references: [Mistake] = [
        Mistake(
            "\"goto\": \"Packing\"", "\"goto\": \"Packin\"", .unknownState, "\"Packin\"",
            "there is no state \"Packin\"; did you mean \"Packing\"?"),
        Mistake("\"endIn\": \"Stopped\"", "\"endIn\": \"Stoped\"", .unknownState, "\"Stoped\""),
        Mistake(
            "\"except\": [\"Shipping\"]", "\"except\": [\"Sipping\"]", .unknownState, "\"Sipping\""),
        Mistake("\"Old\": \"Paying\"", "\"Old\": \"Payin\"", .unknownState, "\"Payin\""),
        Mistake("\"Paid\": { \"set\"", "\"Payd\": { \"set\"", .unknownEvent, "\"Payd\""),
        Mistake("\"done\": \"Paid\"", "\"done\": \"Payd\"", .unknownEvent, "\"Payd\""),
        Mistake("\"Checked\": {}", "\"Cheked\": {}", .unknownEvent, "\"Cheked\""),
        Mistake(
            "\"event\": \"Refunded\"", "\"event\": \"Refundet\"", .unknownEvent, "\"Refundet\""),
        Mistake("\"emit\": [\"Remind\"]", "\"emit\": [\"Remin\"]", .unknownCommand, "\"Remin\""),
        Mistake("\"undo\": \"GiveBack\"", "\"undo\": \"GiveBak\"", .unknownCommand, "\"GiveBak\""),
        Mistake("\"Ask.failed\"", "\"Aks.failed\"", .unknownCommand, "\"Aks.failed\""),
        Mistake("\"set\": { \"paid\"", "\"set\": { \"payd\"", .unknownData, "\"payd\""),
        Mistake(
            "\"retry\": \"patient\"", "\"retry\": \"patent\"", .unknownPolicy, "\"patent\"",
            "no retry policy \"patent\"; did you mean \"patient\"?"),
        Mistake(
            "\"retain\": \"10d\"", "\"use\": \"../../x.json\"", .includeProblem, "\"../../x.json\"",
            "\"../../x.json\" lies outside this project; put the file into the project, and name it "
                + "by its way from this file"),
        Mistake(
            "\"retain\": \"10d\"", "\"use\": [\"./x.json\"]", .includeProblem, "\"./x.json\"",
            "there is no file \"./x.json\"; make \"x.json\", or name a file by its way from this one"
        ),
        Mistake("#/$defs/money", "#/$defs/mony", .includeProblem, "\"#/$defs/mony\""),
        Mistake(
            "\"uniqueBy\": \"paymentId\"", "\"uniqueBy\": \"payment\"", .unknownField, "\"payment\""
        ),
        Mistake(
            "\"Checked\": { \"fields\"",
            "\"Extra\": { \"fields\": { \"id\": \"string\" } }, "
                + "\"Checked\": { \"fields\"", .unused, "\"Extra\"",
            "event \"Extra\" is never used; use it, or remove it"
        ),
        Mistake(
            "\"count\": { \"type\"", "\"spare\": \"string?\", \"count\": { \"type\"", .unused,
            "\"spare\""),
    ]

    static let expressions: [Mistake] = [
        Mistake("\"event.total > 0\"", "\"event.total > \"", .exprSyntax, ">"),
        Mistake("\"event.total > 0\"", "\"event.totl > 0\"", .unknownField, "totl"),
        Mistake("\"= data.count + 1\"", "\"= data.cont + 1\"", .unknownField, "cont"),
        Mistake("\"data.count < 3\"", "\"data.count < 'x'\"", .typeMismatch, "data.count < 'x'"),
        Mistake(
            "\"paid\": \"= event.amount\"", "\"paid\": \"= event.paymentId\"", .typeMismatch,
            "\"= event.paymentId\""),
        Mistake(
            "\"set\": { \"count\": 1 }", "\"set\": { \"count\": \"x\" }", .typeMismatch, "\"x\""),
        Mistake(
            "\"after\": \"= duration('10m')\"", "\"after\": \"= 10\"", .typeMismatch, "\"= 10\""),
        Mistake(
            "\"data.count < 3\"", "\"data.count\"", .guardNotBoolean, "data.count",
            "\"when\" needs true or false; data.count is an integer. Did you mean data.count > 0?"),
        Mistake("\"= event.reason\"", "\"= evnt.reason\"", .unknownField, "evnt"),
        Mistake("\"fail\": \"late\"", "\"fail\": \"= event.id\"", .outOfScope, "event"),
        Mistake(
            "\"fail\": \"nobody answered\"", "\"fail\": \"= failure.reason\"", .outOfScope,
            "failure"),
        Mistake("\"fail\": \"late\"", "\"fail\": \"= string(join.total)\"", .outOfScope, "join"),
        Mistake("\"fail\": \"not sent\"", "\"fail\": \"= line.sku\"", .outOfScope, "line"),
        Mistake("\"= event.order.id\"", "\"= data.id\"", .outOfScope, "data"),
        Mistake(
            "\"set\": { \"count\": \"= data.count + 1\" }", "\"set\": { \"count\": \"= event.n\" }",
            .outOfScope, "event"),
        Mistake(
            "\"= event.reason\"", "\"= event.reason.uperAscii()\"", .unknownFunction, "uperAscii"),
        Mistake(
            "\"amount\": \"= data.total\"", "\"amount\": \"data.total\"", .forgottenEquals,
            "\"data.total\""),
        Mistake(
            "\"key\": \"= string(line.sku)\"", "\"key\": \"= 'x'\"", .badFanoutKey, "\"= 'x'\"",
            "every item has the same key; use what differs from item to item, as in "
                + "\"= line.…\""),
        Mistake(
            "\"matchEvent\": \"= event.sku\"", "\"matchEvent\": \"= size(event.sku)\"",
            .badFanoutKey, "\"= size(event.sku)\""),
    ]

    static let meaning: [Mistake] = [
        Mistake(
            "{ \"otherwise\": true, \"fail\": \"= event.reason\" } ]",
            "{ \"otherwise\": true, \"fail\": \"= event.reason\" }, { \"goto\": \"Done\" } ]",
            .neverTaken, "{"),
        Mistake(
            "{ \"otherwise\": true, \"goto\": \"Paying\" }",
            "{ \"when\": \"data.count < 0\", \"goto\": \"Paying\" }",
            .missingOtherwise, "{"),
        Mistake(
            "\"Stopped\": {", "\"Spare\": { \"final\": \"completed\" }, \"Stopped\": {",
            .unreachableState, "\"Spare\""),
        Mistake(
            "\"need\": 2", "\"need\": 3", .joinNever, "3",
            "needs 3 of 2 parts; write \"all\", or at most 2"),
        Mistake(
            "\"on\": { \"Cancelled\": { \"ignore\"",
            "\"on\": { \"Sent\": { \"ignore\": true }, \"Cancelled\": { \"ignore\"", .joinNever,
            "\"Sent\""),
        Mistake("\"endIn\": \"Failed\"", "\"endIn\": \"Done\"", .badEndOfCompensation, "\"Done\""),
        Mistake(
            "\"endIn\": \"Failed\"", "\"endIn\": \"Paying\"", .badEndOfCompensation, "\"Paying\""),
        Mistake(", \"endIn\": \"Failed\"", "", .badEndOfCompensation, "\"compensation\""),
        Mistake(
            "\"Checked\": { \"fields\": { \"id\": \"string\" } }",
            "\"Checked\": { \"fields\": { \"Id\": \"string\" } }",
            .noKey, "\"Checked\"",
            "event \"Checked\" has no \"id\"; how do we find its saga?; did you mean \"Id\"?"),
        Mistake(
            "\"Checked\": { \"fields\": { \"id\": \"string\" } }",
            "\"Checked\": { \"fields\": { \"id\": \"integer\" } }",
            .keyType, "\"Checked\""),
        Mistake(
            "\"set\": { \"count\": 1 }", "\"set\": { \"id\": \"= data.id\" }", .keyChanged, "\"id\""
        ),
        Mistake(
            "\"Cancelled\": { \"ignore\": true }",
            "\"Cancelled\": { \"description\": \"x\" }", .emptyBlock, "\"Cancelled\"",
            "\"Cancelled\" is accepted here but nothing happens; write \"ignore\": true if that is meant"
        ),
        Mistake(
            "\"deadline\": { \"after\": \"30d\"", "\"deadline\": { \"after\": \"1h\"",
            .deadlineTooShort, "\"1h\""),
        Mistake("\"commands\": 50", "\"commands\": 5000", .limitRaised, "5000"),
        Mistake(
            "\"unexpected\": \"incident\"", "\"unexpected\": \"ignore\"", .silentDrop, "\"ignore\""),
        Mistake(
            "\"to\": \"carrier\"", "\"to\": \"https://x.example/in\"", .addressInDefinition,
            "\"https://x.example/in\""),
        Mistake(
            "\"to\": \"carrier\"", "\"to\": \"= event.callback\"", .addressInDefinition,
            "\"= event.callback\""),
        Mistake(
            "\"note\": \"== literal\"", "\"token\": \"sk_live_abcdefgh12345678\"", .secret,
            "\"sk_live_abcdefgh12345678\"",
            "this looks like a Stripe secret key (sk_live_…); keep it out of the file; use \"secret:NAME\" in the operator's configuration"
        ),
        Mistake(
            "\"note\": \"== literal\"", "\"password\": \"a8f5f167f44f4964e6c998dee827110c\"",
            .secret, "\"a8f5f167f44f4964e6c998dee827110c\""),
        Mistake("\"retain\": \"10d\"", "\"allow\": [{ \"code\": \"MW7001\" }]", .badAllow, "{"),
        Mistake(
            "\"retain\": \"10d\"", "\"allow\": [{ \"code\": \"MW2001\", \"because\": \"x\" }]",
            .badAllow, "\"MW2001\""),
        Mistake(
            "\"retain\": \"10d\"",
            "\"allow\": { \"code\": \"MW7001\", \"because\": \"x\", \"until\": \"2026-01-01\" }",
            .badAllow,
            "\"2026-01-01\"",
            "the exception ended on 2026-01-01; repair what it accepts, or write a later date"),
    ]

    private func findings(of mistake: Mistake) -> (findings: [Finding], source: SourceText?) {
        var options = DefinitionReader.Options()
        options.today = "2026-06-01"
        let text = Samples.everything.replacing(mistake.old, with: mistake.new, maxReplacements: 1)
        #expect(text != Samples.everything, "\(mistake.old) is not in the sample")
        let result = DefinitionReader(options: options).read(
            .init(file: "a.workflow.json", bytes: Array(text.utf8)))
        return (result.findings, result.sources["a.workflow.json"])
    }

    @Test func `is none in the sample itself`() {
        let result = Samples.read(Samples.everything)

        #expect(result.findings.isEmpty, "\(TextRenderer().render(result.findings))")
        #expect(result.definition != nil)
    }

    @Test(arguments: shape + references + expressions + meaning)
    func `is said at its place`(mistake: Mistake) throws {
        let (findings, source) = findings(of: mistake)
        let lines = try #require(source)

        let fitting = findings.filter { finding in
            guard finding.rule == mistake.rule else { return false }
            let line = lines.line(finding.span.line).dropFirst(finding.span.column - 1)
            return String(String.UnicodeScalarView(line)).hasPrefix(mistake.marks)
                && (mistake.says.isEmpty || finding.sentence == mistake.says)
        }
        #expect(fitting.count == 1, "\(TextRenderer().render(findings))")
        let other = findings.filter { $0.severity == .error && $0.rule != mistake.rule }
        #expect(other.isEmpty, "\(TextRenderer().render(other))")
    }

    @Test(arguments: [
        // At the object itself, around it, and at the file.
        "\"Spare\": { \"allow\": { \"code\": \"MW4001\", \"because\": \"later\" }, \"final\": \"failed\" }, \"Stopped\": {",
        "\"allow\": [{ \"code\": \"MW4001\", \"because\": \"later\", \"until\": \"2026-06-01\" }], \"Spare\": { \"final\": \"failed\" }, \"Stopped\": {",
    ])
    func `can be accepted with a reason, where it counts`(state: String) {
        let mistake = Mistake("\"Stopped\": {", state, .unreachableState, "")

        #expect(findings(of: mistake).findings.isEmpty)
    }

    @Test func `is not accepted elsewhere`() {
        let text = Samples.everything.replacing(
            "\"Stopped\": {",
            with: "\"Spare\": { \"final\": \"failed\" }, \"Stopped\": { "
                + "\"allow\": { \"code\": \"MW4001\", \"because\": \"later\" }, ")

        #expect(Samples.read(text).findings.map(\.rule) == [.unreachableState, .unusedAllow])
    }
}
