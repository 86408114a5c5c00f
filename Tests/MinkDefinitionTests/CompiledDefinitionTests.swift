// What a definition holds after compiling, and where the mistakes of templates are said.
import MinkExpression
import Testing

@testable import MinkDefinition

@Suite("A compiled workflow")
struct CompiledDefinitionTests {
    @Test func `holds what the file says`() throws {
        let definition = try #require(Samples.read(Samples.everything).definition)

        #expect(definition.identity.workflow == "Everything")
        #expect(definition.retain == .seconds(10 * 86_400))
        #expect(definition.limits.held == 10)
        #expect(definition.compensation == CompensationRule(whenStuck: .continue, endIn: "Failed"))
        #expect(definition.migration?.states == ["Old": "Paying"])
        #expect(definition.commands["Ask"]?.retry.attempts == 20)
        #expect(definition.commands["Ask"]?.undo == .commands(["GiveBack"]))
        #expect(definition.commands["Ship"]?.undo == .nothing)
        #expect(definition.commands["Ship"]?.destination == .named("carrier"))
        #expect(definition.commands["Tell"]?.destination == .events)
        #expect(definition.commands["Pack"]?.retry == RetryPolicy())
        #expect(definition.commands["Remind"]?.personalArguments == ["who"])
        #expect(definition.dataField("name")?.isPersonal == true)
        #expect(definition.events["Refused"]?.rules.holdFor == .seconds(7_200))
        #expect(definition.events["Paid"]?.rules.holdFor == .seconds(3_600))
        #expect(definition.start["Asked"]?.deliversToExisting == true)
        let paying = try #require(definition.state("Paying"))
        #expect(paying.onOutcome[CommandOutcome(command: "Ask", succeeded: false)]?.count == 1)
        #expect(definition.handler(of: "Cancelled", in: paying) != nil)
    }

    @Test func `writes overrides over the template, and reads literals as they are meant`() throws {
        let definition = try #require(Samples.read(Samples.everything).definition)

        let again = try #require(definition.state("Paying")?.on["Refused"]?[0].emit[0])
        #expect(again.use.arguments.map(\.name) == ["id", "list", "amount"])
        #expect(again.keep)
        guard case .literal(.double(1.5)) = again.use.arguments[2].value,
            case .literal(.duration(.seconds(300))) = again.delay
        else {
            Issue.record("\(again)")
            return
        }
        let shipped = try #require(definition.state("Shipping")?.onEnter.emit[0].use.arguments[1])
        guard case .literal(.string("= literal")) = shipped.value else {
            Issue.record("\(shipped)")
            return
        }
    }

    @Test func `says a scope mistake of a template at each place that uses it`() {
        let text = Samples.everything.replacing(
            "\"Remind\": { \"with\": { \"who\": \"= data.?name.orValue('you')\" }",
            with: "\"Remind\": { \"with\": { \"who\": \"= event.id\" }")
        let findings = Samples.read(text).findings.filter { $0.severity == .error }

        #expect(findings.map(\.rule) == [.outOfScope])
        #expect(findings.first?.span.pointer == "/states/Paying/remind/emit/0")
        #expect(findings.first?.related.first?.span.pointer == "/commands/Remind/with/who")
    }

    @Test func `says any other mistake of a template once, in the template`() {
        let text = Samples.everything.replacing(
            "\"amount\": \"= data.total\", \"list\"", with: "\"amount\": \"= data.totl\", \"list\"")
        let findings = Samples.read(text).findings

        #expect(findings.map(\.rule) == [.unknownField])
        #expect(findings.first?.span.pointer == "/commands/Ask/with/amount")
    }

    @Test func `finds mistakes in templates that no place uses`() {
        let text = Samples.everything.replacing(
            "\"Tell\": {", with: "\"Spare\": { \"with\": { \"a\": \"= data.totl\" } }, \"Tell\": {")
        let findings = Samples.read(text).findings

        #expect(findings.map(\.rule) == [.unused, .unknownField])
    }

    @Test(arguments: [
        // A template for a compensation sees the failure; one that is emitted does not.
        (old: "\"emit\": [\"Remind\"]", new: "\"emit\": [\"Tell\"]", rule: Rule.outOfScope),
        // In a completed state there is no failure.
        (
            old: "\"Done\": { \"final\": \"completed\"",
            new: "\"Done\": { \"onEnter\": { \"emit\": \"Tell\" }, \"final\": \"completed\"",
            rule: .outOfScope
        ),
    ])
    func `has a failure only where something failed`(old: String, new: String, rule: Rule) {
        let text = Samples.everything.replacing(old, with: new)
        let findings = Samples.read(text).findings.filter { $0.severity == .error }

        #expect(findings.map(\.rule) == [rule])
    }
}

@Suite("Files that a workflow uses")
struct IncludedFilesTests {
    private let workflow = """
        { "workflow": "W", "version": 1, "correlateBy": "id", "description": "x", "use": "shared/a.json",
          "data": { "id": "string" },
          "events": { "E": { "schema": { "$ref": "types.json#/$defs/event" } } },
          "deadline": { "after": "1d", "fail": "x" }, "compensation": { "endIn": "Bad" },
          "start": { "E": { "set": { "id": "= event.id" }, "emit": "Tell", "goto": "A" } },
          "states": { "A": { "description": "x", "timeout": { "after": "1h", "goto": "B" } },
            "B": { "final": "completed" }, "Bad": { "final": "failed" } } }
        """

    private let files = [
        "w/shared/a.json": """
        { "commands": { "Tell": { "retry": "slow", "undo": "none", "with": { "id": "= data.id" } } }, "use": "b.json" }
        """,
        "w/shared/b.json":
            "{ \"retryPolicies\": { \"slow\": { \"attempts\": 3 }, \"spare\": {} } }",
        "w/types.json": """
        { "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "types",
          "$defs": { "key": { "type": "string" },
            "event": { "properties": { "id": { "$ref": "#/$defs/key" } }, "required": ["id"] } } }
        """,
    ]

    private func read(_ text: String, _ files: [String: String]) -> DefinitionReader.ReadResult {
        DefinitionReader(files: MemoryFiles(files: files)).read(
            .init(file: "w/a.workflow.json", bytes: Array(text.utf8)))
    }

    @Test func `bring what they declare, and unused names of theirs are fine`() throws {
        let result = read(workflow, files)

        #expect(result.findings.isEmpty, "\(TextRenderer().render(result.findings))")
        let definition = try #require(result.definition)
        #expect(definition.commands["Tell"]?.retry.attempts == 3)
        #expect(definition.events["E"]?.type.description == "{id: string}")
    }

    @Test(arguments: [
        (
            "w/shared/b.json", "{ \"use\": \"a.json\", \"retryPolicies\": { \"slow\": {} } }",
            "is used by itself: w/a.workflow.json → w/shared/a.json → w/shared/b.json → w/shared/a.json"
        ),
        (
            "w/shared/b.json",
            "{ \"use\": \"../../../x.json\", \"retryPolicies\": { \"slow\": {} } }",
            "lies outside this project"
        ),
        (
            "w/shared/b.json", "{ \"use\": \"/etc/x.json\", \"retryPolicies\": { \"slow\": {} } }",
            "lies outside this project"
        ),
        (
            "w/shared/b.json", "{ \"use\": \"c.json\", \"retryPolicies\": { \"slow\": {} } }",
            "there is no file \"c.json\""
        ),
    ])
    func `lead neither in circles nor out of the project`(path: String, text: String, says: String)
    {
        var files = files
        files[path] = text
        let findings = read(workflow, files).findings

        #expect(findings.map(\.rule) == [.includeProblem])
        #expect(findings.first?.span.file == path)
        #expect(findings.first?.message.hasSuffix(says) == true)
    }

    @Test func `show their own mistakes in their own text`() {
        var files = files
        files["w/shared/a.json"] =
            "{\n  \"commands\": { \"Tell\": { \"undo\": \"none\", \"with\": { \"id\": \"= data.idd\" } } } }"
        let findings = read(workflow, files).findings

        #expect(findings.map(\.rule) == [.unknownField])
        #expect(findings.first?.span.file == "w/shared/a.json")
        #expect(findings.first?.span.line == 2)
    }

    @Test func `count for the fingerprint as if they stood in the file`() throws {
        let inlined = """
            { "workflow": "W", "version": 1, "correlateBy": "id", "description": "other words",
              "owner": "somebody", "$comment": "x",
              "commands": { "Tell": { "with": { "id": "= data.id" }, "retry": "slow", "undo": "none" } },
              "retryPolicies": { "slow": { "attempts": 3 }, "spare": {} },
              "data": { "id": "string" },
              "events": { "E": { "schema": {
                "properties": { "id": { "type": "string" } }, "required": ["id"] } } },
              "deadline": { "fail": "x", "after": "1d" }, "compensation": { "endIn": "Bad" },
              "start": { "E": { "set": { "id": "= event.id" }, "emit": "Tell", "goto": "A" } },
              "states": { "A": { "timeout": { "after": "1h", "goto": "B" } },
                "B": { "final": "completed" }, "Bad": { "final": "failed" } } }
            """
        let first = try #require(read(workflow, files).definition?.identity.fingerprint)
        let second = try #require(read(inlined, [:]).definition?.identity.fingerprint)

        #expect(first == second)
        #expect(first.count == 64)
    }

    @Test(arguments: [
        // What is for people changes nothing; all else does, and so do words that are data.
        ("\"description\": \"one box for each line\"", "\"description\": \"other\"", true),
        ("\"owner\": \"team\"", "\"owner\": \"others\"", true),
        (
            "\"version\": 1, ",
            "\"allow\": [{\"code\": \"MW7001\", \"because\": \"x\"}], \"version\": 1, ", true
        ),
        ("\"retain\": \"10d\"", "\"retain\": \"11d\"", false),
        ("\"note\": \"== literal\"", "\"description\": \"== literal\"", false),
        ("\"minimum\": 0 }", "\"minimum\": 0.0 }", false),
    ])
    func `and words for people do not count`(old: String, new: String, isSame: Bool) throws {
        let first = try #require(Samples.read(Samples.everything).definition)
        let changed = Samples.read(Samples.everything.replacing(old, with: new))
        let second = try #require(
            changed.definition, "\(TextRenderer().render(changed.findings))")

        #expect((first.identity.fingerprint == second.identity.fingerprint) == isSame)
    }
}
