// What becomes of deliveries. An outcome that the saga waits for is a turn; any other only takes
// the command out of the outbox, which is also what appends its answers: so they come once.
import MinkDefinition
import MinkEngine
import MinkExpression
package import MinkStore

extension EngineLoop {
    /// The next command to hand out; it counts as under way until it is settled.
    package mutating func nextOutgoing() -> PendingCommand? {
        guard !outgoing.isEmpty else { return nil }
        return outgoing.removeFirst()
    }

    /// Commands that were taken back since this was asked last.
    mutating func takeBackCommands() -> Set<String> {
        defer { takenBack = [] }
        return takenBack
    }

    /// Notes that a try is under way.
    package mutating func didBegin(_ pending: PendingCommand) {
        let id = pending.command.id
        cache.changeOutstanding(of: pending.command.instance) { outstanding in
            for index in outstanding.indices where outstanding[index].id == id {
                outstanding[index].isInAttempt = true
            }
        }
    }

    /// Settles a try: the command is done, is tried again later, or is given up.
    package mutating func settle(
        _ pending: PendingCommand, _ receipt: Receipt
    ) async throws(StoreError) {
        let command = pending.command
        let attempt = pending.attempts + 1
        let now = clock.now()
        didEnd(pending, attempt: attempt)
        var batch = TurnBatch()
        switch receipt {
        case .accepted(let answers, let result):
            batch.answers = self.answers(to: command, answers, at: now)
            if try await waits(for: command) {
                let outcome = Input.Outcome(of: command, result: .accepted(result))
                try await turn(command.instance, .outcome(outcome), at: now, &batch)
            } else {
                forget(command)
                if batch.answers.isEmpty, pending.due == nil {
                    acknowledged.insert(command.id)
                    observe(.delivered(command, attempt: attempt, receipt: receipt, at: now))
                    cache.forgetEnded(command.instance)
                    return try await commit(batch)
                }
            }
            batch.settled = [command.id]
        case .failed(let message):
            try await retry(pending, attempt, .failed, message, at: now, &batch)
        case .timedOut:
            try await retry(pending, attempt, .timeout, "no answer in time", at: now, &batch)
        case .rejected(let message):
            try await giveUp(pending, attempt, .rejected, message, at: now, &batch)
        }
        try await commit(
            batch, [.delivered(command, attempt: attempt, receipt: receipt, at: now)])
        cache.forgetEnded(command.instance)
    }

    private mutating func didEnd(_ pending: PendingCommand, attempt: Int) {
        let id = pending.command.id
        cache.changeOutstanding(of: pending.command.instance) { outstanding in
            for index in outstanding.indices where outstanding[index].id == id {
                outstanding[index].isInAttempt = false
                outstanding[index].attempts = attempt
            }
        }
    }

    private mutating func forget(_ command: CommandRecord) {
        cache.changeOutstanding(of: command.instance) { outstanding in
            outstanding.removeAll { $0.id == command.id }
        }
    }

    /// Whether the saga waits for the acknowledgement of a command.
    private mutating func waits(for command: CommandRecord) async throws(StoreError) -> Bool {
        switch command.role {
        case .compensation: return true
        case .undoOther: return false
        case .step:
            guard let entry = try await load(command.instance),
                let definition = definition(for: entry, command.instance)
            else { return false }
            return definition.reacts(to: command.name)
        }
    }

    private mutating func retry(
        _ pending: PendingCommand, _ attempt: Int, _ code: Input.Exhaustion.Code,
        _ message: String, at now: Timestamp, _ batch: inout TurnBatch
    ) async throws(StoreError) {
        let command = pending.command
        let isLast = pending.isLastAttempt || lastAttempts.remove(command.id) != nil
        guard !isLast,
            let delay = command.delivery.retry.delay(afterAttempt: attempt, of: command.id)
        else { return try await giveUp(pending, attempt, code, message, at: now, &batch) }
        batch.failedAttempts = [
            FailedAttempt(
                command: command.id, attempts: attempt, nextDue: now.adding(delay) ?? .latest,
                error: message)
        ]
    }

    private mutating func giveUp(
        _ pending: PendingCommand, _ attempt: Int, _ code: Input.Exhaustion.Code,
        _ message: String, at now: Timestamp, _ batch: inout TurnBatch
    ) async throws(StoreError) {
        let command = pending.command
        let exhaustion = Input.Exhaustion(code: code, message: message, attempts: attempt)
        let outcome = Input.Outcome(of: command, result: .exhausted(exhaustion))
        try await turn(command.instance, .outcome(outcome), at: now, &batch)
        let isParked = batch.turns.last?.decision.parked.contains(command.id) ?? false
        if isParked {
            batch.failedAttempts = [
                FailedAttempt(
                    command: command.id, attempts: attempt, nextDue: nil, error: message)
            ]
        } else {
            batch.settled = [command.id]
        }
    }

    private func answers(
        to command: CommandRecord, _ answers: [AnswerEvent], at now: Timestamp
    ) -> [Answer] {
        var metadata = command.metadata
        metadata.causationID = command.id
        let stream = "\(command.instance.workflow)/\(command.instance.key)"
        if command.delivery.destination == .events {
            let event = EventRecord(
                id: command.id, type: command.name, data: command.arguments.json,
                metadata: command.metadata, time: now, stream: stream)
            return [Answer(command: command.id, event: event)]
        }
        return answers.enumerated().map { index, answer in
            let id = DerivedID.make(parent: command.id, parts: ["answer", String(index)])
            let event = EventRecord(
                id: id, type: answer.type, data: answer.data, metadata: metadata, time: now,
                stream: stream)
            return Answer(command: command.id, event: event)
        }
    }
}

extension PendingCommand {
    /// A command that was just emitted.
    init(first command: CommandRecord) {
        self.init(
            sequence: 0, command: command, attempts: 0, due: nil, isLastAttempt: false,
            lastError: nil)
    }
}

extension Definition {
    /// Whether some state waits for the outcome of a command.
    fileprivate func reacts(to command: String) -> Bool {
        states.contains { state in state.onOutcome.keys.contains { $0.command == command } }
    }
}
