// The same action on many sagas: all are handed in before the first is waited for, so that an engine
// judges them side by side.
package import MinkEngine
import MinkExpression
package import MinkStore

extension OperatorDesk {
    /// Hands actions in and waits until they are judged.
    ///
    /// - Parameters:
    ///   - actions: What is to be done on which saga.
    ///   - person: Who decided it, for the record.
    ///   - patience: How long to wait for engines that own the sagas.
    /// - Returns: What became of each, in the same order.
    /// - Throws: ``StoreError`` if the store fails; some may have been handed in then.
    package func carryOut(
        _ actions: [(action: OperatorAction, id: InstanceID)], by person: String,
        patience: Duration = .seconds(15)
    ) async throws(StoreError) -> [Outcome] {
        var pending: [PendingAction] = []
        for (action, id) in actions {
            let number = try await queries.request(
                action, on: id, by: person, at: clock.now(), notes: [:])
            pending.append(
                PendingAction(number: number, instance: id, person: person, action: action))
        }
        var outcomes: [Int64: Outcome] = [:]
        let deadline = ContinuousClock.now + patience
        while outcomes.count < pending.count {
            let open = pending.filter { outcomes[$0.number] == nil }
            try await judge(open, into: &outcomes)
            for action in open where outcomes[action.number] == nil {
                let row = try await queries.actions(on: action.instance)
                    .last { $0.number == action.number }
                guard let row, row.isJudged else { continue }
                outcomes[action.number] = row.refusal.map(Outcome.refused) ?? .carriedOut
            }
            guard outcomes.count < pending.count else { break }
            guard ContinuousClock.now < deadline, !Task.isCancelled else { break }
            try? await Task.sleep(for: .milliseconds(200))
        }
        return pending.map { outcomes[$0.number] ?? .handedIn }
    }

    /// Judges those that no other process owns.
    private func judge(
        _ actions: [PendingAction], into outcomes: inout [Int64: Outcome]
    ) async throws(StoreError) {
        do throws(StoreError) {
            var loop = try await EngineLoop(
                store: store, catalog: catalog, clock: clock, observe: { _ in })
            let numbers = Set(actions.map(\.number))
            for action in try await loop.pendingActions(limit: .max)
            where numbers.contains(action.number) {
                outcomes[action.number] =
                    try await loop.judge(action).map(Outcome.refused) ?? .carriedOut
            }
        } catch {
            guard error.code == .occupied else { throw error }
        }
    }
}
