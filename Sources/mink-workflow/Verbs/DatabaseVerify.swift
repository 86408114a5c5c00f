// `db verify`: holds a store against the rules that every store keeps.
import MinkDefinition
import MinkExpression
import MinkStore
import MinkWorkflow

extension DatabaseWord {
    static let verify = DatabaseWord(
        name: "verify",
        summary: """
            holds the store against the rules that every store keeps, whatever
                       happened to it: no event lost, none counted twice, each saga as its
                       history says, no command dropped, undone in order, no wait without a
                       cause. Engines may go on working; 1 when a rule is broken
            """
    ) { arguments throws(UsageError) in try await verifyStore(arguments) }
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
