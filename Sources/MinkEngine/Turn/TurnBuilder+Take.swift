// Takes a transition, in the order that the language fixes:
//
//   set ─▶ compensation ─▶ point of no return ─▶ fail │ emit ─▶ goto
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// A transition to take, and what led to it.
    struct Step {
        let transition: Transition
        let cause: Fact.Cause
    }

    /// Takes a transition whose condition holds, and those that follow at once: a state whose join
    /// fires on entry is left in the same turn.
    ///
    /// A loop and no recursion, because a circle of such states ends only at the limit.
    mutating func take(_ transition: Transition, cause: Fact.Cause) throws(Trouble) {
        var next: Step? = Step(transition: transition, cause: cause)
        while let step = next { next = try run(step) }
        unbind("join")
    }

    /// Takes one step.
    ///
    /// - Returns: What follows at once.
    private mutating func run(_ step: Step) throws(Trouble) -> Step? {
        let transition = step.transition
        trace?.note(.taken(transition.place))
        guard !transition.ignore else { return nil }
        try countTransition()
        try set(transition.set)
        let frames = try capture(transition.compensation)
        if transition.pointOfNoReturn {
            remember(frames)
            current.ledger = []
            current.isSealed = true
        } else {
            push(frames)
        }
        if let failure = transition.fail {
            let reason = try text(failure.reason)
            try giveUp(reason: reason, endIn: failure.endIn, because: step.cause)
            return nil
        }
        let visit = current.visit + (transition.goto == nil ? 0 : 1)
        for emission in transition.emit { try emit(emission, visit: visit) }
        return try transition.goto.flatMap { target throws(Trouble) in
            try enter(target, cause: step.cause)
        }
    }

    private mutating func countTransition() throws(Trouble) {
        current.counters.transitions += 1
        let limit = definition.limits.transitions + current.counters.allowance.transitions
        guard current.counters.transitions <= limit else {
            throw .limit("\(limit) transitions were taken, and no more are allowed")
        }
    }

    /// Enters a state: a new visit begins, and whatever belonged to the old one ends.
    ///
    /// - Returns: What follows at once.
    @discardableResult
    mutating func enter(_ name: String, cause: Fact.Cause) throws(Trouble) -> Step? {
        guard let state = definition.state(name) else {
            throw .expression(message: "there is no state \"\(name)\"", place: nil)
        }
        leave()
        let from = current.state
        current.visit += 1
        current.state = name
        current.visited.removeAll { $0 == name }
        current.visited.append(name)
        note(.transition(from: from, to: name, cause: cause))
        offered = []
        offersHeld = true
        hideEvent()
        bindSaga()
        if let outcome = state.outcome {
            try end(in: state, with: outcome, from: from ?? name)
            return nil
        }
        return try begin(state)
    }

    /// An entry runs after any transition, so it sees no event.
    private mutating func hideEvent() {
        unbind("event")
        unbind("meta")
        unbind("join")
    }

    private mutating func leave() {
        current.timers.removeAll { $0.kind == .timeout || $0.kind == .reminder }
        let visit = current.visit
        for sent in takeBack(where: { $0.endsWithVisit(visit) }) {
            note(.cancelled(sent.command))
        }
    }

    private mutating func begin(_ state: State) throws(Trouble) -> Step? {
        try set(state.onEnter.set)
        push(try capture(state.onEnter.compensation))
        for emission in state.onEnter.emit { try emit(emission, visit: current.visit) }
        try armTimers(of: state)
        return try state.join.flatMap { join throws(Trouble) in try begin(join, in: state) }
    }

    /// Arms the timers of a state, counted from now.
    mutating func armTimers(
        of state: State, timeout: Bool = true, reminder: Bool = true, sent: Int = 0
    ) throws(Trouble) {
        if timeout, let timeout = state.timeout {
            arm(.timeout, due: try due(timeout.due), visit: current.visit)
        }
        if reminder, let reminder = state.remind {
            let every = try duration(reminder.every)
            arm(.reminder, due: now.adding(every), visit: current.visit, reminders: sent)
        }
    }

    private func due(_ due: Timeout.Due) throws(Trouble) -> Timestamp? {
        switch due {
        case .after(let template):
            return now.adding(try duration(template))
        case .at(let template):
            let value = try fill(template)
            guard case .timestamp(let moment) = value else {
                throw .expression(
                    message: "needs a moment in time, found \(value?.json ?? "none")",
                    place: template.place)
            }
            return moment
        }
    }

    /// Ends the saga by a plain step; the undoing ends it elsewhere.
    private mutating func end(
        in state: State, with outcome: Outcome, from: String
    ) throws(Trouble) {
        if current.status != .compensating {
            current.status = outcome == .completed ? .completed : .failed
            current.ledger = []
            current.endedAt = now
            current.timers.removeAll { $0.kind != .heldExpiry }
            if outcome != .completed {
                current.failure = current.failure ?? FailureRecord(reason: nil, state: from)
            }
        }
        if outcome != .completed { bindFailure() }
        for emission in state.onEnter.emit { try emit(emission, visit: current.visit) }
        unbind("failure")
    }
}

extension OutstandingCommand {
    /// Whether it is delayed, was not tried, and does not outlive its visit.
    fileprivate func endsWithVisit(_ visit: Int) -> Bool {
        command.role == .step && command.due != nil && !command.isKept && command.visit <= visit
            && attempts == 0 && !isInAttempt
    }
}
