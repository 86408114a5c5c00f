// Finds the verb and carries it out. Data goes to standard output, messages to standard error.
import MinkDefinition

enum CommandLineTool {
    /// The verbs, in the order of the help.
    static let verbs: [Verb] = [
        .initProject, .newWorkflow, .validate, .format, .test, .run, .graph, .matrix, .diff, .eval,
        .explain, .rules, .schema, .serve, .definitions, .destinations, .instances, .database,
        .completion, .bench, .chaos,
    ]
    /// Verbs that other verbs start; no help lists them.
    private static let hidden: [Verb] = [.chaosEngine]

    /// Carries out a command line.
    static func run(_ words: [String]) async -> ExitCode {
        guard let first = words.first else {
            Output.message(Help.overview(verbs))
            return .usage
        }
        if ["--help", "-h", "help"].contains(first) { return help(words.dropFirst()) }
        if first == "--version" {
            Output.line("mink-workflow \(version)")
            return .ok
        }
        guard let verb = (verbs + hidden).first(where: { $0.name == first }) else {
            return fail(unknownVerb(first))
        }
        let rest = Array(words.dropFirst())
        if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            Output.line(Help.page(verb))
            return .ok
        }
        do throws(UsageError) {
            return try await verb.perform(try Arguments(rest, for: verb))
        } catch {
            return fail(error)
        }
    }

    /// The version of the product.
    static let version = "0.1.0"

    private static func help(_ words: ArraySlice<String>) -> ExitCode {
        guard let name = words.first else {
            Output.line(Help.overview(verbs))
            return .ok
        }
        guard let verb = verbs.first(where: { $0.name == name }) else {
            return fail(unknownVerb(name))
        }
        Output.line(Help.page(verb))
        return .ok
    }

    private static func unknownVerb(_ name: String) -> UsageError {
        let hint = NameSuggestions(verbs.map(\.name)).nearest(to: name)
            .map { "did you mean \"\($0)\"?" }
        return UsageError(
            message: "there is no verb \"\(name)\"; "
                + (hint ?? "\"mink-workflow --help\" lists them"))
    }

    private static func fail(_ error: UsageError) -> ExitCode {
        Output.message("mink-workflow: \(error.message)")
        return error.code
    }
}
