// Writes one batch in one transaction.
//
// The order matters where a batch holds both: a command that was accepted leaves the outbox, and
// its answer enters the log, before a turn of the same batch could take the command back.
import MinkEngine
import MinkExpression
import MinkStore

private typealias SagaDraft = InstanceDraft<SagaHead>

extension Session {
    func commit(_ batch: TurnBatch) throws(StoreError) -> [EventRecord] {
        guard !batch.isEmpty else { return [] }
        return try transactions.run { () throws(StoreError) in
            let passing = Set(batch.settled)
            try write(batch.turns, passing)
            let answers = try settle(batch)
            for failure in batch.failedAttempts { try outbox.record(failure) }
            for turn in batch.turns { try steer(turn.decision) }
            for letter in batch.deadLetters { try deadLetters.append(letter) }
            for number in batch.judgedActions {
                let refusal = batch.refusals[number]
                try inputs.markJudged(number, refusal: refusal)
                if refusal != nil { try deadLetters.reopen(ofInput: number) }
            }
            for entry in batch.audit { try audit.append(entry) }
            if let cursor = batch.cursor { try notes.moveCursor(to: cursor) }
            try notes.save(batch.notes)
            return answers
        }
    }

    /// Writes turns; several of one instance become one state and a history row each.
    ///
    /// A command that is settled in the same batch never stands in the outbox.
    private func write(_ turns: [Turn], _ passing: Set<String>) throws(StoreError) {
        var open: [InstanceID: SagaDraft] = [:]
        for turn in turns {
            var draft: SagaDraft
            if let known = open[turn.id] {
                draft = known
            } else {
                draft = SagaDraft(try sagas.head(of: turn.id))
            }
            try draft.add(turn)
            try record(turn, in: draft, passing)
            open[turn.id] = draft
            // Gone: a later turn of the batch begins anew.
            if draft.isRemoved { try remove(draft.before.saga, turn.id) }
            if draft.isEmpty { open[turn.id] = nil }
        }
        // In the order of the turns, so that places and timers do not depend on a hash.
        for turn in turns {
            guard let draft = open.removeValue(forKey: turn.id) else { continue }
            try save(draft)
        }
    }

    /// Writes what a turn leaves behind besides the new state.
    private func record(
        _ turn: Turn, in draft: SagaDraft, _ passing: Set<String>
    ) throws(StoreError) {
        guard turn.decision.refusal == nil else { return }
        for case .deadLetter(_, _, let reason, let message, let event) in turn.decision.facts {
            try deadLetters.append(
                DeadLetter(
                    event: event, instance: turn.id, reason: reason, message: message, at: turn.at))
        }
        guard turn.decision.instance != nil else { return }
        let saga = draft.before.saga
        try history.append(turn, of: saga, version: draft.version)
        for command in turn.decision.commands where !passing.contains(command.id) {
            try outbox.append(command, of: saga)
        }
        for value in turn.decision.seenValues { try seen.add(value, of: saga) }
    }

    private func save(_ draft: SagaDraft) throws(StoreError) {
        guard let instance = draft.instance else { return }
        var head = draft.before
        head.version = draft.version
        try sagas.write(instance, over: head)
        try timers.replace(instance.runningTimers, of: head.saga, known: head.timers)
        sagas.remember(instance, in: head)
    }

    /// Takes settled commands out of the outbox, and appends the answers of those that were there.
    private func settle(_ batch: TurnBatch) throws(StoreError) -> [EventRecord] {
        guard !batch.settled.isEmpty else { return [] }
        let emitted = batch.turns.flatMap { $0.decision.commands.map(\.id) }
        var removed = Set(emitted).intersection(batch.settled)
        for id in batch.settled where !removed.contains(id) {
            if try outbox.remove(id) { removed.insert(id) }
        }
        var appended: [EventRecord] = []
        for answer in batch.answers where removed.contains(answer.command) {
            let outcome = try events.append(answer.event, at: answer.event.time)
            guard case .appended(let position) = outcome else { continue }
            var event = answer.event
            event.position = position
            appended.append(event)
        }
        return appended
    }

    /// Does to commands of earlier turns what a turn decided.
    private func steer(_ decision: Decision) throws(StoreError) {
        for id in decision.redelivered { try outbox.redeliver(id) }
        for id in decision.lastAttempts { try outbox.markLastAttempt(id) }
        for id in decision.parked { try outbox.park(id) }
        for id in decision.withdrawn + decision.released { try outbox.remove(id) }
    }
}
