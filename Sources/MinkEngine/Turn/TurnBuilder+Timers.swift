// Timers: what happens when a moment comes that the instance waited for.
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Fires a timer; one that was dropped meanwhile does nothing.
    mutating func fire(timer number: Int) throws(Trouble) {
        guard exists, let timer = current.timers.first(where: { $0.number == number }) else {
            return
        }
        current.timers.removeAll { $0.number == number }
        switch timer.kind {
        case .deadline: try passDeadline()
        case .timeout: try timeOut(timer)
        case .confirmation: try missConfirmation(timer)
        case .reminder: try remind(timer)
        case .heldExpiry: expireHeld()
        }
    }

    private mutating func passDeadline() throws(Trouble) {
        guard let deadline = definition.deadline, let status = current.status, !status.isEnded
        else { return }
        guard current.isActive, !current.isSealed else {
            let reason = (try? text(deadline.failure.reason)) ?? "The deadline passed"
            return open(.deadlinePassed, "\(reason); the saga goes on")
        }
        let reason = try text(deadline.failure.reason)
        try giveUp(reason: reason, endIn: deadline.failure.endIn, because: .timer("deadline"))
    }

    private mutating func timeOut(_ timer: Timer) throws(Trouble) {
        guard let state = waitingState(for: timer), let timeout = state.timeout else { return }
        guard let transition = try first(of: timeout.transitions) else {
            throw .expression(
                message: "no alternative of the timeout of \"\(state.name)\" holds",
                place: timeout.transitions.last?.place)
        }
        try take(transition, cause: .timer("timeout"))
    }

    private mutating func remind(_ timer: Timer) throws(Trouble) {
        guard let state = waitingState(for: timer), let reminder = state.remind else { return }
        if let most = reminder.atMost, timer.reminders >= most {
            guard let transition = try first(of: reminder.then) else {
                return note(.noted("no alternative after the reminders holds"))
            }
            return try take(transition, cause: .timer("remind"))
        }
        for emission in reminder.emit { try emit(emission, visit: current.visit) }
        let sent = timer.reminders + 1
        if let most = reminder.atMost, sent >= most, reminder.then.isEmpty { return }
        let every = try duration(reminder.every)
        arm(.reminder, due: now.adding(every), visit: current.visit, reminders: sent)
    }

    private mutating func missConfirmation(_ timer: Timer) throws(Trouble) {
        guard let running = current.compensation?.current, running.commandNumber == timer.visit
        else { return }
        try getStuck(.unconfirmed)
    }

    /// The state that a timer was armed in; `nil` when that visit is over.
    private func waitingState(for timer: Timer) -> State? {
        guard current.isActive, timer.visit == current.visit else { return nil }
        return current.state.flatMap(definition.state)
    }
}
