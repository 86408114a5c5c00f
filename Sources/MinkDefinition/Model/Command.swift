// A command template: what is sent, to whom, how often it is tried, and what answers and undoes it.

/// A command that a workflow can emit.
package struct CommandTemplate: Sendable {
    package let name: String
    package let destination: Destination
    package let retry: RetryPolicy
    /// Events that say that it was done.
    package let doneBy: [String]
    /// Events that say that it failed.
    package let failedBy: [String]
    /// The commands that undo it.
    package let undo: Undo
    /// Which event proves that a compensation took effect; `nil` when its acceptance is enough.
    package let confirmation: Confirmation?
    /// Names of arguments that hold personal data, to be masked where people read.
    package let personalArguments: Set<String>

    package init(
        name: String, destination: Destination, retry: RetryPolicy, doneBy: [String],
        failedBy: [String], undo: Undo, confirmation: Confirmation?,
        personalArguments: Set<String>
    ) {
        self.name = name
        self.destination = destination
        self.retry = retry
        self.doneBy = doneBy
        self.failedBy = failedBy
        self.undo = undo
        self.confirmation = confirmation
        self.personalArguments = personalArguments
    }

    /// Where a command goes.
    package enum Destination: Hashable, Sendable {
        /// The Swift handler that is registered for the command's name.
        case handler
        /// The event log, as an event of the command's name.
        case events
        /// A destination that the operator has configured.
        case named(String)
    }

    /// What undoes a command.
    package enum Undo: Hashable, Sendable {
        /// The file does not say.
        case unsaid
        /// There is nothing to undo.
        case nothing
        /// These commands.
        case commands([String])
    }
}

/// How often the delivery of a command is tried.
///
/// About delivery, not about business answers.
package struct RetryPolicy: Hashable, Sendable {
    /// How many tries, counting the first.
    package var attempts: Int = 5
    package var firstDelay: Duration = .seconds(1)
    package var multiplyBy: Double = 2
    package var maxDelay: Duration = .seconds(60)
    package var jitter: Bool = true
    /// How long one try may take.
    package var attemptTimeout: Duration = .seconds(30)
    package var whenExhausted: WhenExhausted = .fail

    package init() {}

    /// What follows when no tries are left.
    package enum WhenExhausted: String, Hashable, Sendable {
        case fail, incident
    }
}

/// The event that proves that a compensation took effect.
package struct Confirmation: Sendable {
    package let event: String
    /// How long to wait for it, from the acknowledgement of the command; `nil` waits for ever.
    package let within: Duration?
    /// The event that says that it did not take effect.
    package let failedBy: String?
    /// Whether an event is about this command; it sees `event` and `command`.
    package let when: LocatedExpression?

    package init(event: String, within: Duration?, failedBy: String?, when: LocatedExpression?) {
        self.event = event
        self.within = within
        self.failedBy = failedBy
        self.when = when
    }
}

/// What happens when the saga has to be undone.
package struct CompensationRule: Hashable, Sendable {
    package let whenStuck: WhenStuck
    /// The final state to end in; `nil` where no `fail` needs one.
    package let endIn: String?

    package init(whenStuck: WhenStuck, endIn: String?) {
        self.whenStuck = whenStuck
        self.endIn = endIn
    }

    /// What follows when a compensation can not be carried out.
    package enum WhenStuck: String, Hashable, Sendable {
        /// A person decides.
        case stop
        /// The rest is undone, and the saga ends failed.
        case `continue`
    }
}
