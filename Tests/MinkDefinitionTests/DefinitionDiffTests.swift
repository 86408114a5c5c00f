// What changes between two versions mean for the sagas that run.
import Testing

@testable import MinkDefinition

@Suite("The difference of two versions")
struct DefinitionDiffTests {
    /// A change of the sample, and all that is said about it.
    struct Change: Sendable, CustomTestStringConvertible {
        let old: String
        let new: String
        let effect: DefinitionChange.Effect
        let says: String
        let rule: Rule?

        init(
            _ old: String, _ new: String, _ effect: DefinitionChange.Effect, _ says: String,
            _ rule: Rule? = nil
        ) {
            self.old = old
            self.new = new
            self.effect = effect
            self.says = says
            self.rule = rule
        }

        var testDescription: String { "\(effect.rawValue) \(new)" }
    }

    static let declarations: [Change] = [
        Change(
            "\"correlateBy\": \"id\"", "\"correlateBy\": \"key\"", .breaking,
            "sagas are named by \"key\" instead of \"id\"; running sagas would not be found",
            .correlationChanged),
        Change(
            "= event.order.id", "= event.paymentId", .breaking,
            "Paid finds its saga in another way; running sagas would not be found",
            .correlationChanged),
        Change(
            "\"count\": { \"type\": \"integer\", \"default\": 0 }",
            "\"risk\": \"integer\", \"count\": { \"type\": \"integer\", \"default\": 0 }",
            .needsMapping, "running sagas have no \"risk\"", .dataIncompatible),
        Change(
            "\"count\": { \"type\": \"integer\", \"default\": 0 }",
            "\"risk\": \"integer?\", \"count\": { \"type\": \"integer\", \"default\": 0 }", .safe,
            "data \"risk\" is new"),
        Change(
            "\"paid\": \"decimal?\"", "\"paid\": { \"type\": \"decimal?\", \"maximum\": 9 }",
            .needsMapping, "\"paid\" has other bounds; running sagas may hold what does not fit",
            .dataIncompatible),
        Change(
            "\"paid\": \"decimal?\"", "\"paid\": \"any\"", .needsMapping,
            "\"paid\" was decimal? and is any now; running sagas may hold what does not fit",
            .dataIncompatible),
        Change(
            "\"paymentId\": \"string\", \"amount\": \"decimal\"",
            "\"paymentId\": \"string\", \"amount\": \"decimal\", \"currency\": \"string\"",
            .breaking,
            "Paid now needs \"currency\"", .eventStricter),
        Change(
            "\"paymentId\": \"string\", \"amount\": \"decimal\"",
            "\"paymentId\": \"string\", \"amount\": \"decimal\", \"currency\": \"string?\"", .safe,
            "reads \"currency\" of Paid where it is there"),
        Change(
            "\"enum\": [\"air\", \"road\"]", "\"enum\": [\"air\"]", .breaking,
            "\"code\" of Sent has other bounds", .eventStricter),
        Change(
            "\"enum\": [\"air\", \"road\"]", "\"enum\": [\"air\", \"road\", \"sea\"]", .safe,
            "\"code\" of Sent has other bounds"),
        Change(
            "\"uniqueBy\": \"paymentId\"", "\"uniqueBy\": \"amount\"", .newOnly,
            "a second Paid with the same \"amount\" is a duplicate"),
        Change(
            "\"holdFor\": \"2h\"", "\"holdFor\": \"3h\"", .newOnly,
            "Refused out of turn: held for 3h when it comes early"),
        Change(
            "\"after\": \"30d\"", "\"after\": \"10d\"", .newOnly,
            "the deadline was 30d and is 10d", .timeoutShorter),
        Change(
            "\"after\": \"30d\"", "\"after\": \"40d\"", .newOnly,
            "the deadline was 30d and is 40d"),
        Change(
            "\"retain\": \"10d\"", "\"retain\": \"9d\"", .newOnly, "ended sagas are kept for 9d"),
        Change("\"held\": 10", "\"held\": 20", .safe, "the limit of held was 10 and is 20"),
        Change(
            "\"whenStuck\": \"continue\"", "\"whenStuck\": \"stop\"", .newOnly,
            "an undo that gets stuck: stop"),
        Change(
            "\"owner\": \"team\"", "\"owner\": \"other\"", .safe, "the owner changed"),
    ]

    static let commands: [Change] = [
        Change(
            "\"to\": \"carrier\"", "\"to\": \"post\"", .newOnly,
            "Ship goes to \"post\" instead of \"carrier\"", .commandChanged),
        Change(
            "\"note\": \"== literal\"", "\"note\": \"== literal\", \"weight\": 5", .newOnly,
            "Ship carries \"weight\" now", .commandChanged),
        Change(
            ", \"note\": \"== literal\"", "", .newOnly, "Ship carries no \"note\" any more",
            .commandChanged),
        Change(
            "\"note\": \"== literal\"", "\"note\": 5", .newOnly,
            "\"note\" of Ship is of another type", .commandChanged),
        Change(
            "\"note\": \"== literal\"", "\"note\": \"== other\"", .newOnly,
            "\"note\" of Ship is computed in another way"),
        Change(
            "\"attempts\": 20", "\"attempts\": 30", .newOnly, "Ask is tried on another schedule"),
        Change(
            "\"within\": \"1d\"", "\"within\": \"2d\"", .newOnly,
            "GiveBack is confirmed by Refunded in another way"),
    ]

    static let steps: [Change] = [
        Change(
            "\"compensation\": [\"GiveBack\"]", "\"compensation\": []", .newOnly,
            "\"Paying\" on Paid: is undone by nothing instead of GiveBack", .undoChanged),
        Change(
            "\"done\": { \"Packed\": { \"compensation\": [\"Unpack\"] } }",
            "\"done\": { \"Packed\": {} }", .newOnly,
            "\"Packing\" on Packed: is undone by nothing instead of Unpack", .undoChanged),
        Change(
            "\"goto\": \"Packing\"", "\"goto\": \"Shipping\"", .newOnly,
            "\"Paying\" on Paid: goes to \"Shipping\" instead of goes to \"Packing\""),
        Change(
            "\"when\": \"data.count < 3\"", "\"when\": \"data.count < 5\"", .newOnly,
            "\"Paying\" on Refused, alternative 1: asks for data.count < 5 instead of data.count < 3"
        ),
        Change(
            "\"set\": { \"paid\": \"= event.amount\" }", "\"set\": { \"paid\": 5 }", .newOnly,
            "\"Paying\" on Paid: sets \"paid\" to 5"),
        Change(
            "\"delay\": \"5m\"", "\"delay\": \"6m\"", .newOnly,
            "\"Paying\" on Refused, alternative 1: sends Ask after 6m"),
        Change(
            "\"fail\": \"not sent\"", "\"fail\": \"never sent\"", .newOnly,
            "\"Shipping\", timeout: fails with the reason \"never sent\""),
        Change(
            "\"after\": \"2d\"", "\"after\": \"3d\"", .newOnly,
            "\"Shipping\": the timeout was 2d and is 3d"),
        Change(
            "\"atMost\": 2", "\"atMost\": 3", .newOnly,
            "\"Paying\": reminds every 1d, at most 3 times"),
        Change(
            "\"whenImpossible\": \"now\"", "\"whenImpossible\": \"waitForTheRest\"", .newOnly,
            "\"Packing\": when impossible: waitForTheRest"),
        Change("\"need\": 2", "\"need\": 1", .newOnly, "\"Shipping\": needs 1"),
        Change(
            "\"Checked\": {} }", "\"Checked\": { \"when\": \"event.id == 'x'\" } }", .newOnly,
            "\"Shipping\" on Checked: counts under another condition"),
        Change(
            "\"Cancelled\": { \"ignore\": true }",
            "\"Cancelled\": { \"ignore\": true }, \"Missing\": { \"ignore\": true }", .newOnly,
            "\"Shipping\" handles Missing now"),
        Change(
            "\"except\": [\"Shipping\"]", "\"except\": []", .newOnly,
            "what holds in any state holds in all but none"),
        Change(
            "\"onExisting\": \"deliver\"", "\"onExisting\": \"ignore\"", .newOnly,
            "Asked for a saga that exists is recorded only"),
        Change(
            "\"description\": \"waits for money\"", "\"description\": \"waits\"", .safe,
            "\"Paying\": the description reads otherwise"),
    ]

    /// The changes after a change of the sample, whose version is raised too.
    private func changes(_ replaced: [(String, String)]) throws -> [DefinitionChange] {
        // The sample takes sagas of versions 1 and 2; here that is not what is asked for.
        let migrates = [("\"from\": [1, 2]", "\"from\": [1]"), ("\"Old\": \"Paying\"", "")]
        let old = try #require(Samples.definition(replacing: migrates))
        let new = try #require(
            Samples.definition(
                replacing: migrates + [("\"version\": 1,", "\"version\": 2,")] + replaced))
        return DefinitionDiff(from: old, to: new).changes
    }

    @Test(arguments: declarations + commands + steps)
    func `names each change once, and what it does`(change: Change) throws {
        #expect(Samples.everything.contains(change.old), "the change changes nothing")

        let changes = try changes([(change.old, change.new)])
        let told = changes.first { $0.sentence == change.says }

        #expect(told?.effect == change.effect, "\(changes.map(\.sentence))")
        #expect(told?.rule == change.rule)
        #expect(changes.count { $0.rule == change.rule && $0.effect == change.effect } == 1)
    }

    @Test(arguments: [
        // Layout, and the order of keys.
        ("{ \"final\": \"completed\" }", "{\n\n\"final\":\"completed\"}"),
        (
            "\"whenStuck\": \"continue\", \"endIn\": \"Failed\"",
            "\"endIn\": \"Failed\", \"whenStuck\": \"continue\""
        ),
        (
            "\"Checked\": { \"fields\": { \"id\": \"string\" } },\n", ""
        ),
        // The spacing of expressions, and their kind of quotes.
        ("data.count < 3", "data.count<3"),
        ("orValue('you')", "orValue( \\\"you\\\" )"),
        ("= event.reason", "=  event . reason"),
        // A list of one.
        ("\"emit\": \"Ask\"", "\"emit\": [\"Ask\"]"),
        ("\"undo\": [\"Unpack\"]", "\"undo\": \"Unpack\""),
        // Names of retry policies, which nobody outside sees.
        ("\"patient\"", "\"slow\""),
        // A type in another form.
        (
            "{ \"type\": \"string?\", \"personal\"",
            "{ \"type\": [\"string\", \"null\"], \"personal\""
        ),
    ])
    func `is silent about what means the same`(old: String, new: String) throws {
        let moved = "\"Refunded\": { \"fields\""
        let isMove = new.isEmpty
        let replaced =
            isMove ? [(old, ""), (moved, old + moved)] : [(old, new)]
        #expect(Samples.everything.contains(old), "the change changes nothing")

        let changes = try changes(replaced)

        #expect(changes.isEmpty, "\(changes.map(\.sentence))")
    }

    @Test func `refuses other content under the same version`() throws {
        let old = try #require(Samples.definition())
        let new = try #require(Samples.definition(replacing: [("\"held\": 10", "\"held\": 20")]))

        let diff = DefinitionDiff(from: old, to: new)

        #expect(diff.worst == .breaking)
        #expect(diff.changes.first?.rule == .changedWithoutVersion)
        #expect(
            diff.changes.first?.sentence == "version 1 is already published with other content")
    }

    @Test func `refuses a version below the published one`() throws {
        let old = try #require(
            Samples.definition(replacing: [("\"version\": 1,", "\"version\": 5,")]))
        let new = try #require(Samples.definition())

        #expect(DefinitionDiff(from: old, to: new).changes.first?.rule == .changedWithoutVersion)
    }
}

@Suite("A type that takes all of another one")
struct TypeTakesTests {
    @Test(arguments: [
        (new: "any", old: "object[]", takes: true), (new: "decimal", old: "integer", takes: true),
        (new: "integer", old: "decimal", takes: false),
        (new: "string", old: "date", takes: true), (new: "date", old: "string", takes: false),
        (new: "string?", old: "string", takes: true), (new: "string", old: "string?", takes: false),
        (new: "object", old: "string", takes: false),
        (new: "decimal[]", old: "integer[]", takes: true),
    ])
    func `knows the short words`(new: String, old: String, takes: Bool) throws {
        #expect(try type("\"\(new)\"").takesAll(of: try type("\"\(old)\"")) == takes)
    }

    @Test(arguments: [
        (
            "{ \"type\": \"integer\", \"minimum\": 1 }",
            "{ \"type\": \"integer\", \"minimum\": 2 }", true
        ),
        (
            "{ \"type\": \"integer\", \"minimum\": 2 }",
            "{ \"type\": \"integer\", \"minimum\": 1 }", false
        ),
        ("{ \"type\": \"integer\", \"minimum\": 2 }", "\"integer\"", false),
        (
            "{ \"type\": \"integer\", \"maximum\": 5 }",
            "{ \"type\": \"integer\", \"exclusiveMaximum\": 5 }", true
        ),
        (
            "{ \"type\": \"integer\", \"exclusiveMaximum\": 5 }",
            "{ \"type\": \"integer\", \"maximum\": 5 }", false
        ),
        ("{ \"enum\": [\"a\", \"b\"] }", "{ \"enum\": [\"a\"] }", true),
        ("{ \"enum\": [\"a\"] }", "{ \"enum\": [\"a\", \"b\"] }", false),
        ("{ \"type\": \"string\", \"maxLength\": 3 }", "{ \"enum\": [\"abc\"] }", true),
        ("{ \"type\": \"string\", \"maxLength\": 2 }", "{ \"enum\": [\"abc\"] }", false),
        (
            "{ \"type\": \"object\", \"properties\": { \"a\": \"string\" } }",
            "{ \"type\": \"object\", \"properties\": { \"a\": \"string\" }, \"required\": [\"a\"] }",
            true
        ),
        (
            "{ \"type\": \"object\", \"properties\": { \"a\": \"string\" }, \"required\": [\"a\"] }",
            "{ \"type\": \"object\", \"properties\": { \"a\": \"string\" } }", false
        ),
        ("{ \"oneOf\": [\"string\", \"integer\"] }", "\"integer\"", true),
        ("\"integer\"", "{ \"oneOf\": [\"string\", \"integer\"] }", false),
    ])
    func `knows schemas`(new: String, old: String, takes: Bool) throws {
        #expect(try type(new).takesAll(of: try type(old)) == takes)
    }

    /// The type of a field that is declared so.
    private func type(_ text: String) throws -> DataType {
        let definition = try #require(
            Samples.definition(replacing: [
                ("\"paid\": \"decimal?\"", "\"x\": \(text), \"paid\": \"decimal?\"")
            ]))
        let field = try #require(definition.dataField("x"))
        return field.isOptional ? field.type.nullable() : field.type
    }
}
