// Tries an edit: do the checks refuse it, does a scenario fail, does a run end differently?
import MinkDefinition
import MinkTesting
import Testing

/// Tries edits of one workflow.
struct EditTrial: Sendable {
    private let workflow: String
    private let scenarios: ScenarioFile
    private let codes: [String: Int]
    private let runs: [[ShuffleStep]]
    private let outcomes: [RunOutcome]

    /// What became of an edit.
    enum Verdict: String, CaseIterable {
        /// A check says that the file is wrong.
        case refused
        /// A check warns, of what then ends or emits differently.
        case warned
        /// A scenario fails, and no check has said anything.
        case failed
        /// Nothing that was tried ends or emits differently.
        case same
        /// Some run ends or emits differently, and nothing has said so.
        case missed

        var isFound: Bool { self == .refused || self == .warned || self == .failed }
    }

    /// Prepares a workflow: its findings and what its runs lead to as it is.
    init(_ workflow: String, shuffledRuns: Int) async throws {
        self.workflow = workflow
        let (definition, scenarios) = try TestProject.read(workflow)
        self.scenarios = scenarios
        codes = Self.codes(TestProject.read(try TestProject.text(workflow), as: workflow))
        let shuffle = Shuffle(of: definition, scenarios: scenarios.scenarios, seed: 1)
        runs =
            scenarios.scenarios.map(ShuffleStep.steps)
            + (0..<shuffledRuns).map { shuffle.steps(ofRun: $0) }
        var outcomes: [RunOutcome] = []
        for run in runs { outcomes.append(try await RunOutcome(of: run, by: definition)) }
        self.outcomes = outcomes
    }

    func verdict(_ edit: DefinitionEdit) async throws -> Verdict {
        let result = TestProject.read(edit.text, as: workflow)
        guard let definition = result.definition,
            definition.identity.workflow == scenarios.workflow
        else { return .refused }
        let isWarned = Self.codes(result).contains { $0.value > codes[$0.key] ?? 0 }
        let runner = ScenarioRunner(of: definition)
        for scenario in scenarios.scenarios where await runner.run(scenario).failure != nil {
            return isWarned ? .warned : .failed
        }
        guard try await endsDifferently(definition) else { return .same }
        return isWarned ? .warned : .missed
    }

    private func endsDifferently(_ definition: Definition) async throws -> Bool {
        for (run, outcome) in zip(runs, outcomes) {
            if try await RunOutcome(of: run, by: definition) != outcome { return true }
        }
        return false
    }

    /// How often each rule speaks.
    private static func codes(_ result: DefinitionReader.ReadResult) -> [String: Int] {
        result.findings.reduce(into: [:]) { $0[$1.rule.code, default: 0] += 1 }
    }
}
