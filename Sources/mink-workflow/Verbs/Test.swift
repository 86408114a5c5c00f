// `test`: scenario files on the real engine, with virtual time.
import MinkDefinition
import MinkTesting
import MinkWorkflow

extension Verb {
    static let test = Verb(
        name: "test",
        summary: "runs scenario files on the real engine, with virtual time",
        operands: "[PATH…]",
        details: """
            Takes *.scenarios.json files and folders; the current folder when none is named.
            The workflows of a scenario file are looked up beside it. Exit code 1 when a
            scenario fails.
            """,
        options: [
            Option(
                name: "--filter", value: "TEXT",
                summary: "only scenarios whose name contains the text"),
            Option(
                name: "--format", value: "FORMAT", summary: "text (default) or json",
                choices: ["text", "json"]),
        ],
        perform: { arguments throws(UsageError) in
            try await TestVerb(arguments).run()
        })
}

private struct TestVerb {
    private let scenarios: [Project.File]
    private let workflows: [Project.File]
    private let filter: String?
    private let isJSON: Bool

    init(_ arguments: Arguments) throws(UsageError) {
        scenarios = try projectFiles(arguments.operands, endings: [".scenarios.json"])
            .filter { $0.input.isScenarios }
        let folders = Set(scenarios.map { $0.input.file.folder })
        var workflows: [Project.File] = []
        for folder in folders.sorted() {
            let found = try? projectFiles([folder], endings: [".workflow.json"])
            workflows += found ?? []
        }
        self.workflows = workflows
        filter = arguments.value("--filter")
        isJSON = arguments.value("--format") == "json"
    }

    func run() async throws(UsageError) -> ExitCode {
        let validation = ProjectValidation(of: workflows + scenarios)
        if validation.findings.hasErrors {
            let errors = validation.findings.filter { $0.severity == .error }
            Output.message(PrettyRenderer().render(errors, sources: validation.sources))
            return .negative
        }
        let loaded = DefinitionLoader.load(workflows)
        var report = TestReport(isJSON: isJSON)
        for file in scenarios {
            let read = ScenarioReader(options: .ofThisMachine).read(file.input)
            guard let parsed = read.file else { continue }
            guard let definition = loaded.catalog.active(parsed.workflow) else {
                throw UsageError(
                    message: "\(file.input.file): there is no workflow \"\(parsed.workflow)\" "
                        + "beside it")
            }
            let runner = ScenarioRunner(of: definition)
            for scenario in parsed.scenarios where matches(scenario) {
                report.add(await runner.run(scenario), in: file.input.file)
            }
        }
        report.finish()
        return report.failures == 0 ? .ok : .negative
    }

    private func matches(_ scenario: Scenario) -> Bool {
        filter.map { scenario.name.contains($0) } ?? true
    }
}

extension String {
    /// The folder of a file.
    fileprivate var folder: String {
        lastIndex(of: "/").map { String(self[..<$0]) } ?? "."
    }
}
