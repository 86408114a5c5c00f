// Sends messages to a topic of Kafka.
public import MinkStore
import Synchronization

/// Publishes to a topic of a Kafka cluster.
///
/// The producer is idempotent and asks for the acknowledgement of all replicas in sync, so a
/// message is neither lost nor doubled by the network, and messages of one key keep their order:
/// they share a partition. A message may still come twice after a crash; its id tells.
public final class KafkaPublisher: Publisher {
    private let topic: String
    private let options: KafkaOptions
    private let producer: Mutex<KafkaProducer>

    /// A publisher, whose connections are made in the background.
    ///
    /// - Parameters:
    ///   - topic: The topic.
    ///   - options: The brokers, and what else can be told.
    /// - Throws: ``MinkStore/PublisherError`` if a setting is wrong.
    public init(topic: String, options: KafkaOptions) throws(PublisherError) {
        self.topic = topic
        self.options = options
        producer = Mutex(try KafkaProducer(options))
    }

    deinit { producer.withLock { $0.leave() } }

    /// Sends messages and waits for their reports.
    public func publish(
        _ messages: [OutboxMessage], within limit: Duration
    ) async -> [PublishOutcome] {
        guard !messages.isEmpty else { return [] }
        let batch = KafkaBatch(count: messages.count)
        do throws(PublisherError) {
            try workingProducer().send(messages, to: topic, in: batch)
        } catch {
            return messages.map { _ in .failed(error.message) }
        }
        return await withTaskCancellationHandler {
            await withTaskGroup { group in
                group.addTask {
                    try? await Task.sleep(for: limit)
                    if !Task.isCancelled { batch.settleRest(.timedOut) }
                }
                let outcomes = await batch.outcomes()
                group.cancelAll()
                return outcomes
            }
        } onCancel: {
            batch.settleRest(.failed("it was stopped"))
        }
    }

    /// Waits for the reports of what is under way, at most as long as the options say, and ends.
    public func stop() async {
        await producer.withLock { $0 }.stop()
    }

    /// Lets librdkafka give up for good, as errors do that no one can go on from: for tests.
    func breakForGood() {
        producer.withLock { $0.breakForGood() }
    }

    /// The producer, made anew where librdkafka gave up for good.
    private func workingProducer() throws(PublisherError) -> KafkaProducer {
        try producer.withLock { producer throws(PublisherError) in
            if producer.isBroken {
                producer.leave()
                producer = try KafkaProducer(options)
            }
            return producer
        }
    }
}
