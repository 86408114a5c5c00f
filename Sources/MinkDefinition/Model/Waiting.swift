// How a state waits: timeouts, reminders, the deadline, and joins of several events or items.

/// When a state stops waiting.
package struct Timeout: Sendable {
    package let due: Due
    /// The first whose condition holds is taken; the last has none.
    package let transitions: [Transition]

    package init(due: Due, transitions: [Transition]) {
        self.due = due
        self.transitions = transitions
    }

    /// When a timeout is due.
    package enum Due: Sendable {
        /// A duration from the entry.
        case after(Template)
        /// A moment.
        case at(Template)
    }
}

/// What is repeated while a state waits.
package struct Reminder: Sendable {
    /// The time between two reminders; a duration.
    package let every: Template
    package let emit: [Emission]
    /// How many reminders; `nil` has no end.
    package let atMost: Int?
    /// Due one period after the last reminder; empty when nothing follows.
    package let then: [Transition]

    package init(every: Template, emit: [Emission], atMost: Int?, then: [Transition]) {
        self.every = every
        self.emit = emit
        self.atMost = atMost
        self.then = then
    }
}

/// How long the whole saga may take.
package struct Deadline: Sendable {
    package let after: Duration
    package let failure: Failure

    package init(after: Duration, failure: Failure) {
        self.after = after
        self.failure = failure
    }
}

/// Several events or items that come together.
package enum Join: Sendable {
    case waitFor(WaitFor)
    case forEach(ForEach)

    package var need: Need {
        switch self {
        case .waitFor(let gathering): gathering.need
        case .forEach(let fanOut): fanOut.need
        }
    }

    package var others: Others {
        switch self {
        case .waitFor(let gathering): gathering.others
        case .forEach(let fanOut): fanOut.others
        }
    }
}

/// Several events in any order.
package struct WaitFor: Sendable {
    package let parts: [JoinPart]
    package let need: Need
    package let others: Others

    package init(parts: [JoinPart], need: Need, others: Others) {
        self.parts = parts
        self.need = need
        self.others = others
    }
}

/// One branch for each item of a list.
package struct ForEach: Sendable {
    /// The list; evaluated once, at entry.
    package let items: LocatedExpression
    /// The name under which expressions see the item.
    package let name: String
    /// Tells items apart; it sees the item.
    package let key: LocatedExpression
    /// Yields the key of the item that an event is about; `nil` finds items by cause alone.
    package let matchEvent: LocatedExpression?
    /// How many items may be waiting at once; `nil` starts all.
    package let maxConcurrent: Int?
    package let emit: [Emission]
    package let done: [String: JoinPart]
    package let failed: [String: JoinPart]
    package let need: Need
    package let whenImpossible: WhenImpossible
    package let others: Others

    package init(
        items: LocatedExpression, name: String, key: LocatedExpression,
        matchEvent: LocatedExpression?, maxConcurrent: Int?, emit: [Emission],
        done: [String: JoinPart], failed: [String: JoinPart], need: Need,
        whenImpossible: WhenImpossible, others: Others
    ) {
        self.items = items
        self.name = name
        self.key = key
        self.matchEvent = matchEvent
        self.maxConcurrent = maxConcurrent
        self.emit = emit
        self.done = done
        self.failed = failed
        self.need = need
        self.whenImpossible = whenImpossible
        self.others = others
    }
}

/// One event that counts towards a join.
package struct JoinPart: Sendable {
    package let event: String
    package let when: LocatedExpression?
    package let set: [Assignment]
    package let compensation: [CommandUse]

    package init(
        event: String, when: LocatedExpression?, set: [Assignment], compensation: [CommandUse]
    ) {
        self.event = event
        self.when = when
        self.set = set
        self.compensation = compensation
    }
}

/// How many successes a join needs.
package enum Need: Sendable {
    case all
    case any
    /// A whole number, evaluated at entry.
    case count(Template)
}

/// What becomes of successes beyond the need.
package enum Others: String, Hashable, Sendable { case undo, keep }

/// When a join gives up that can not succeed any more.
package enum WhenImpossible: String, Hashable, Sendable { case now, waitForTheRest }

/// Bounds over the life of an instance.
package struct Limits: Hashable, Sendable {
    package var transitions = 1_000
    package var commands = 1_000
    package var held = 100
    package var dataBytes = 262_144

    package init() {}
}

/// How instances of earlier versions are moved to this one.
package struct Migration: Sendable {
    package let from: [Int]
    package let states: [String: String]
    package let set: [Assignment]
    package let timers: Timers

    package init(from: [Int], states: [String: String], set: [Assignment], timers: Timers) {
        self.from = from
        self.states = states
        self.set = set
        self.timers = timers
    }

    /// What becomes of a running timeout.
    package enum Timers: String, Hashable, Sendable { case keep, restart }
}
