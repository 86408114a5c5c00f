// Checks many files at once: each alone, and all of them together.
import MinkExpression

extension DefinitionReader {
    /// What a check of many files yields.
    package struct Validation: Sendable {
        package let findings: [Finding]
        package let files: [CheckedFile]
        /// The texts that were read, by the names that findings use.
        package let sources: [String: SourceText]
    }

    /// All findings of workflow and scenario files.
    ///
    /// - Parameters:
    ///   - inputs: The files.
    ///   - published: Versions that sagas may still run by, with which the files are compared.
    /// - Returns: What was found, in the order of files and places.
    package func validate(
        _ inputs: [Input], against published: [PublishedVersion] = []
    ) -> Validation {
        validate(
            inputs, workflows: inputs.map { $0.isScenarios ? nil : read($0) }, against: published)
    }

    /// All findings of files whose workflows were read already, by several threads perhaps.
    ///
    /// For each file `read` has to be called before; for scenario files there is `nil`.
    package func validate(
        _ inputs: [Input], workflows results: [ReadResult?],
        against published: [PublishedVersion] = []
    ) -> Validation {
        precondition(inputs.count == results.count, "each file has one result")
        let workflows = zip(inputs, results)
            .compactMap { input, result in result.map { (input.file, $0) } }
            .sorted { $0.0.precedesByBytes($1.0) }
        let inputs = inputs.sorted { $0.file.precedesByBytes($1.file) }
        let scenarios = inputs.filter(\.isScenarios)
        let together = clashes(between: workflows) + versionFindings(workflows, against: published)
        var findings = workflows.flatMap { $0.1.findings }
        findings += together.without(workflows.flatMap { $0.1.accepted })
        var sources: [String: SourceText] = [:]
        for (_, result) in workflows { sources.merge(result.sources) { first, _ in first } }
        let vocabularies = Dictionary(
            scenarios.isEmpty
                ? []
                : workflows.compactMap { result in
                    result.1.vocabulary.map { ($0.workflow, $0) }
                }, uniquingKeysWith: { first, second in first.merged(with: second) })
        for input in scenarios {
            let result = ScenarioReader(options: options).read(input, workflows: vocabularies)
            findings += result.findings
            sources[input.file] = result.source
        }
        let checked =
            workflows.map { CheckedFile(file: $0.0, identity: $0.1.identity) }
            + scenarios.map { CheckedFile(file: $0.file, identity: nil) }
        return Validation(
            findings: findings.inOrder(),
            files: checked.sorted { $0.file.precedesByBytes($1.file) }, sources: sources)
    }

    /// The same workflow in two files, and workflows that begin with the same event and key.
    private func clashes(between workflows: [(String, ReadResult)]) -> [Finding] {
        var findings: [Finding] = []
        var identities: [String: (file: String, span: SourceSpan)] = [:]
        var starts: [String: (workflow: String, span: SourceSpan)] = [:]
        for (file, result) in workflows {
            guard let vocabulary = result.vocabulary else { continue }
            let identity = "\(vocabulary.workflow)/\(vocabulary.version)"
            if let first = identities[identity] {
                findings.append(
                    Finding(
                        .nameClash,
                        "version \(vocabulary.version) of workflow \"\(vocabulary.workflow)\" "
                            + "stands in \(first.file) too", at: vocabulary.span,
                        related: [RelatedPlace("the other one", at: first.span)]))
            } else {
                identities[identity] = (file, vocabulary.span)
            }
            for start in vocabulary.starts {
                let other = starts[start.key]
                if let other, other.workflow != vocabulary.workflow {
                    findings.append(
                        Finding(
                            .startClash,
                            "\"\(start.event)\" starts workflow \"\(other.workflow)\" too, with "
                                + "the same key", at: start.span,
                            related: [RelatedPlace("it starts here", at: other.span)]))
                } else if other == nil {
                    starts[start.key] = (vocabulary.workflow, start.span)
                }
            }
        }
        return findings
    }
}

extension DefinitionReader.Input {
    /// Whether the file's name says that it holds scenarios.
    package var isScenarios: Bool { path.hasSuffix(".scenarios.json") }
}
