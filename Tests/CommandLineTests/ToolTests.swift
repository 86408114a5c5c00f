import Foundation
import Testing

@Suite("A run of all checks")
struct CompletenessTests {
    static let isDemanded = ProcessInfo.processInfo.environment["CI"] != nil

    /// Where these are missing, tests are left out with a sentence; that is for people's machines.
    @Test(.enabled(if: isDemanded, "only CI has to run every test"))
    func `has each program that tests compare with`() {
        for name in ["check-jsonschema", "python3", "dot", "git"] {
            #expect(Program.find(name) != nil, "\(name) is missing")
        }
        #expect(Python.hasEngine, "the Python package cel-expr-python is missing")
    }
}

@Suite("The command line")
struct ToolTests {
    private static let verbs = [
        "init", "new", "validate", "fmt", "test", "run", "graph", "matrix", "diff", "eval",
        "explain", "rules", "schema", "completion", "bench",
    ]

    @Test(arguments: verbs)
    func `explains each verb, and lists it`(verb: String) throws {
        let page = try CommandLineRun(verb, "--help")

        #expect(page.code == 0)
        #expect(page.output.contains("Usage: mink-workflow \(verb)"))
        #expect(try CommandLineRun("--help").output.contains("  \(verb) "))
    }

    @Test func `ends with 2 without a verb, and lists the verbs`() throws {
        let run = try CommandLineRun()

        #expect(run.code == 2)
        #expect(run.errors.contains("validate"))
    }

    @Test(arguments: [
        (["validte"], "did you mean \"validate\"?"),
        (["validate", "--formt", "json"], "did you mean --format?"),
        (["validate", "--format", "yaml"], "it takes pretty, text, json, sarif, github"),
        (["run", "workflows"], "run needs --events"),
        (["run", "--events"], "--events needs a value"),
        (["schema", "workflw"], "one of workflow, scenarios, engine"),
        (["matrix", "workflows"], "\"workflows\" is a folder"),
        (["graph", "workflows"], "\"workflows\" is a folder"),
        (["graph"], "graph needs one workflow file"),
        (["diff", "workflows"], "diff needs two sides"),
    ])
    func `says what to do about wrong words`(words: [String], sentence: String) throws {
        let run = try CommandLineRun(words: words)

        #expect(run.code == 2)
        #expect(run.errors.contains(sentence))
    }

    @Test func `explains a rule by its code or its name`() throws {
        let byCode = try CommandLineRun("explain", "mw2001")

        #expect(byCode.code == 0)
        #expect(byCode.output.hasPrefix("# MW2001 unknown-state"))
        #expect(try CommandLineRun("explain", "unknown-state").output == byCode.output)
        let unknown = try CommandLineRun("explain", "unknwn-state")
        #expect(unknown.code == 5)
        #expect(unknown.errors.contains("did you mean unknown-state?"))
    }

    @Test func `lists each rule with its level and what it finds`() throws {
        let run = try CommandLineRun("rules")

        let line = run.lines.first { $0.hasPrefix("MW2001") }
        #expect(run.code == 0)
        #expect(line?.hasPrefix("MW2001  error    unknown-state ") == true)
        #expect(line?.hasSuffix("names a state which the file does not have.") == true)

        let json = try CommandLineRun("rules", "--format", "json").output
        let list = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        let rules = try #require(list?["rules"] as? [[String: Any]])
        #expect(rules.count == run.lines.count)
        #expect(
            rules.contains { $0["code"] as? String == "MW9001" && $0["mandatory"] as? Bool == true }
        )
    }

    @Test(arguments: ["workflow", "scenarios", "engine"])
    func `prints the schema that the project holds`(name: String) throws {
        let run = try CommandLineRun("schema", name)

        #expect(run.output == (try CommandLineRun.text("schemas/\(name).schema.json")))
    }

    @Test func `shows the matrix of a workflow in each format`() throws {
        let file = "workflows/order-fulfillment.workflow.json"

        try Golden.check(try CommandLineRun("matrix", file).output, "orders.matrix.txt")
        try Golden.check(
            try CommandLineRun("matrix", file, "--format", "markdown").output, "orders.matrix.md")
        let json = try CommandLineRun("matrix", file, "--format", "json").output
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json.utf8)) }
    }
}

@Suite("mink-workflow test")
struct TestVerbTests {
    @Test func `passes all scenarios of the project`() throws {
        let run = try CommandLineRun("test", "workflows")

        #expect(run.code == 0)
        #expect(run.lines.last?.hasSuffix(" passed, 0 failed") == true)
    }

    @Test func `fails exactly the scenarios that a changed letter breaks, with both values`() throws
    {
        let folder = try ScratchFolder()
        let workflow = try CommandLineRun.text("workflows/order-fulfillment.workflow.json")
        try folder.write(
            workflow.replacingOccurrences(
                of: "'Shipping failed: ' +", with: "'Shippin failed: ' +"),
            to: "order-fulfillment.workflow.json")
        try folder.write(
            try CommandLineRun.text("workflows/order-fulfillment.scenarios.json"),
            to: "order-fulfillment.scenarios.json")

        let run = try CommandLineRun("test", folder.url.path)

        let failed = run.lines.filter { $0.hasPrefix("  FAIL") }
        #expect(run.code == 1)
        #expect(
            failed == [
                "  FAIL  Shipping fails for good after a second try",
                "  FAIL  Each command with all its arguments: shipping fails after payment and stock",
            ])
        #expect(run.output.contains(#"expected reason "Shipping failed: "#))
        #expect(run.output.contains(#"found reason "Shippin failed: "#))
    }
}

extension CommandLineRun {
    fileprivate init(words: [String]) throws {
        switch words.count {
        case 1: try self.init(words[0])
        case 2: try self.init(words[0], words[1])
        default: try self.init(words[0], words[1], words[2])
        }
    }
}
