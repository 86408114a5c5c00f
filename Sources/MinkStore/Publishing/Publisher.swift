// How messages leave: what a destination is given, and what it says of each message.

/// Hands messages to one destination.
///
/// A service writes its own for a destination that is neither Kafka nor a webhook nor SNS.
///
/// ```swift
/// struct PrinterPublisher: Publisher {
///     func publish(_ messages: [OutboxMessage], within limit: Duration) async -> [PublishOutcome] {
///         messages.map { printer.print($0.body) ? .accepted() : .failed("no paper") }
///     }
/// }
/// ```
public protocol Publisher: Sendable {
    /// Publishes messages, and says of each what came of it.
    ///
    /// No two messages of a batch have the same key, and the next message of a key comes only after
    /// this one has its outcome: so order per key needs no further care. A message may come again,
    /// with the same id and body, after a crash or a lost answer.
    ///
    /// - Parameters:
    ///   - messages: The messages, each with another key.
    ///   - limit: How long it may take; what has no answer by then is ``PublishOutcome/timedOut``.
    /// - Returns: One outcome for each message, in the order of the messages.
    func publish(_ messages: [OutboxMessage], within limit: Duration) async -> [PublishOutcome]

    /// Waits for what is under way, and lets go of connections and threads.
    ///
    /// Messages that come later fail.
    func stop() async
}

extension Publisher {
    /// Does nothing, for publishers that keep nothing open.
    public func stop() async {}
}

/// A message on its way to a destination.
public struct OutboxMessage: Sendable, Hashable {
    /// The idempotency key: the same in every delivery, so that receivers can drop what they had.
    public let id: String
    /// The name of the destination, as the operator's configuration has it.
    public let destination: String
    /// What is kept in order: messages of one key arrive as they were sent.
    public let key: String
    /// What it is: the name of a command or an event.
    public let type: String
    /// The content, JSON in UTF-8 unless the destination was told otherwise.
    public let body: [UInt8]
    /// What travels along, by name.
    public let headers: [String: String]

    /// A message.
    public init(
        id: String, destination: String, key: String, type: String, body: [UInt8],
        headers: [String: String] = [:]
    ) {
        self.id = id
        self.destination = destination
        self.key = key
        self.type = type
        self.body = body
        self.headers = headers
    }
}

extension OutboxMessage {
    /// The names of the headers that messages of a saga may have.
    public enum Header {
        /// The message's id.
        public static let id = "mink-id"
        /// Its type.
        public static let type = "mink-type"
        /// Ties together everything that one request led to.
        public static let correlation = "mink-correlation"
        /// The id of the event or command that led to it.
        public static let causation = "mink-causation"
        /// Whose it is.
        public static let tenant = "mink-tenant"
        /// The workflow that sent it.
        public static let workflow = "mink-workflow"
        /// The key of the saga that sent it.
        public static let key = "mink-key"
        /// Where it stands in a trace, as W3C Trace Context writes it.
        public static let trace = "traceparent"
    }
}
