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

            --shuffle varies the scenarios, and draws runs of its own: events come twice, late
            or in another order, receivers and undos fail, time passes early. No rule may break:
            each undo at most once, newest first, nothing left without a cause, no expression
            fails, nothing that was done stays. A run that breaks one is cut down and written
            beside its workflow, as a scenario that fails. The same seed draws the same runs.
            """,
        options: [
            Option(
                name: "--filter", value: "TEXT",
                summary: "only scenarios whose name contains the text"),
            Option(
                name: "--coverage", value: nil,
                summary: "what the scenarios did not reach, with its place"),
            Option(
                name: "--min-coverage", value: "N",
                summary: "exit code 1 when a workflow is covered by less than N percent"),
            Option(
                name: "--shuffle", value: "SEED",
                summary: "varies the scenarios, and looks for a rule that breaks"),
            Option(
                name: "--runs", value: "N",
                summary: "how many varied runs of each workflow; 100 unless told"),
            Option(
                name: "--format", value: "FORMAT", summary: "text (default), json or junit",
                choices: TestReport.Format.allCases.map(\.rawValue)),
        ],
        perform: { arguments throws(UsageError) in
            try await TestVerb(arguments).run()
        })
}

private struct TestVerb {
    private let scenarios: [Project.File]
    private let workflows: [Project.File]
    /// The files of workflows that were named, or stand in a folder that was.
    private let named: Set<String>
    private let filter: String?
    private let format: TestReport.Format
    private let leastCoverage: Int?
    private let showsCoverage: Bool
    private let shuffle: (seed: UInt64, runs: Int)?

    init(_ arguments: Arguments) throws(UsageError) {
        scenarios = try projectFiles(arguments.operands, endings: [".scenarios.json"])
            .filter { $0.input.isScenarios }
        let folders = Set(scenarios.map { $0.input.file.folder })
        // All at once, so that a file which two folders lead to is taken once.
        let found = try? projectFiles(folders.sorted(), endings: [".workflow.json"])
        workflows = folders.isEmpty ? [] : found ?? []
        let operands = try? projectFiles(arguments.operands, endings: [".workflow.json"])
        named = Set((operands ?? []).map(\.input.path))
        filter = arguments.value("--filter")
        format = arguments.value("--format").flatMap(TestReport.Format.init) ?? .text
        leastCoverage = try arguments.wholeNumber("--min-coverage", in: 0...100)
        showsCoverage = arguments.has("--coverage") || leastCoverage != nil
        let runs = try arguments.wholeNumber("--runs", in: 1...100_000_000)
        let seed = try arguments.wholeNumber("--shuffle", in: 0...Int.max)
        if runs != nil, seed == nil { throw UsageError(message: "--runs needs --shuffle SEED") }
        shuffle = seed.map { (UInt64($0), runs ?? 100) }
    }

    func run() async throws(UsageError) -> ExitCode {
        let validation = ProjectValidation(of: workflows + scenarios)
        if validation.findings.hasErrors {
            let errors = validation.findings.filter { $0.severity == .error }
            Output.message(PrettyRenderer().render(errors, sources: validation.sources))
            return .negative
        }
        var suite = TestSuite(DefinitionLoader.load(workflows), records: showsCoverage)
        for file in scenarios { try suite.add(file, matching: filter) }
        var report = TestReport(format: format)
        for member in suite.members { await run(member, &report) }
        if let shuffle {
            for member in suite.members {
                try await run(shuffle.seed, runs: shuffle.runs, member, &report)
            }
        }
        if showsCoverage {
            for recorder in suite.recorders(alsoFor: named) {
                report.add(recorder.report, least: leastCoverage)
            }
        }
        report.finish()
        return report.failures == 0 ? .ok : .negative
    }

    private func run(_ member: TestSuite.Member, _ report: inout TestReport) async {
        let runner = ScenarioRunner(of: member.definition, coverage: member.coverage)
        for scenario in member.scenarios {
            let start = ContinuousClock.now
            let result = await runner.run(scenario)
            report.add(result, in: member.file, took: ContinuousClock.now - start)
        }
    }

    private func run(
        _ seed: UInt64, runs: Int, _ member: TestSuite.Member, _ report: inout TestReport
    ) async throws(UsageError) {
        let start = ContinuousClock.now
        let shuffle = Shuffle(of: member.definition, scenarios: member.scenarios, seed: seed)
        let result = await shuffle.run(runs)
        var written: String?
        if let found = result.counterexample {
            let name = member.file.withoutEnding + ".shuffle-\(seed).scenarios.json"
            let text = found.scenarioFile(
                workflow: member.definition.identity.workflow, seed: seed)
            try writeFile(text, to: name)
            written = name
        }
        report.add(result, in: member.file, written, took: ContinuousClock.now - start)
    }
}

extension Arguments {
    /// The whole number of an option; `nil` when it was not given.
    fileprivate func wholeNumber(
        _ name: String, in range: ClosedRange<Int>
    ) throws(UsageError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            let most = range.upperBound == .max ? "" : " to \(range.upperBound)"
            throw UsageError(
                message: "\(name) needs a whole number from \(range.lowerBound)\(most)")
        }
        return number
    }
}

extension String {
    /// The folder of a file.
    fileprivate var folder: String {
        lastIndex(of: "/").map { String(self[..<$0]) } ?? "."
    }

    /// The file without the ending of scenario files.
    fileprivate var withoutEnding: String {
        hasSuffix(".scenarios.json") ? String(dropLast(15)) : self
    }
}
