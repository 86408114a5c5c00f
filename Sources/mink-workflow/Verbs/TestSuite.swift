// The scenario files of a `test` run, each with its workflow.
import MinkDefinition
import MinkTesting
import MinkWorkflow

/// What is to be tested.
struct TestSuite {
    /// One scenario file.
    struct Member {
        let file: String
        let definition: Definition
        let scenarios: [Scenario]
        /// Notes what is reached; `nil` when nobody asks.
        let coverage: CoverageRecorder?
    }

    private(set) var members: [Member] = []
    private let loaded: DefinitionLoader.Loaded
    private var recorders: [String: CoverageRecorder] = [:]

    init(_ loaded: DefinitionLoader.Loaded, records: Bool) {
        self.loaded = loaded
        guard records else { return }
        for stored in loaded.stored {
            guard let active = loaded.catalog.active(stored.identity.workflow),
                active.identity == stored.identity
            else { continue }
            recorders[stored.identity.workflow] = CoverageRecorder(
                of: active, source: Array(stored.text.utf8))
        }
    }

    mutating func add(_ file: Project.File, matching filter: String?) throws(UsageError) {
        let read = ScenarioReader(options: .ofThisMachine).read(file.input)
        guard let parsed = read.file else { return }
        guard let definition = loaded.catalog.active(parsed.workflow) else {
            throw UsageError(
                message: "\(file.input.file): there is no workflow \"\(parsed.workflow)\" "
                    + "beside it")
        }
        let scenarios = parsed.scenarios.filter { scenario in
            filter.map { scenario.name.contains($0) } ?? true
        }
        members.append(
            Member(
                file: file.input.file, definition: definition, scenarios: scenarios,
                coverage: recorders[parsed.workflow]))
    }

    /// The recorders of the workflows that have scenarios, and of those in named files.
    func recorders(alsoFor files: Set<String>) -> [CoverageRecorder] {
        var names = Set(members.map { $0.definition.identity.workflow })
        for stored in loaded.stored where files.contains(stored.file) {
            names.insert(stored.identity.workflow)
        }
        return names.sorted().compactMap { recorders[$0] }
    }
}
