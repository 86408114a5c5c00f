// What a person decides. An action that does not fit is refused with a sentence, and changes
// nothing.
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Carries out an action, or refuses it.
    mutating func obey(_ action: OperatorAction) {
        guard instance?.status != nil else {
            return refuse("there is no \(id.workflow) \(id.key)")
        }
        let before = (instance: instance, decision: decision)
        note(.action(action.verb, reason: action.reason))
        bindAll(event: nil)
        do throws(Trouble) {
            switch action.verb {
            case .resume: resume()
            case .retry: try retry(action)
            case .skip: try settleByHand(action, .skipped)
            case .markDone: try settleByHand(action, .markedDone)
            case .compensate: try compensate(action)
            case .cancel: try cancel(action)
            }
        } catch {
            (instance, decision) = before
            waiting = []
            refuse(error.message)
        }
        forgetVariables()
    }

    private mutating func refuse(_ why: String) {
        decision = Decision(instance: instance)
        decision.refusal = why
        waiting = []
    }

    private mutating func resume() {
        guard let pause = current.pause else {
            return refuse("\(id.key) is not paused, so there is nothing to resume")
        }
        let incident = current.incidents.first { $0.number == pause.incident }
        guard incident?.code != .compensationStuck else {
            return refuse("an undo is stuck; retry it, skip it, or mark it done")
        }
        if incident?.code == .limitReached { allowAsMuchAgain() }
        close(incident: pause.incident)
        current.pause = nil
        waiting = [pause.unjudged].compactMap { $0 } + pause.kept
    }

    private mutating func allowAsMuchAgain() {
        let limits = definition.limits
        current.counters.allowance.transitions += limits.transitions
        current.counters.allowance.commands += limits.commands
        current.counters.allowance.held += limits.held
        current.counters.allowance.dataBytes += limits.dataBytes
    }

    private mutating func retry(_ action: OperatorAction) throws(Trouble) {
        if let running = current.compensation?.current, let stuck = running.stuck {
            try retryFrame(running, stuck, action)
        } else if let incident = exhaustedIncident(action), let command = incident.command {
            guard action.arguments == nil else {
                return refuse("a command is delivered again as it was; only an undo can be edited")
            }
            close(incident: incident.number)
            decision.redelivered.append(command)
            if let index = current.outstanding.firstIndex(where: { $0.id == command }) {
                current.outstanding[index].isExhausted = false
                current.outstanding[index].attempts = 0
            }
        } else {
            refuse("no undo is stuck and no command is exhausted, so there is nothing to retry")
        }
    }

    /// Sends a stuck frame again: under its id, unless it was edited or refused.
    private mutating func retryFrame(
        _ running: RunningFrame, _ stuck: RunningFrame.Stuck, _ action: OperatorAction
    ) throws(Trouble) {
        var next = running
        next.stuck = nil
        next.isAccepted = false
        endStuckPause()
        let isExhausted = if case .exhausted = stuck { true } else { false }
        let isRefused = if case .refused = stuck { true } else { false }
        if action.arguments != nil || isRefused {
            if isExhausted { decision.released.append(running.commandID) }
            next.arguments = action.arguments ?? running.arguments
            let sent = send(
                running.frame.command, next.arguments, delivery: running.frame.delivery,
                role: .compensation, visit: current.visit)
            next.commandNumber = sent.number
            next.commandID = sent.id
        } else if isExhausted {
            decision.redelivered.append(running.commandID)
        } else {
            send(
                CommandRecord(
                    id: running.commandID, number: running.commandNumber, instance: id,
                    name: running.frame.command, arguments: running.arguments, role: .compensation,
                    visit: current.visit, delivery: running.frame.delivery, due: nil,
                    isKept: false, metadata: travelling,
                    personalArguments: definition.commands[running.frame.command]?
                        .personalArguments ?? []))
        }
        current.compensation?.current = next
    }

    private mutating func settleByHand(
        _ action: OperatorAction, _ how: Fact.Settlement
    ) throws(Trouble) {
        if let running = current.compensation?.current, let stuck = running.stuck {
            if case .exhausted = stuck { decision.released.append(running.commandID) }
            current.outstanding.removeAll { $0.id == running.commandID }
            endStuckPause()
            try settleFrame(how)
        } else if let incident = exhaustedIncident(action), let command = incident.command {
            close(incident: incident.number)
            decision.released.append(command)
            current.outstanding.removeAll { $0.id == command }
        } else {
            refuse("no undo is stuck and no command is exhausted, so there is nothing to settle")
        }
    }

    /// The exhausted command that is meant: the one named, else the only one.
    private func exhaustedIncident(_ action: OperatorAction) -> Incident? {
        let open = current.incidents.filter { $0.code == .commandExhausted }
        if let number = action.incident { return open.first { $0.number == number } }
        return open.count == 1 ? open.first : nil
    }

    private mutating func compensate(_ action: OperatorAction) throws(Trouble) {
        guard let why = obstacleToCompensating else {
            return try giveUpByHand(action, endIn: action.endIn)
        }
        refuse(why)
    }

    private mutating func cancel(_ action: OperatorAction) throws(Trouble) {
        if let why = obstacleToCompensating { return refuse(why) }
        let ends = definition.states.filter { $0.outcome == .cancelled }.map(\.name)
        switch (action.endIn, ends.count) {
        case (let end?, _): try giveUpByHand(action, endIn: end)
        case (nil, 1): try giveUpByHand(action, endIn: ends[0])
        case (nil, 0): refuse("\(id.workflow) has no cancelled final state; compensate it instead")
        default: refuse("say in which state to end: \(ends.joined(separator: ", "))")
        }
    }

    private var obstacleToCompensating: String? {
        if current.status == .compensating { return "\(id.key) is being undone already" }
        if !current.isActive { return "\(id.key) has ended in \"\(current.state ?? "")\"" }
        if current.isSealed { return "\(id.key) is behind the point of no return" }
        return nil
    }

    private mutating func giveUpByHand(
        _ action: OperatorAction, endIn: String?
    ) throws(Trouble) {
        if let endIn, definition.state(endIn)?.outcome.map({ $0 == .completed }) ?? true {
            return refuse("\"\(endIn)\" is not a failed or cancelled final state")
        }
        if let pause = current.pause {
            close(incident: pause.incident)
            if case .event(let unjudged, _) = pause.unjudged {
                bury(unjudged, reason: "dropped", message: "dropped when the saga was given up")
            }
            current.pause = nil
            waiting = pause.kept
        }
        try giveUp(reason: action.reason, endIn: endIn, because: .action(action.verb.rawValue))
    }
}
