// Holds one saga against the rules: its history, its outbox and its timers.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

/// The checks of one saga.
struct SagaChecks {
    let dossier: SagaDossier
    let definition: Definition?
    let now: Timestamp

    private var instance: Instance { dossier.row.instance }
    private var hasBeginning: Bool { dossier.history.first?.version == 1 }

    /// What is broken.
    func breaches() -> [Breach] {
        events() + commands() + undo() + waits() + versions()
    }

    private func told(_ rule: StoreRule, _ problems: [String]) -> [Breach] {
        problems.map { Breach(rule, instance.id, $0) }
    }

    private func events() -> [Breach] {
        var arrivals: [String: Int] = [:]
        var verdicts: [String: Int] = [:]
        // A dead letter that a person requeued is judged once more.
        var requeued: [String: Int] = [:]
        for turn in dossier.history {
            if case .event(let event, _) = turn.input { arrivals[event.id, default: 0] += 1 }
            if case .action(let action) = turn.input, case .letter(let event, _) = action.subject {
                requeued[event.id, default: 0] += 1
            }
            for case .event(let id, _, let judged, _) in turn.facts where judged != .early {
                verdicts[id, default: 0] += 1
            }
        }
        let again = arrivals.filter { $0.value > 1 }.keys.sorted()
            .map { "event \($0) came in \(arrivals[$0] ?? 0) turns" }
        let twice = verdicts.filter { $0.value > 1 + requeued[$0.key, default: 0] }.keys.sorted()
            .map { "event \($0) was judged \(verdicts[$0] ?? 0) times" }
        return told(.eventsCountOnce, again + twice)
    }

    private func commands() -> [Breach] {
        guard hasBeginning else { return [] }
        var ledger = CommandLedger()
        for turn in dossier.history {
            ledger.follow(turn.input)
            turn.facts.forEach { ledger.follow($0) }
        }
        return told(.commandsAreKept, ledger.problems(instance, definition, at: now))
    }

    private func undo() -> [Breach] {
        guard hasBeginning else { return [] }
        var order = UndoOrder()
        for turn in dossier.history { turn.facts.forEach { order.follow($0) } }
        order.end(instance)
        return told(.undoIsReversed, order.problems)
    }

    private func waits() -> [Breach] {
        var problems: [String] = []
        let armed = Set(instance.runningTimers)
        if armed != Set(dossier.timers) || armed.count != dossier.timers.count {
            problems.append(
                "it has \(armed.count) timers, and \(dossier.timers.count) are stored to fire")
        }
        if !hasCause { problems.append("it has not ended, and nothing can move it any more") }
        return told(.waitsHaveCauses, problems)
    }

    /// Whether something can still move the saga, if it has not ended.
    private var hasCause: Bool {
        if instance.pause != nil || !instance.incidents.isEmpty { return true }
        if !instance.timers.isEmpty || !instance.outstanding.isEmpty { return true }
        switch instance.status {
        case nil: return false
        case .completed?, .failed?, .compensated?: return true
        case .compensating?:
            guard let running = instance.compensation?.current else { return false }
            return running.isAccepted && running.frame.confirmation != nil
        case .started?, .running?:
            // Without a definition nobody can tell.
            guard let definition else { return true }
            guard let state = instance.state.flatMap(definition.state) else { return false }
            return !state.on.isEmpty || state.join != nil
                || definition.anyState?.holds(in: state) ?? false
        }
    }

    private func versions() -> [Breach] {
        var problems: [String] = []
        for (turn, next) in zip(dossier.history, dossier.history.dropFirst())
        where next.version != turn.version + 1 {
            problems.append("turn \(turn.version) is followed by turn \(next.version)")
        }
        let version = dossier.row.version
        if let last = dossier.history.last, last.version != version {
            problems.append("it has version \(version), and its last turn is \(last.version)")
        }
        return told(.versionsGrow, problems)
    }
}
