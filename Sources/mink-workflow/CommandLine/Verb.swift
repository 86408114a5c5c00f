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
    /// The only words that may stand behind it, for completion; empty where files may.
    var words: [String] = []

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

extension Arguments {
    /// Refuses words that are no options.
    func takesNoOperand(_ verb: String) throws(UsageError) {
        guard let word = operands.first else { return }
        throw UsageError(message: "\(verb) takes no \"\(word)\"")
    }

    /// The one word that is no option.
    func onlyOperand(_ message: String) throws(UsageError) -> String {
        guard operands.count == 1, let operand = operands.first else {
            throw UsageError(message: message)
        }
        return operand
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

/// The workflow of one file; `nil` when it has errors, which are shown.
func loadOnlyDefinition(
    _ arguments: Arguments, for verb: String
) throws(UsageError) -> Definition? {
    let file = try arguments.onlyOperand("\(verb) needs one workflow file")
    guard FileSystem.kind(of: file) != .folder else {
        throw UsageError(message: "\"\(file)\" is a folder; \(verb) needs one workflow file")
    }
    let loaded = loadWithoutErrors(try projectFiles([file], endings: [".workflow.json"]))
    return loaded.flatMap { loaded in
        loaded.catalog.workflows.first.flatMap(loaded.catalog.active)
    }
}
