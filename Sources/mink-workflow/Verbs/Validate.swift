// `validate`: all findings of all files in one run.
import MinkDefinition
import MinkWorkflow

extension Verb {
    static let validate = Verb(
        name: "validate",
        summary: "checks workflow and scenario files, and says all that is wrong",
        operands: "[PATH…|-]",
        details: """
            Takes files and folders (*.workflow.json, *.scenarios.json); the current folder
            when none is named, standard input for "-". Exit code 1 when something is wrong.
            """,
        options: [
            Option(
                name: "--format", value: "FORMAT[=FILE]",
                summary: "pretty (default), text or json; repeatable, each into a file",
                choices: ValidationFormat.allCases.map(\.rawValue), isRepeatable: true),
            Option(
                name: "--fail-on", value: "LEVEL",
                summary: "error (default), warning, info or never",
                choices: FindingLevels.FailOn.allCases.map(\.rawValue)),
            Option(
                name: "--rule", value: "ID=LEVEL",
                summary: "another level for a rule, or for all that begin so (MW7=error)",
                isRepeatable: true),
            Option(name: "--strict", value: nil, summary: "warnings count as errors"),
        ],
        perform: { arguments throws(UsageError) in
            try Validation(arguments).run()
        })
}

/// A form in which findings are written.
private enum ValidationFormat: String, CaseIterable {
    case pretty, text, json
}

private struct Validation {
    private let files: [Project.File]
    private let outputs: [(format: ValidationFormat, file: String?)]
    private let levels: FindingLevels
    private let failOn: FindingLevels.FailOn

    init(_ arguments: Arguments) throws(UsageError) {
        files = try projectFiles(
            arguments.operands, endings: [".workflow.json", ".scenarios.json"])
        var outputs: [(ValidationFormat, String?)] = []
        for value in arguments.values("--format") {
            let parts = value.split(separator: "=", maxSplits: 1).map(String.init)
            guard let format = ValidationFormat(rawValue: parts[0]) else { continue }
            outputs.append((format, parts.count > 1 ? parts[1] : nil))
        }
        self.outputs = outputs.isEmpty ? [(.pretty, nil)] : outputs
        levels = try Self.levels(arguments)
        failOn = arguments.value("--fail-on").flatMap(FindingLevels.FailOn.init) ?? .error
    }

    private static func levels(_ arguments: Arguments) throws(UsageError) -> FindingLevels {
        var levels = FindingLevels(strict: arguments.has("--strict"))
        for value in arguments.values("--rule") {
            let parts = value.split(separator: "=").map(String.init)
            guard parts.count == 2, let level = FindingLevels.Level(rawValue: parts[1]) else {
                let known = FindingLevels.Level.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError(
                    message: "--rule needs ID=LEVEL with a level of \(known), as in MW7=error")
            }
            guard levels.set(parts[0], to: level) else {
                throw UsageError(
                    message: "there is no rule \"\(parts[0])\", or it can not be changed")
            }
        }
        return levels
    }

    func run() throws(UsageError) -> ExitCode {
        let validation = ProjectValidation(of: files)
        let findings = levels.applied(to: validation.findings)
        for output in outputs {
            let text = render(findings, validation, output.format, toFile: output.file != nil)
            if let file = output.file {
                try writeFile(text, to: file)
            } else {
                Output.write(text)
            }
        }
        return findings.fail(on: failOn) ? .negative : .ok
    }

    private func render(
        _ findings: [Finding], _ validation: ProjectValidation, _ format: ValidationFormat,
        toFile: Bool
    ) -> String {
        switch format {
        case .pretty:
            PrettyRenderer(colour: !toFile && Output.isColored)
                .render(findings, sources: validation.sources)
        case .text: TextRenderer().render(findings)
        case .json: JSONRenderer().render(findings, files: validation.files)
        }
    }
}

/// The check of files that may belong to several projects.
struct ProjectValidation {
    private(set) var findings: [Finding] = []
    private(set) var files: [CheckedFile] = []
    private(set) var sources: [String: SourceText] = [:]

    init(of files: [Project.File]) {
        for (root, members) in Dictionary(grouping: files, by: \.root).sorted(by: {
            $0.key < $1.key
        }) {
            let reader = DefinitionReader(
                options: .ofThisMachine, files: RootedFiles(root: root))
            let validation = reader.validate(members.map(\.input))
            findings += validation.findings
            self.files += validation.files
            sources.merge(validation.sources) { first, _ in first }
        }
        findings = findings.inOrder()
    }
}
