// Undoing: frames run newest first, one at a time, until the ledger is empty.
//
//   give up ─▶ next frame ─▶ accepted ─▶ (confirmed) ─▶ next frame … ─▶ final state
//                   │
//                   └─▶ stuck: a person decides, or the rest goes on
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Gives the saga up: everything done so far is undone.
    mutating func giveUp(
        reason: String, endIn: String?, because cause: Fact.Cause, command: String? = nil
    ) throws(Trouble) {
        guard current.isActive else { return note(.noted("given up again: \(reason)")) }
        guard !current.isSealed else {
            return open(
                .failAfterNoReturn,
                "\(reason); this lies behind the point of no return, so nothing is undone")
        }
        guard let end = endIn ?? definition.compensation.endIn ?? definition.firstFailedState else {
            throw .expression(
                message: "there is no final state to end in; \"compensation\" needs \"endIn\"",
                place: nil)
        }
        let state = current.state ?? ""
        current.failure = FailureRecord(
            reason: reason, state: state, event: event?.type, command: command ?? settledCommand)
        current.status = .compensating
        current.compensation = CompensationProgress(endIn: end)
        current.timers.removeAll { $0.kind != .deadline && $0.kind != .heldExpiry }
        note(.failed(reason: reason, state: state))
        withdrawSteps()
        offered = []
        offersHeld = true
        try runNextFrame(because: cause)
    }

    /// Undoes frames of a late event after the saga ended; its final state is not entered again.
    mutating func resumeCompensation() throws(Trouble) {
        var progress =
            current.compensation ?? CompensationProgress(endIn: current.state ?? "")
        progress.hasEnded = true
        progress.hadFrames = true
        current.compensation = progress
        current.status = .compensating
        current.endedAt = nil
        try runNextFrame(because: .compensation)
    }

    /// Sends the newest frame; without one the undoing is over.
    private mutating func runNextFrame(because cause: Fact.Cause) throws(Trouble) {
        while let frame = current.ledger.popLast() {
            current.compensation?.hadFrames = true
            do throws(Trouble) {
                return run(frame, try resolved(frame))
            } catch {
                run(frame, stuck: .unclear(error.explanation))
                guard definition.compensation.whenStuck == .continue else { return stop() }
                leaveUndone()
            }
        }
        try finishCompensation(because: cause)
    }

    private mutating func run(_ frame: Frame, _ arguments: Value) {
        let sent = send(
            frame.command, arguments, delivery: frame.delivery, role: .compensation,
            visit: current.visit)
        current.compensation?.current = RunningFrame(
            frame: frame, arguments: arguments, commandNumber: sent.number, commandID: sent.id)
    }

    /// Makes a frame the one in progress although there is nothing to send.
    private mutating func run(_ frame: Frame, stuck: RunningFrame.Stuck) {
        current.compensation?.current = RunningFrame(
            frame: frame, arguments: frame.arguments, commandNumber: 0, commandID: "",
            stuck: stuck)
    }

    private mutating func finishCompensation(because cause: Fact.Cause) throws(Trouble) {
        guard var progress = current.compensation else { return }
        current.timers.removeAll { $0.kind != .heldExpiry }
        if !progress.hasEnded {
            progress.hasEnded = true
            current.compensation = progress
            try enter(progress.endIn, cause: cause)
        }
        let isUndone = progress.hadFrames && progress.notUndone.isEmpty
        current.status = isUndone ? .compensated : .failed
        current.endedAt = now
        offered = []
        offersHeld = true
    }

    /// Settles the frame in progress, and goes on with the next one.
    mutating func settleFrame(_ how: Fact.Settlement) throws(Trouble) {
        guard let running = current.compensation?.current else { return }
        note(.settled(frame: running.frame.number, command: running.frame.command, how: how))
        current.timers.removeAll { $0.kind == .confirmation }
        current.compensation?.current = nil
        try runNextFrame(because: .compensation)
    }

    /// Notes that the frame in progress can not be carried out.
    mutating func getStuck(_ why: RunningFrame.Stuck) throws(Trouble) {
        current.timers.removeAll { $0.kind == .confirmation }
        current.compensation?.current?.stuck = why
        guard definition.compensation.whenStuck == .continue else { return stop() }
        leaveUndone()
        try runNextFrame(because: .compensation)
    }

    /// Waits for a person to decide about the frame in progress.
    private mutating func stop() {
        guard let running = current.compensation?.current, let why = running.stuck else { return }
        open(
            .compensationStuck,
            "\(why.sentence(about: running.frame.command)). Retry it, skip it, or mark it done",
            command: running.commandID.isEmpty ? nil : running.commandID)
        if current.pause == nil {
            current.pause = Pause(incident: current.counters.incidents, unjudged: nil)
        }
    }

    /// Goes on without the frame in progress.
    private mutating func leaveUndone() {
        guard let running = current.compensation?.current, let why = running.stuck else { return }
        let command = running.frame.command
        if case .exhausted = why {
            decision.released.append(running.commandID)
            current.outstanding.removeAll { $0.id == running.commandID }
        }
        current.compensation?.notUndone.append(command)
        open(.compensationSkipped, "\(why.sentence(about: command)); the rest is undone")
        note(.settled(frame: running.frame.number, command: command, how: .notUndone))
        current.compensation?.current = nil
    }
}

extension TurnBuilder {
    /// Whether an event confirms or refuses the frame in progress.
    mutating func concernsFrameInProgress(_ event: EventRecord) -> Bool {
        guard exists, let running = current.compensation?.current,
            let confirmation = running.frame.confirmation,
            event.type == confirmation.event || event.type == confirmation.failedBy
        else { return false }
        guard let condition = confirmation.when else { return true }
        var variables = ValueMap()
        variables["event"] = payload
        variables["meta"] = event.metaValue
        variables["command"] = running.arguments
        variables["data"] = current.data
        variables["saga"] = sagaValue()
        variables["now"] = .timestamp(now)
        variables["failure"] = current.failure?.value
        return StandaloneExpression.evaluate(condition, variables) == .value(.bool(true))
    }

    /// Settles the frame in progress if the event confirms or refuses it.
    mutating func confirmFrame(with event: EventRecord) throws(Trouble) -> Bool {
        guard concernsFrameInProgress(event), let running = current.compensation?.current,
            let confirmation = running.frame.confirmation
        else { return false }
        if event.type == confirmation.event {
            judged(event, .handled, why: "confirms \(running.frame.command)")
            withdrawDelivery(of: running)
            endStuckPause()
            try settleFrame(.undone)
        } else {
            judged(event, .handled, why: "refuses \(running.frame.command)")
            guard running.stuck == nil else { return true }
            withdrawDelivery(of: running)
            try getStuck(.refused(by: event.type))
        }
        return true
    }

    /// Takes back a delivery that waits for its next try; one under way is the last.
    private mutating func withdrawDelivery(of running: RunningFrame) {
        let gone = takeBack { $0.id == running.commandID && !$0.isInAttempt }
        for sent in gone { note(.withdrawn(sent.command, attempts: sent.attempts)) }
        if current.outstanding.contains(where: { $0.id == running.commandID }) {
            decision.lastAttempts.append(running.commandID)
        }
    }

    /// The incident of the frame that is stuck.
    var stuckIncident: Incident? {
        current.incidents.first { $0.code == .compensationStuck }
    }

    /// Closes the incident of a stuck frame; what waited behind it is judged next.
    mutating func endStuckPause() {
        guard let incident = stuckIncident else { return }
        close(incident: incident.number)
        guard let pause = current.pause, pause.incident == incident.number else { return }
        current.pause = nil
        waiting = pause.kept[...]
    }
}

extension RunningFrame.Stuck {
    func sentence(about command: String) -> String {
        switch self {
        case .exhausted(let reason): reason
        case .refused(let event): "\(command) was refused by \(event)"
        case .unconfirmed: "\(command) was not confirmed in time"
        case .unclear(let why): "\(command) can not be sent, because \(why)"
        }
    }
}

extension Definition {
    /// Where a saga ends that is given up without a word on it.
    var firstFailedState: String? {
        states.first { $0.outcome == .failed || $0.outcome == .cancelled }?.name
    }
}
