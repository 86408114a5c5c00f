// Reads events from topics of Kafka, each at least once, and hands them to the log.
import MinkStore

/// What a source of events is told.
public struct KafkaSourceOptions: Sendable {
    /// The cluster.
    public var cluster: KafkaOptions
    /// The topics to read.
    public var topics: [String]
    /// The name under which the cluster keeps how far was read; sources of one group share the
    /// partitions.
    public var group: String
    /// The most messages of a batch; 500 unless told.
    public var batchLimit = 500

    /// Options.
    public init(cluster: KafkaOptions, topics: [String], group: String) {
        self.cluster = cluster
        self.topics = topics
        self.group = group
    }
}

/// Feeds a log from topics of Kafka.
///
/// ```swift
/// let source = KafkaEventSource(
///     KafkaSourceOptions(cluster: KafkaOptions(brokers: "kafka:9092"), topics: ["orders"],
///         group: "sagas"))
/// try await source.run { events in
///     try await append(events)
/// } deadLetter: { poison in
///     try await keep(poison)
/// }
/// ```
///
/// Offsets are committed only after the events of a batch are in the log and its poison messages
/// are kept. What stops in between is read again, and the log drops the ids that it has.
public struct KafkaEventSource: Sendable {
    /// Appends events, and says of each what became of it, in the same order.
    public typealias Append = @Sendable ([IncomingEvent]) async throws -> [IncomingEvent.Fate]
    /// Keeps a message that is no event, or that the log refuses, for a person to look at.
    public typealias KeepDeadLetter = @Sendable (PoisonMessage) async throws -> Void

    private let options: KafkaSourceOptions

    /// A source, which reads nothing yet.
    public init(_ options: KafkaSourceOptions) {
        self.options = options
    }

    /// Reads until the task is cancelled.
    ///
    /// - Parameters:
    ///   - append: Appends a batch; it counts as acknowledged once this returns.
    ///   - deadLetter: Keeps one message that can not be used.
    /// - Throws: What the two throw, and then nothing of that batch is committed: running again
    ///   reads it again. ``MinkStore/PublisherError`` if a setting is wrong or Kafka refuses.
    public func run(append: Append, deadLetter: KeepDeadLetter) async throws {
        let consumer = try KafkaConsumer(options)
        try await withTaskCancellationHandler {
            do {
                while let batch = await consumer.next() {
                    try await Self.take(batch, append, deadLetter)
                    consumer.settle()
                }
            } catch {
                consumer.stop()
                while await consumer.next() != nil {}
                throw error
            }
        } onCancel: {
            consumer.stop()
        }
        if let problem = consumer.problem { throw PublisherError(problem) }
    }

    private static func take(
        _ batch: [IncomingMessage], _ append: Append, _ deadLetter: KeepDeadLetter
    ) async throws {
        var events: [IncomingEvent] = []
        var origins: [IncomingMessage] = []
        var poison: [PoisonMessage] = []
        for message in batch {
            do throws(NotAnEvent) {
                events.append(try IncomingEvent(message))
                origins.append(message)
            } catch {
                poison.append(PoisonMessage(message: message, reason: error.reason))
            }
        }
        let fates = events.isEmpty ? [] : try await append(events)
        guard fates.count == events.count else {
            throw PublisherError("the log did not say of each event what became of it")
        }
        for (message, fate) in zip(origins, fates) {
            guard case .refused(let reason) = fate else { continue }
            poison.append(PoisonMessage(message: message, reason: reason))
        }
        for message in poison { try await deadLetter(message) }
    }
}
