// What the owner of a saga adds to an action before it is decided, so that the decision depends on
// nothing but what is recorded.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

extension EngineLoop {
    /// The action, together with what only the owner of the instance knows: whether a dead letter
    /// would come a second time.
    mutating func withKnowledge(
        _ pending: PendingAction
    ) async throws(StoreError) -> OperatorAction {
        let action = pending.action
        if case .command(let id) = action.subject { leaveToPeople(id, of: pending.instance) }
        guard case .letter(let event, _) = action.subject else { return action }
        let stored = try await load(pending.instance)
        let definition = try await definition(for: stored, pending.instance)
        var isSeen = false
        if let definition, case .instance(_, let unique, _) = route(event, by: definition) {
            isSeen = try await self.isSeen(unique, by: pending.instance)
        }
        return OperatorAction(
            verb: action.verb, reason: action.reason, subject: .letter(event, isSeen: isSeen))
    }

    /// A person who decides about a command that another engine may have handed out knows better
    /// than anybody here what became of it.
    private mutating func leaveToPeople(_ command: String, of id: InstanceID) {
        guard inherited.remove(command) != nil else { return }
        inAttempt[command] = nil
        cache.changeOutstanding(of: id) { outstanding in
            for index in outstanding.indices where outstanding[index].id == command {
                outstanding[index].isInAttempt = false
            }
        }
    }
}
