// A frame of the ledger: one command that would undo one step, complete in itself. It never looks
// into the definition again, so it means the same under every later version.
package import MinkDefinition
package import MinkExpression

/// One entry of the ledger.
package struct Frame: Hashable, Sendable, Codable {
    /// Counts the frames of an instance, from 1.
    package let number: Int
    package let command: String
    /// The arguments as they were when the step was done.
    package var arguments: Value
    /// Arguments that wait for the failure.
    package var pending: [PendingValue]
    package let delivery: Delivery
    /// The event that proves that it took effect; `nil` when acceptance is enough.
    package let confirmation: FrameConfirmation?
    /// Tells whether the same undo was pushed before.
    package let signature: String
}

/// An argument that mentions the failure: its expression, and what else it reads, as of then.
package struct PendingValue: Hashable, Sendable, Codable {
    /// Where it stands in the arguments.
    package let path: [PathStep]
    package let expression: String
    /// The values that it reads besides the failure, by variable.
    package let captured: Value

    /// One step into a list or an object.
    package enum PathStep: Hashable, Sendable, Codable {
        case name(String)
        case index(Int)
    }
}

/// How a command is delivered.
package struct Delivery: Hashable, Sendable, Codable {
    package let destination: Destination
    package let retry: Retry

    package init(destination: Destination, retry: Retry) {
        self.destination = destination
        self.retry = retry
    }

    /// Where a command goes.
    package enum Destination: Hashable, Sendable, Codable {
        case handler
        case events
        case named(String)
    }

    /// How often it is tried.
    package struct Retry: Hashable, Sendable, Codable {
        package let attempts: Int
        package let firstDelay: Duration
        package let multiplyBy: Double
        package let maxDelay: Duration
        package let jitter: Bool
        package let attemptTimeout: Duration
        /// Whether a person is asked when no tries are left, instead of failing the saga.
        package let asksWhenExhausted: Bool

        package init(_ policy: RetryPolicy) {
            attempts = policy.attempts
            firstDelay = policy.firstDelay
            multiplyBy = policy.multiplyBy
            maxDelay = policy.maxDelay
            jitter = policy.jitter
            attemptTimeout = policy.attemptTimeout
            asksWhenExhausted = policy.whenExhausted == .incident
        }
    }
}

/// The event that proves that a compensation took effect, as text of its own.
package struct FrameConfirmation: Hashable, Sendable, Codable {
    package let event: String
    package let within: Duration?
    package let failedBy: String?
    /// The text of the condition; it sees `event` and `command`.
    package let when: String?
}

/// How far the undoing is.
package struct CompensationProgress: Hashable, Sendable, Codable {
    /// The final state to end in.
    package var endIn: String
    /// Whether that state was entered.
    package var hasEnded = false
    /// Whether there was anything to undo.
    package var hadFrames = false
    /// The frame in progress.
    package var current: RunningFrame?
    /// Frames that could not be undone, by the name of their command.
    package var notUndone: [String] = []
}

/// A frame whose command was sent.
package struct RunningFrame: Hashable, Sendable, Codable {
    package var frame: Frame
    /// The arguments with the failure filled in.
    package var arguments: Value
    /// The number of the command that carries it.
    package var commandNumber: Int
    package var commandID: String
    /// Whether the delivery was acknowledged.
    package var isAccepted = false
    /// Why it can not be carried out; `nil` while it may.
    package var stuck: Stuck?

    /// Why a frame can not be carried out.
    package enum Stuck: Hashable, Sendable, Codable {
        case exhausted(String)
        case refused(by: String)
        case unconfirmed
        /// Its arguments can not be computed.
        case unclear(String)
    }
}
