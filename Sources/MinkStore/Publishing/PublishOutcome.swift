// What a destination says of one message, named for what follows.
public import MinkExpression

/// What came of one message.
public enum PublishOutcome: Sendable, Hashable {
    /// It was taken; events that answer it, and a result for the workflow that waits for it.
    case accepted(events: [PublishedAnswer] = [], result: Value = .null)
    /// It was not taken, and another try may succeed; not before so long, where the destination
    /// says so.
    case failed(String, retryAfter: Duration? = nil)
    /// It will never be taken, and why.
    case rejected(String)
    /// Nobody answered in time; it may have arrived.
    case timedOut
}

/// An event with which a destination answers a message.
public struct PublishedAnswer: Sendable, Hashable {
    /// The event's name in the workflow.
    public let type: String
    /// The fields: the text of a JSON object.
    public let data: String

    /// An event.
    public init(type: String, data: String) {
        self.type = type
        self.data = data
    }
}

/// A publisher that can not be made, or a setting that it does not know.
public struct PublisherError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what to do, for people; it never holds a secret.
    public let message: String

    /// An error.
    public init(_ message: String) {
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
