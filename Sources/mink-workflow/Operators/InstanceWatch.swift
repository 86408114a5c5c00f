// Tells what happens to a saga as it becomes durable, until it ends.
import MinkEngine
import MinkExpression
import MinkSQLite
import MinkStore
import MinkWorkflow

/// Watches one saga.
struct InstanceWatch {
    let desk: ActionDesk

    /// Prints each turn once, oldest first; then how the saga ended.
    func watch(_ id: InstanceID) async throws(StoreError) -> ExitCode {
        var told: Int64 = 0
        while true {
            // Before its turns: what is told reaches at least to here.
            let stored = try await desk.store.snapshot(of: id)
            for turn in try await desk.store.history(of: id, after: told) {
                desk.tell(turn, of: id, stored?.instance)
                told = turn.version
            }
            guard let stored else {
                Output.message("mink-workflow: \(id.workflow) \(id.key) is not kept any more")
                return .notFound
            }
            if stored.instance.status?.isEnded ?? false {
                let row = InstanceRow(
                    sequence: 0, version: stored.version, instance: stored.instance)
                desk.print(
                    desk.recorder.line(for: row, at: stored.instance.endedAt ?? .earliest))
                return .ok
            }
            Output.flush()
            guard !(desk.store is SQLiteStore) else {
                Output.message(
                    "mink-workflow: \(id.key) has not ended, and nothing happens to it while this "
                        + "process has the file; run the engine, and look again")
                return .negative
            }
            // Many who watch do not ask together.
            try? await Task.sleep(for: .milliseconds(.random(in: 200...400)))
        }
    }
}

extension ActionDesk {
    /// Prints a turn of a history.
    func tell(_ turn: HistoryRow, of id: InstanceID, _ instance: Instance?) {
        var decision = Decision(instance: instance)
        decision.facts = turn.facts
        tell(
            Turn(
                id: id, expectedVersion: turn.version - 1, input: turn.input, decision: decision,
                at: turn.at))
    }
}
