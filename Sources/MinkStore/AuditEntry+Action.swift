// What the record tells of an action on a saga: how the saga stood, in words and numbers that hold
// nothing of its data.
import MinkDefinition
package import MinkEngine
package import MinkExpression

extension AuditEntry {
    /// The entry for an action that was judged.
    ///
    /// - Parameters:
    ///   - action: What was asked, and by whom.
    ///   - before: The saga as the action found it.
    ///   - after: The saga as the action left it.
    ///   - refusal: Why it did not fit; `nil` when it did.
    ///   - at: The time of the turn.
    package init(
        _ action: PendingAction, from before: Instance?, to after: Instance?, refusal: String?,
        at: Timestamp
    ) {
        let id = action.instance
        self.init(
            at: at, person: action.person, verb: action.action.words,
            reason: action.action.reason, tenant: id.tenant, workflow: id.workflow, key: id.key,
            subject: action.action.subject?.words ?? "\(id.workflow) \(id.key)",
            before: before?.standing,
            after: refusal == nil ? after?.standing : nil, refusal: refusal)
    }
}

extension OperatorAction {
    /// The action in the words of the command line.
    fileprivate var words: String {
        let undoes = verb == .skip
        switch subject {
        case .command: return undoes ? "outbox discard" : "outbox retry"
        case .held: return undoes ? "held discard" : "held retry"
        case .letter: return "dead-letters requeue"
        case nil: return "instances \(verb.rawValue)"
        }
    }
}

extension OperatorAction.Subject {
    fileprivate var words: String {
        switch self {
        case .command(let id): "command \(id)"
        case .held(let id): "event \(id)"
        case .letter(let event, _): "event \(event.id)"
        }
    }
}

extension Instance {
    /// How the saga stands, without its data.
    package var standing: Value {
        var map = ValueMap()
        map["status"] = status.map { .string($0.rawValue) } ?? .null
        map["state"] = state.map(Value.string) ?? .null
        map["version"] = .int(Int64(definition.version))
        map["ledger"] = .list(ledger.map { .string($0.command) })
        map["commands"] = .list(outstanding.map { .string($0.command.name) })
        map["incidents"] = .list(incidents.map { .string("\($0.number) \($0.code.rawValue)") })
        map["pausedBy"] = pause.map { .int(Int64($0.incident)) } ?? .null
        map["held"] = .list(held.map { .string("\($0.event.type) \($0.event.id)") })
        return .map(map)
    }
}
