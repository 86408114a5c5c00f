// A consumer of librdkafka in its own thread: it takes a batch, waits for the word that it is
// done, and only then commits its offsets and takes the next one.
//
//   thread:  poll … poll ──▶ batch ──▶ │ waits │ ──▶ commit ──▶ poll …
//   caller:              next() ──▶ append ──▶ settle
//
// Partitions come and go only inside of a poll. Messages of partitions that go while a batch is
// being gathered leave the batch: their next owner reads them from the committed offset.
import CRdKafka
import Glibc
import MinkExpression
import MinkStore
import Synchronization

/// Reads topics in batches.
final class KafkaConsumer: Sendable {
    private struct State {
        var batch: [IncomingMessage]?
        var waiting: CheckedContinuation<[IncomingMessage]?, Never>?
        var isStopping = false
        var hasEnded = false
        var problem: String?
    }

    private let options: KafkaSourceOptions
    private let hooks: KafkaHooks
    private let state = Mutex(State())
    private let settled: Semaphore
    /// Used by the consumer's own thread alone, once it has begun.
    private nonisolated(unsafe) let client: OpaquePointer
    private let gathering: KafkaGathering

    init(_ options: KafkaSourceOptions) throws(PublisherError) {
        self.options = options
        let gathering = KafkaGathering()
        self.gathering = gathering
        hooks = KafkaHooks(options.cluster, gathering: gathering)
        settled = Semaphore()
        var settings = try KafkaSettings(options.cluster, hooks: hooks)
        try settings.set("group.id", options.group)
        try settings.set("enable.auto.commit", "false")
        try settings.set("enable.auto.offset.store", "false")
        if options.cluster.settings["auto.offset.reset"] == nil {
            // A group that is new reads what was written before it.
            try settings.set("auto.offset.reset", "earliest")
        }
        settings.add { conf in
            rd_kafka_conf_set_rebalance_cb(conf) { client, error, partitions, opaque in
                guard let client, let partitions else { return }
                KafkaHooks.at(opaque)?.gathering?.didRebalance(client, error, partitions)
            }
        }
        client = try settings.makeClient(RD_KAFKA_CONSUMER)
        do throws(PublisherError) {
            try subscribe()
            try OwnThread.start { [self] in serve() }
        } catch {
            rd_kafka_destroy(client)
            throw error
        }
    }

    private func subscribe() throws(PublisherError) {
        rd_kafka_poll_set_consumer(client)
        let topics = rd_kafka_topic_partition_list_new(Int32(clamping: options.topics.count))
        defer { rd_kafka_topic_partition_list_destroy(topics) }
        for topic in options.topics { rd_kafka_topic_partition_list_add(topics, topic, -1) }
        guard rd_kafka_subscribe(client, topics) == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw PublisherError("the topics can not be read: \(options.topics)")
        }
    }

    /// The next batch, whose messages count as read once it is settled; `nil` at the end.
    func next() async -> [IncomingMessage]? {
        await withCheckedContinuation { waiting in
            let ready: [IncomingMessage]?? = state.withLock { state in
                if let batch = state.batch {
                    state.batch = nil
                    return .some(batch)
                }
                if state.hasEnded { return .some(nil) }
                state.waiting = waiting
                return nil
            }
            if let ready { waiting.resume(returning: ready) }
        }
    }

    /// Says that the batch is done: its offsets may be committed.
    func settle() { settled.signal() }

    /// Lets the thread end; a batch that was not settled is read again later.
    func stop() {
        state.withLock { $0.isStopping = true }
        settled.signal()
    }

    /// Why the consumer ended by itself, for people.
    var problem: String? { state.withLock { $0.problem } }
}

// MARK: - In the consumer's own thread

extension KafkaConsumer {
    private var isStopping: Bool { state.withLock { $0.isStopping } }

    private func serve() {
        while !isStopping {
            gather()
            guard !gathering.messages.isEmpty else { continue }
            hand(over: gathering.messages.map(\.message))
            settled.wait()
            if isStopping { break }
            commit()
            gathering.messages = []
        }
        gathering.messages = []
        rd_kafka_consumer_close(client)
        rd_kafka_destroy(client)
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: nil)
    }

    /// Takes what is there, at most a batch; waits a little where there is nothing.
    private func gather() {
        while gathering.messages.count < options.batchLimit {
            let wait: Int32 = gathering.messages.isEmpty ? 100 : 0
            guard let message = rd_kafka_consumer_poll(client, wait) else { return }
            defer { rd_kafka_message_destroy(message) }
            switch message.pointee.err {
            case RD_KAFKA_RESP_ERR_NO_ERROR: gathering.add(message)
            case RD_KAFKA_RESP_ERR__PARTITION_EOF: break
            case RD_KAFKA_RESP_ERR__FATAL:
                state.withLock { state in
                    state.problem = "Kafka refuses the consumer for good"
                    state.isStopping = true
                }
                return
            case let error:
                let words = rd_kafka_err2str(error).map { String(cString: $0) } ?? ""
                hooks.options.log("reading from Kafka: \(words)")
                return
            }
        }
    }

    private func hand(over batch: [IncomingMessage]) {
        let waiting = state.withLock { state in
            defer { state.waiting = nil }
            if state.waiting == nil { state.batch = batch }
            return state.waiting
        }
        waiting?.resume(returning: batch)
    }

    /// Commits the offsets behind the batch.
    ///
    /// Where that fails, a later commit covers it, or the
    /// messages come again, and the log knows their ids.
    private func commit() {
        let list = rd_kafka_topic_partition_list_new(0)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for (partition, offset) in gathering.offsets {
            let entry = rd_kafka_topic_partition_list_add(
                list, partition.topic, partition.number)
            entry?.pointee.offset = offset + 1
        }
        let error = rd_kafka_commit(client, list, 0)
        guard error != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        let words = rd_kafka_err2str(error).map { String(cString: $0) } ?? ""
        hooks.options.log("offsets were not committed: \(words)")
    }
}
