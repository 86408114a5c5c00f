// What a person decides. An action that does not fit is refused with a sentence, and changes
// nothing.
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Carries out an action, or refuses it.
    mutating func obey(_ action: OperatorAction) {
        guard status != nil || action.subject?.isEvent == true else {
            return refuse("there is no \(id.workflow) \(id.key)")
        }
        let before = checkpoint
        note(.action(action.verb, reason: action.reason))
        if status != nil { bindAll(event: nil) }
        do throws(Trouble) {
            if let subject = action.subject {
                try obey(action, on: subject)
                return forgetVariables()
            }
            switch action.verb {
            case .resume: resume()
            case .retry: try retry(action)
            case .skip: try settleByHand(action, .skipped)
            case .markDone: try settleByHand(action, .markedDone)
            case .compensate: try compensate(action)
            case .cancel: try cancel(action)
            case .migrate: if let why = try migrate() { refuse(why, asWas: before) }
            }
        } catch {
            restore(before)
            refuse(error.explanation)
        }
        forgetVariables()
    }

    private mutating func refuse(_ why: String, asWas before: Checkpoint) {
        restore(before)
        refuse(why)
    }

    mutating func refuse(_ why: String) {
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
        if let stuck = stuckIncident { return pauseBehind(stuck, pause) }
        offered = []
        offersHeld = true
        waiting = pause.kept[...]
        forgetVariables()
        if let unjudged = pause.unjudged { judgeKept(unjudged) }
    }

    /// A frame got stuck while the instance was paused for another reason: that comes next.
    private mutating func pauseBehind(_ stuck: Incident, _ pause: Pause) {
        current.pause = Pause(incident: stuck.number, unjudged: nil)
        if let unjudged = pause.unjudged { addToPause(unjudged) }
        for input in pause.kept { addToPause(input) }
    }

    private mutating func allowAsMuchAgain() {
        let limits = definition.limits
        current.counters.allowance.transitions += limits.transitions
        current.counters.allowance.commands += limits.commands
        current.counters.allowance.held += limits.held
        current.counters.allowance.dataBytes += limits.dataBytes
    }

    private mutating func retry(_ action: OperatorAction) throws(Trouble) {
        if let (running, stuck) = stuckFrame(action) {
            try retryFrame(running, stuck, action)
        } else if let incident = exhaustedIncident(action), let command = incident.command {
            guard action.arguments == nil else {
                return refuse("a command is delivered again as it was; only an undo can be edited")
            }
            close(incident: incident.number)
            redeliver(command)
        } else {
            refuse(nothingToSettle(action, "retry"))
        }
    }

    /// Sends a stuck frame again: under its id, unless it was edited or refused.
    mutating func retryFrame(
        _ running: RunningFrame, _ stuck: RunningFrame.Stuck, _ action: OperatorAction
    ) throws(Trouble) {
        var next = running
        next.stuck = nil
        next.isAccepted = false
        if action.arguments == nil, case .unclear = stuck {
            next.arguments = try resolved(running.frame)
        }
        next.arguments = action.arguments ?? next.arguments
        endStuckPause()
        switch stuck {
        case .exhausted where action.arguments == nil:
            redeliver(running.commandID)
        case .unconfirmed where action.arguments == nil:
            send(
                CommandRecord(
                    id: running.commandID, number: running.commandNumber, instance: id,
                    name: running.frame.command, arguments: running.arguments, role: .compensation,
                    visit: current.visit, delivery: running.frame.delivery, due: nil,
                    isKept: false, metadata: travelling,
                    personalArguments: definition.commands[running.frame.command]?
                        .personalArguments ?? []))
        case .exhausted, .unconfirmed, .refused, .unclear:
            release(running)
            let sent = send(
                running.frame.command, next.arguments, delivery: running.frame.delivery,
                role: .compensation, visit: current.visit)
            next.commandNumber = sent.number
            next.commandID = sent.id
        }
        current.compensation?.current = next
    }

    /// Delivers an exhausted command again, as if it were new.
    mutating func redeliver(_ command: String) {
        decision.redelivered.append(command)
        guard let index = current.outstanding.firstIndex(where: { $0.id == command }) else {
            return
        }
        current.outstanding[index].isExhausted = false
        current.outstanding[index].attempts = 0
    }

    private mutating func settleByHand(
        _ action: OperatorAction, _ how: Fact.Settlement
    ) throws(Trouble) {
        if stuckFrame(action) != nil {
            try settleStuckFrame(how)
        } else if let incident = exhaustedIncident(action), let command = incident.command {
            close(incident: incident.number)
            for sent in takeBack(where: { $0.id == command }) {
                note(.withdrawn(sent.command, attempts: sent.attempts))
            }
        } else {
            refuse(nothingToSettle(action, "settle"))
        }
    }

    /// Settles the frame that is stuck, and goes on with the next.
    mutating func settleStuckFrame(_ how: Fact.Settlement) throws(Trouble) {
        guard let running = current.compensation?.current else { return }
        release(running)
        endStuckPause()
        try settleFrame(how)
    }

    /// Forgets the delivery of a stuck frame, where it still waits in the outbox.
    private mutating func release(_ running: RunningFrame) {
        guard case .exhausted = running.stuck else { return }
        decision.released.append(running.commandID)
        current.outstanding.removeAll { $0.id == running.commandID }
    }

    /// The frame that is stuck, unless another incident is meant.
    private func stuckFrame(
        _ action: OperatorAction
    ) -> (running: RunningFrame, stuck: RunningFrame.Stuck)? {
        guard let running = current.compensation?.current, let stuck = running.stuck else {
            return nil
        }
        if let number = action.incident, number != stuckIncident?.number { return nil }
        return (running, stuck)
    }

    /// The exhausted command that is meant: the one named, else the only one.
    private func exhaustedIncident(_ action: OperatorAction) -> Incident? {
        let open = current.incidents.filter { $0.code == .commandExhausted }
        if let number = action.incident { return open.first { $0.number == number } }
        return open.count == 1 ? open.first : nil
    }

    private func nothingToSettle(_ action: OperatorAction, _ verb: String) -> String {
        if let number = action.incident {
            return "incident \(number) is not open, or is not about a command"
        }
        let open = current.incidents.filter { $0.code == .commandExhausted }.map { "\($0.number)" }
        guard open.isEmpty else { return "say which incident: \(open.joined(separator: ", "))" }
        return "no undo is stuck and no command is exhausted, so there is nothing to \(verb)"
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
            waiting = pause.kept[...]
        }
        try giveUp(reason: action.reason, endIn: endIn, because: .action(action.verb.rawValue))
    }
}

extension OperatorAction.Subject {
    /// Whether it is an event, which may be there without a saga.
    fileprivate var isEvent: Bool {
        switch self {
        case .held, .letter: true
        case .command: false
        }
    }
}
