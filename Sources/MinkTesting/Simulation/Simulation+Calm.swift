// The end of a life: nothing is lost or late any more, and everything that is awaited comes.
import MinkDefinition
import MinkEngine
import MinkExpression

extension Simulation {
    /// Lets everything come that the instance waits for, until it is over or waits for nothing.
    ///
    /// First in a drawn order, then by what is due alone. A saga may have gone round for as often as
    /// its limits allow, and has a frame to undo for each round.
    ///
    /// - Returns: Whether it came to an end, or to a pause.
    package mutating func comeToRest() -> Bool {
        for round in 0..<Self.mostRounds {
            guard let instance, let status = instance.status, !status.isEnded,
                instance.pause == nil
            else { return true }
            guard calmStep(byEvents: round < 300) else { return false }
        }
        return false
    }

    private static let mostRounds = 5_000

    /// Takes one step; `false` when there is none to take.
    private mutating func calmStep(byEvents: Bool) -> Bool {
        if byEvents, draw.chance(40), let event = awaitedEvent() {
            append(event, payload(event, &draw), causedBy: nil)
            return true
        }
        let moment = now
        if let row = outbox.first(where: { $0.isDeliverable(at: moment) }) {
            accept(row)
            return true
        }
        if passToNextDue() { return true }
        guard let event = awaitedEvent() else { return false }
        append(event, payload(event, &draw), causedBy: nil)
        return true
    }

    /// Moves the clock to what is due first: a timer fires, a delayed command can be delivered.
    private mutating func passToNextDue() -> Bool {
        let timer = instance?.runningTimers.map(\.due).min()
        let moment = now
        let command = outbox.lazy.filter { !$0.isExhausted }.compactMap(\.command.due)
            .filter { $0 > moment }.min()
        if let command, timer.map({ command < $0 }) ?? true {
            now = command
            return true
        }
        guard timer != nil else { return false }
        passTime()
        return true
    }

    /// An event that the state handles.
    private mutating func awaitedEvent() -> String? {
        guard let instance, instance.isActive,
            let state = instance.state.flatMap(definition.state)
        else {
            return instance?.compensation?.current?.frame.confirmation?.event
        }
        var events = state.handledEvents
        if let anyState = definition.anyState, anyState.holds(in: state) {
            events.formUnion(anyState.on.keys)
        }
        return events.isEmpty ? nil : draw.pick(events.sorted())
    }
}

extension Simulation.Row {
    fileprivate func isDeliverable(at moment: Timestamp) -> Bool {
        !isExhausted && command.due.map { $0 <= moment } ?? true
    }
}
