// `db`: a store as a whole.
import MinkDefinition
import MinkExpression
import MinkStore
import MinkWorkflow

extension Verb {
    static let database = Verb(
        name: "db",
        summary: "looks after a store as a whole",
        operands: "verify",
        details: """
            verify   holds the store against the rules that every store keeps, whatever
                     happened to it: no event lost, none counted twice, each saga as its
                     history says, no command dropped, undone in order, no wait without a
                     cause. Engines may go on working. Exit code 1 when a rule is broken.
            """,
        options: Option.store + [
            Option(
                name: "--format", value: "FORMAT", summary: "text (default) or json",
                choices: ["text", "json"])
        ],
        perform: { arguments throws(UsageError) in
            guard arguments.operands == ["verify"] else {
                throw UsageError(message: "db needs a word: verify")
            }
            return try await verifyStore(arguments)
        },
        words: ["verify"])
}

/// Holds the store that was named against the rules.
func verifyStore(_ arguments: Arguments) async throws(UsageError) -> ExitCode {
    let store = try await arguments.existingStore()
    return try await withStore(store) { store throws(StoreError) in
        let report = try await StoreVerification(of: store).run()
        if arguments.value("--format") == "json" {
            Output.line(report.json.json)
        } else {
            for line in report.lines { Output.line(line.withoutControls) }
        }
        return report.count == 0 ? .ok : .negative
    }
}
