// The forms in which findings are written, and where to.
import MinkDefinition

/// A form in which findings are written.
enum ValidationFormat: String, CaseIterable {
    case pretty, text, json, sarif, github

    /// Whether it tells the fingerprint of each file.
    var tellsFingerprints: Bool { self == .json }

    /// A form, and the file that it goes into; standard output without one.
    struct Output {
        let format: ValidationFormat
        let file: String?
    }

    /// The outputs that a command line asks for.
    static func outputs(_ arguments: Arguments) throws(UsageError) -> [Output] {
        var outputs: [Output] = []
        for value in arguments.values("--format") {
            let parts = value.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false
            ).map(String.init)
            guard let format = ValidationFormat(rawValue: parts[0]) else { continue }
            if parts.count > 1, parts[1].isEmpty {
                throw UsageError(message: "--format \(value) names no file")
            }
            outputs.append(Output(format: format, file: parts.count > 1 ? parts[1] : nil))
        }
        guard outputs.count(where: { $0.file == nil }) < 2 else {
            throw UsageError(
                message: "only one --format can go to standard output; write the others as "
                    + "FORMAT=FILE")
        }
        return outputs.isEmpty ? [Output(format: .pretty, file: nil)] : outputs
    }

    /// The findings in this form.
    func render(
        _ findings: [Finding], of validation: ProjectValidation, colour: Bool
    ) -> String {
        switch self {
        case .pretty:
            PrettyRenderer(colour: colour).render(findings, sources: validation.sources)
        case .text: TextRenderer().render(findings)
        case .json: JSONRenderer().render(findings, files: validation.files)
        case .sarif:
            SARIFRenderer(toolVersion: CommandLineTool.version).render(
                findings, files: validation.files, sources: validation.sources)
        case .github: GitHubRenderer().render(findings)
        }
    }
}
