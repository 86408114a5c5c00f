// Actions on one thing of a saga: a command that waits, an event that is held, a dead letter.
//
// A dead letter had no effect when it was set aside, so judging it again is its first effect. It
// comes inside the action, so that a replay needs nothing else.
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Carries out an action on one thing, or refuses it.
    mutating func obey(
        _ action: OperatorAction, on subject: OperatorAction.Subject
    ) throws(Trouble) {
        switch (subject, action.verb) {
        case (.command(let id), .retry): try deliverAgain(id, action)
        case (.command(let id), .skip): try discard(command: id)
        case (.held(let event), .retry): offerAgain(event)
        case (.held(let event), .skip): discard(held: event, action.reason)
        case (.letter(let event, let isSeen), .retry): judgeAgain(event, isSeen: isSeen)
        default: refuse("\(action.verb.rawValue) is nothing that can be done to it alone")
        }
    }
}

// MARK: - Commands

extension TurnBuilder {
    /// Delivers a command at once, whatever moment it waits for.
    private mutating func deliverAgain(
        _ command: String, _ action: OperatorAction
    ) throws(Trouble) {
        if let running = runningFrame(command), let stuck = running.stuck {
            return try retryFrame(running, stuck, action)
        }
        guard let sent = waitingCommand(command) else { return }
        if let incident = exhaustion(of: command) {
            close(incident: incident.number)
        } else if sent.isExhausted {
            return refuse(
                "\(sent.command.name) was given up behind a pause; resume \(id.key) first")
        }
        redeliver(command)
    }

    /// Takes a command back for good.
    private mutating func discard(command: String) throws(Trouble) {
        let running = runningFrame(command)
        if running?.stuck != nil { return try settleStuckFrame(.skipped) }
        guard let sent = waitingCommand(command) else { return }
        if running != nil, isPaused {
            return refuse("\(id.key) is paused; resume it before its undo is left out")
        }
        if let incident = exhaustion(of: command) { close(incident: incident.number) }
        for gone in takeBack(where: { $0.id == command }) {
            note(.withdrawn(gone.command, attempts: sent.attempts))
        }
        if running != nil { try settleFrame(.skipped) }
    }

    /// The frame in progress, if a command carries it.
    private func runningFrame(_ command: String) -> RunningFrame? {
        guard let running = current.compensation?.current, running.commandID == command else {
            return nil
        }
        return running
    }

    private func exhaustion(of command: String) -> Incident? {
        current.incidents.first { $0.code == .commandExhausted && $0.command == command }
    }

    /// A command that is not with its receiver; refuses the action when there is none.
    private mutating func waitingCommand(_ command: String) -> OutstandingCommand? {
        guard let sent = current.outstanding.first(where: { $0.id == command }) else {
            refuse("\(id.key) has no command \(command) that is not settled")
            return nil
        }
        guard !sent.isInAttempt else {
            refuse("\(sent.command.name) is being delivered at this moment; look again in a while")
            return nil
        }
        return sent
    }
}

// MARK: - Events

extension TurnBuilder {
    /// Judges a held event now.
    private mutating func offerAgain(_ event: String) {
        guard let held = heldEvent(event) else { return }
        guard !isPaused else {
            return refuse("\(id.key) is paused; what it holds is judged when it is resumed")
        }
        offer(held)
        guard current.held.contains(where: { $0.event.id == event }) else { return }
        refuse("\(held.event.type) \(event) is still early: no state takes it yet")
    }

    /// Sets a held event aside for good.
    private mutating func discard(held event: String, _ reason: String) {
        guard let held = heldEvent(event) else { return }
        current.held.removeAll { $0.event.id == event }
        bury(held.event, reason: "discarded", message: reason)
    }

    private mutating func heldEvent(_ event: String) -> HeldEvent? {
        let held = current.held.first { $0.event.id == event }
        if held == nil { refuse("\(id.key) does not hold an event \(event)") }
        return held
    }

    /// Judges an event that was set aside.
    private mutating func judgeAgain(_ event: EventRecord, isSeen: Bool) {
        guard arrive(event, nil, isSeen: isSeen) else { return }
        let input = Input.event(event, isSeen: isSeen)
        if keepsBehindPause(event) { return keep(input) }
        attempt(input)
    }
}
