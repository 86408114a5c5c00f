// A verb of the command line as a value: its words, its options, and what it does. The help, the
// suggestions on typos and the parser all read the same description.

import MinkDefinition
import MinkWorkflow

/// One verb of the command line.
struct Verb: Sendable {
    let name: String
    /// What it does, in one line.
    let summary: String
    /// What stands behind the verb, as the help shows it.
    let operands: String
    /// Further explanation for `--help`; lines of at most 78 columns.
    let details: String
    let options: [Option]
    let perform: @Sendable (Arguments) async throws(UsageError) -> ExitCode

    /// An option of a verb.
    struct Option: Sendable {
        let name: String
        /// The name of its value in the help; `nil` for a switch.
        let value: String?
        let summary: String
        /// The only values that it takes; empty when anything goes.
        var choices: [String] = []
        /// Whether it may be given several times.
        var isRepeatable = false
    }
}

/// How a process ends, whatever the format of its output.
enum ExitCode: Int32, Sendable {
    case ok = 0
    /// A negative answer: findings, a failed scenario.
    case negative = 1
    /// Wrong use or configuration.
    case usage = 2
    /// A bug of ours.
    case bug = 3
    /// A database or server can not be reached.
    case unreachable = 4
    case notFound = 5
    case conflict = 6
    case notAllowed = 7
}

/// A command line that can not be carried out, and what to do instead.
struct UsageError: Error {
    let message: String
    var code = ExitCode.usage
}

/// The files that operands mean, or why they mean none.
func projectFiles(
    _ operands: [String], endings: [String], inputName: String? = nil
) throws(UsageError) -> [Project.File] {
    do throws(ProjectError) {
        return try Project.files(operands, endings: endings, inputName: inputName)
    } catch {
        throw UsageError(message: error.message)
    }
}

/// Writes a file whole, or says why that is impossible.
func writeFile(_ text: String, to path: String) throws(UsageError) {
    do throws(FileError) {
        try FileSystem.write(text, to: path)
    } catch {
        throw UsageError(message: error.message)
    }
}

/// The definitions of files; `nil` when they have errors, which are shown.
func loadWithoutErrors(_ files: [Project.File]) -> DefinitionLoader.Loaded? {
    let loaded = DefinitionLoader.load(files)
    let errors = loaded.findings.filter { $0.severity == .error }
    guard !errors.isEmpty else { return loaded }
    Output.message(PrettyRenderer().render(errors, sources: loaded.sources))
    return nil
}
