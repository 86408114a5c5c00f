// Reads scenario files: their shape, and their names against the workflow that they tell of.
import MinkExpression

/// Reads scenario files.
package struct ScenarioReader: Sendable {
    private let options: DefinitionReader.Options

    package init(options: DefinitionReader.Options = .init()) {
        self.options = options
    }

    /// What a reading yields.
    package struct ReadResult: Sendable {
        /// The scenarios; `nil` when one of the findings is an error.
        package let file: ScenarioFile?
        package let findings: [Finding]
        package let source: SourceText
    }

    /// Reads a scenario file; with its workflow at hand, names are checked too.
    package func read(
        _ input: DefinitionReader.Input, of workflow: DefinitionReader.ReadResult? = nil
    ) -> ReadResult {
        let known = workflow?.vocabulary.map { [$0.workflow: $0] } ?? [:]
        return read(input, workflows: known)
    }

    func read(
        _ input: DefinitionReader.Input, workflows: [String: ScenarioVocabulary]
    ) -> ReadResult {
        let context = ReadingContext(options: options, files: NoFiles())
        var file: ScenarioFile?
        let root = context.load(file: input.file, path: input.path, bytes: input.bytes)
        if let root, root.kind != .missing {
            let reading = ScenarioReading(context: context, workflows: workflows)
            file = reading.read(root)
            SecretScan(context: context).scan(root)
        }
        let findings = context.settled().inOrder()
        return ReadResult(
            file: findings.hasErrors ? nil : file, findings: findings,
            source: context.sources.first?.text ?? SourceText(file: input.file, bytes: []))
    }
}

extension Shape {
    static let scenarioFile = Shape(
        noun: "a scenario file", keys: ["$schema", "workflow", "scenarios"])
    static let scenario = Shape(noun: "a scenario", keys: ["name", "steps"])
    static let eventStep = Shape(noun: "an event step", keys: ["event", "with", "id", "times"])
    static let waitStep = Shape(noun: "a wait step", keys: ["wait"])
    static let scriptStep = Shape(
        noun: "a command step", keys: ["command", "fails", "rejects", "returns", "times"])
    static let operatorStep = Shape(
        noun: "an operator step", keys: ["operator", "reason", "with", "incident", "endIn"])
    static let commandExpectation = Shape(
        noun: "an \"expectCommand\" step", keys: ["expectCommand", "with"])
    static let commandsExpectation = Shape(
        noun: "an \"expectCommands\" step", keys: ["expectCommands"])
    static let expectStep = Shape(noun: "an \"expect\" step", keys: ["expect"])
    static let expectation = Shape(
        noun: "\"expect\"",
        keys: [
            "status", "state", "outcome", "data", "incident", "held", "ledger", "deadLetters",
        ])

    /// The kinds of steps by the key that says which one it is.
    static let steps: [(key: String, shape: Shape)] = [
        ("event", eventStep), ("wait", waitStep), ("command", scriptStep),
        ("operator", operatorStep), ("expectCommand", commandExpectation),
        ("expectCommands", commandsExpectation), ("expect", expectStep),
    ]
}
