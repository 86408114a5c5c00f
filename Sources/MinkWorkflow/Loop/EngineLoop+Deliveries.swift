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

    /// All commands to hand out, in order; they count as under way until they are settled.
    mutating func takeOutgoing() -> [PendingCommand] {
        defer { outgoing = [] }
        return outgoing
    }

    /// Notes that a try is under way.
    package mutating func didBegin(_ pending: PendingCommand) {
        let id = pending.command.id
        inAttempt[id] = pending.attempts + 1
        inherited.remove(id)
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
        _ = try await gather(pending, receipt)
        try await commit()
    }

    /// Settles a try, as a part of the step.
    ///
    /// - Returns: Whether the command is tried again later.
    mutating func gather(
        _ pending: PendingCommand, _ receipt: Receipt
    ) async throws(StoreError) -> Bool {
        let command = pending.command
        let attempt = pending.attempts + 1
        let now = clock.now()
        didEnd(pending, attempt: attempt)
        let told = Observation.delivered(command, attempt: attempt, receipt: receipt, at: now)
        if case .accepted(let answers, let result) = receipt {
            let answers = self.answers(to: command, answers, at: now)
            let isAwaited = try await waits(for: command)
            if !isAwaited { forget(command) }
            // Nothing but the outbox changes: that can wait for the next commit.
            if !isAwaited, answers.isEmpty, pending.due == nil {
                acknowledged.insert(command.id)
                CrashPoint.commandAcknowledged.reach()
                observe(told)
                cache.forgetEnded(command.instance)
                return false
            }
            step.begin(.receipt(pending, receipt))
            step.tell(told)
            step.batch.answers += answers
            step.batch.settled.append(command.id)
            guard isAwaited else { return false }
            let outcome = Input.Outcome(of: command, result: .accepted(result))
            try await turn(command.instance, .outcome(outcome), at: now)
            CrashPoint.outcomeDecided.reach()
            return false
        }
        step.begin(.receipt(pending, receipt))
        step.tell(told)
        return try await retry(pending, attempt, receipt, at: now)
    }

    /// Forgets a try whose command belongs to another engine now, which delivers it again.
    mutating func abandon(_ pending: PendingCommand) {
        inAttempt[pending.command.id] = nil
        inherited.remove(pending.command.id)
        lastAttempts.remove(pending.command.id)
    }

    private mutating func didEnd(_ pending: PendingCommand, attempt: Int) {
        let id = pending.command.id
        inAttempt[id] = nil
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
                let definition = try await definition(for: entry, command.instance)
            else { return false }
            return definition.reacts(to: command.name)
        }
    }

    /// Tries again later, unless no try is left; whether it does.
    private mutating func retry(
        _ pending: PendingCommand, _ attempt: Int, _ receipt: Receipt, at now: Timestamp
    ) async throws(StoreError) -> Bool {
        let command = pending.command
        let (code, message) = receipt.failure
        let isLast = pending.isLastAttempt || lastAttempts.contains(command.id)
        if code != .rejected, !isLast,
            let delay = command.delivery.retry.delay(afterAttempt: attempt, of: command.id)
        {
            let wait = max(delay, receipt.retryAfter)
            step.batch.failedAttempts.append(
                FailedAttempt(
                    command: command.id, attempts: attempt, nextDue: now.adding(wait) ?? .latest,
                    error: message))
            CrashPoint.retryDecided.reach()
            return true
        }
        let exhaustion = Input.Exhaustion(code: code, message: message, attempts: attempt)
        try await giveUp(command, exhaustion, at: now)
        return false
    }

    private mutating func giveUp(
        _ command: CommandRecord, _ exhaustion: Input.Exhaustion, at now: Timestamp
    ) async throws(StoreError) {
        let outcome = Input.Outcome(of: command, result: .exhausted(exhaustion))
        try await turn(command.instance, .outcome(outcome), at: now)
        let isParked = step.batch.turns.last?.decision.parked.contains(command.id) ?? false
        if isParked {
            step.batch.failedAttempts.append(
                FailedAttempt(
                    command: command.id, attempts: exhaustion.attempts, nextDue: nil,
                    error: exhaustion.message))
        } else {
            step.batch.settled.append(command.id)
        }
        CrashPoint.commandGivenUp.reach()
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

extension Receipt {
    /// How long the receiver asked to be left alone.
    fileprivate var retryAfter: Duration {
        guard case .failed(_, let wait?) = self else { return .zero }
        return wait
    }

    /// How a try ended that was no success, for the saga.
    fileprivate var failure: (code: Input.Exhaustion.Code, message: String) {
        switch self {
        case .failed(let message, _): (.failed, message)
        case .timedOut: (.timeout, "no answer in time")
        case .rejected(let message): (.rejected, message)
        case .accepted: (.failed, "")
        }
    }
}

extension Definition {
    /// Whether some state waits for the outcome of a command.
    func reacts(to command: String) -> Bool {
        states.contains { state in state.onOutcome.keys.contains { $0.command == command } }
    }
}
