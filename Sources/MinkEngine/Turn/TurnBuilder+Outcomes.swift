// Outcomes: how the delivery of a command ended, where the saga waits for it.
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Settles the outcome of a delivery.
    mutating func settle(_ outcome: Input.Outcome) throws(Trouble) {
        guard exists else { return }
        let index = current.outstanding.firstIndex { $0.id == outcome.command.id }
        if let index { current.outstanding.remove(at: index) }
        switch outcome.command.role {
        case .compensation: try settleCompensation(outcome)
        case .undoOther: settleOther(outcome)
        case .step: try settleStep(outcome, wasOutstanding: index != nil)
        }
    }

    private mutating func settleCompensation(_ outcome: Input.Outcome) throws(Trouble) {
        guard let running = current.compensation?.current, running.commandID == outcome.command.id
        else { return release(outcome) }
        switch outcome.result {
        case .accepted:
            guard let confirmation = running.frame.confirmation else {
                return try settleFrame(.undone)
            }
            current.compensation?.current?.isAccepted = true
            if let within = confirmation.within {
                arm(.confirmation, due: now.adding(within), visit: running.commandNumber)
            }
        case .exhausted(let exhaustion):
            park(outcome.command, attempts: exhaustion.attempts)
            try getStuck(.exhausted(exhaustion.reason(for: outcome.command.name)))
        }
    }

    private mutating func settleOther(_ outcome: Input.Outcome) {
        guard case .exhausted(let exhaustion) = outcome.result else { return }
        tellExhausted(outcome, exhaustion)
    }

    private mutating func settleStep(
        _ outcome: Input.Outcome, wasOutstanding: Bool
    ) throws(Trouble) {
        if try react(to: outcome) { return }
        guard case .exhausted(let exhaustion) = outcome.result else { return }
        if wasGivenUp(outcome.command) {
            if wasOutstanding { note(.withdrawn(outcome.command, attempts: exhaustion.attempts)) }
            return release(outcome)
        }
        guard current.isActive, !current.isSealed,
            !outcome.command.delivery.retry.asksWhenExhausted
        else { return tellExhausted(outcome, exhaustion) }
        release(outcome)
        try giveUp(
            reason: exhaustion.reason(for: outcome.command.name), endIn: nil,
            because: .outcome("\(outcome.command.name).failed"), command: outcome.command.name)
    }

    /// Whether a step was under way when the saga was given up, and so had its last try.
    ///
    /// What the final state sent belongs to the visit of that state.
    private func wasGivenUp(_ command: CommandRecord) -> Bool {
        guard let progress = current.compensation else { return false }
        return !progress.hasEnded || command.visit < current.visit
    }

    /// Takes the transition that the state lists for the outcome, in the visit that sent it.
    private mutating func react(to outcome: Input.Outcome) throws(Trouble) -> Bool {
        let key = CommandOutcome(command: outcome.command.name, succeeded: outcome.isSuccess)
        guard current.isActive, outcome.command.visit == current.visit,
            let state = current.state.flatMap(definition.state),
            let transitions = state.onOutcome[key]
        else { return false }
        bind("event", outcome.eventValue)
        guard let transition = try first(of: transitions) else { return false }
        release(outcome)
        didHandle()
        settledCommand = outcome.command.name
        defer { settledCommand = nil }
        let result = key.succeeded ? "done" : "failed"
        try take(transition, cause: .outcome("\(outcome.command.name).\(result)"))
        return true
    }

    /// Tells a person; the command stays in the outbox until he acts.
    private mutating func tellExhausted(_ outcome: Input.Outcome, _ exhaustion: Input.Exhaustion) {
        park(outcome.command, attempts: exhaustion.attempts)
        open(
            .commandExhausted,
            exhaustion.reason(for: outcome.command.name) + ". Retry it, or skip it",
            command: outcome.command.id)
    }

    private mutating func release(_ outcome: Input.Outcome) {
        guard case .exhausted = outcome.result else { return }
        decision.released.append(outcome.command.id)
    }
}

extension Input.Outcome {
    var isSuccess: Bool {
        if case .accepted = result { true } else { false }
    }

    /// What expressions see under `event`.
    var eventValue: Value {
        switch result {
        case .accepted(let answer):
            .object(["result": answer])
        case .exhausted(let exhaustion):
            .object([
                "error": .object([
                    "code": .string(exhaustion.code.rawValue),
                    "message": .string(exhaustion.message),
                ])
            ])
        }
    }
}

extension Input.Exhaustion {
    /// "RequestPayment failed 5 times: card closed".
    package func reason(for command: String) -> String {
        let tail = message.isEmpty ? "" : ": \(message)"
        if code == .rejected { return "\(command) was rejected\(tail)" }
        return "\(command) failed \(attempts == 1 ? "once" : "\(attempts) times")\(tail)"
    }
}
