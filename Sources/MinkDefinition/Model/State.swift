// A state: what happens on entry, which events it waits for, and when it stops waiting.

/// A state of a workflow.
package struct State: Sendable {
    package let name: String
    /// What the state means, in the author's words.
    package let description: String?
    /// What happens each time the state is entered.
    package let onEnter: Entry
    /// Transitions by event.
    package let on: [String: [Transition]]
    /// Transitions by the outcome of a command that this visit emitted.
    package let onOutcome: [CommandOutcome: [Transition]]
    /// When to stop waiting.
    package let timeout: Timeout?
    /// What to repeat while waiting.
    package let remind: Reminder?
    /// Parts that are gathered in any order, or one branch for each item of a list.
    package let join: Join?
    /// What follows when the parts or items have come together; empty without ``join``.
    package let onJoin: [Transition]
    /// How the saga ends here; `nil` in a state that waits.
    package let outcome: Outcome?

    package init(
        name: String, description: String?, onEnter: Entry, on: [String: [Transition]],
        onOutcome: [CommandOutcome: [Transition]], timeout: Timeout?, remind: Reminder?,
        join: Join?, onJoin: [Transition], outcome: Outcome?
    ) {
        self.name = name
        self.description = description
        self.onEnter = onEnter
        self.on = on
        self.onOutcome = onOutcome
        self.timeout = timeout
        self.remind = remind
        self.join = join
        self.onJoin = onJoin
        self.outcome = outcome
    }

    /// Whether the saga ends here.
    package var isFinal: Bool { outcome != nil }

    /// What this state itself does with an event; `nil` when it does not wait for it.
    package func handler(of event: String) -> EventHandler? {
        if let transitions = on[event] { return .transitions(transitions) }
        switch join {
        case .waitFor(let gathering):
            return gathering.parts.first { $0.event == event }.map { .part($0, gathering) }
        case .forEach(let fanOut):
            if let part = fanOut.done[event] { return .item(part, succeeded: true, fanOut) }
            if let part = fanOut.failed[event] { return .item(part, succeeded: false, fanOut) }
            return nil
        case nil:
            return nil
        }
    }
}

/// How a saga ends.
package enum Outcome: String, Sendable, Hashable {
    case completed, failed, cancelled
}

/// What a state does with an event.
package enum EventHandler: Sendable {
    /// The first transition whose condition holds is taken.
    case transitions([Transition])
    /// One of several events that are gathered in any order.
    case part(JoinPart, WaitFor)
    /// The answer for one item of a list.
    case item(JoinPart, succeeded: Bool, ForEach)
}

/// What happens when a state is entered.
package struct Entry: Sendable {
    package var set: [Assignment] = []
    package var compensation: [CommandUse] = []
    package var emit: [Emission] = []

    package init(
        set: [Assignment] = [], compensation: [CommandUse] = [], emit: [Emission] = []
    ) {
        self.set = set
        self.compensation = compensation
        self.emit = emit
    }
}

/// How the delivery of a command ended, as a state may react to it.
package struct CommandOutcome: Hashable, Sendable {
    package let command: String
    package let succeeded: Bool

    package init(command: String, succeeded: Bool) {
        self.command = command
        self.succeeded = succeeded
    }
}

/// What holds in every state that waits, except some.
package struct AnyState: Sendable {
    package let on: [String: [Transition]]
    /// States in which it does not hold.
    package let except: Set<String>

    package init(on: [String: [Transition]], except: Set<String>) {
        self.on = on
        self.except = except
    }
}

/// What a first event does.
package struct StartHandler: Sendable {
    /// The first whose condition holds is taken; each has a `goto`.
    package let transitions: [Transition]
    /// Whether the event is handed to the state when the instance exists already.
    package let deliversToExisting: Bool

    package init(transitions: [Transition], deliversToExisting: Bool) {
        self.transitions = transitions
        self.deliversToExisting = deliversToExisting
    }
}
