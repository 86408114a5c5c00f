// A producer of librdkafka and the thread that serves it: reports and figures come in that thread,
// and nothing here waits in another one.
import CRdKafka
import MinkStore
import Synchronization

/// Queues messages, and lets their batches know what came of them.
final class KafkaProducer: Sendable {
    private struct State {
        var isStopping = false
        var hasEnded = false
        /// Whether librdkafka gave up for good; only a new producer helps.
        var isBroken = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let hooks: KafkaHooks
    private let state = Mutex(State())
    /// librdkafka's clients may be used by several threads; it is freed once nobody uses it.
    private nonisolated(unsafe) let client: OpaquePointer

    init(_ options: KafkaOptions) throws(PublisherError) {
        hooks = KafkaHooks(options)
        var settings = try KafkaSettings(options, hooks: hooks)
        try settings.set("enable.idempotence", "true")
        try settings.set("acks", "all")
        try settings.set("message.timeout.ms", String(max(1, options.messageTimeout.milliseconds)))
        if options.settings["linger.ms"] == nil { try settings.set("linger.ms", "1") }
        if options.settings["partitioner"] == nil {
            // As clients in other languages share keys out.
            try settings.set("partitioner", "murmur2_random")
        }
        settings.add { conf in
            rd_kafka_conf_set_dr_msg_cb(conf) { _, message, _ in
                guard let message, let slip = message.pointee._private else { return }
                Unmanaged<KafkaReportSlip>.fromOpaque(slip).takeRetainedValue()
                    .settle(PublishOutcome(message.pointee.err))
            }
        }
        client = try settings.makeClient(RD_KAFKA_PRODUCER)
        do throws(PublisherError) {
            try OwnThread.start { [self] in serve() }
        } catch {
            rd_kafka_destroy(client)
            throw error
        }
    }

    /// Whether only a new producer can go on.
    var isBroken: Bool { state.withLock { $0.isBroken } }

    /// Queues the messages of a batch, as copies; each one gets its outcome in the batch.
    func send(_ messages: [OutboxMessage], to topic: String, in batch: KafkaBatch) {
        let failures = state.withLock { state in
            guard !state.isStopping else {
                return messages.indices.map { ($0, PublishOutcome.failed("it was stopped")) }
            }
            var failures: [(Int, PublishOutcome)] = []
            for (index, message) in messages.enumerated() {
                let error = queue(message, topic, KafkaReportSlip(batch, index))
                if error == RD_KAFKA_RESP_ERR_NO_ERROR { continue }
                if error == RD_KAFKA_RESP_ERR__FATAL { state.isBroken = true }
                failures.append((index, PublishOutcome(error)))
            }
            return failures
        }
        for (index, outcome) in failures { batch.settle(index, outcome) }
    }

    private func queue(
        _ message: OutboxMessage, _ topic: String, _ slip: KafkaReportSlip
    ) -> rd_kafka_resp_err_t {
        let headers = rd_kafka_headers_new(message.headers.count)
        for (name, value) in message.headers.sorted(by: { $0.key < $1.key }) {
            rd_kafka_header_add(headers, name, -1, value, value.utf8.count)
        }
        let key = Array(message.key.utf8)
        let carried = Unmanaged.passRetained(slip)
        let error = mink_kafka_produce(
            client, topic, key, key.count, message.body, message.body.count, headers,
            carried.toOpaque())
        if error != RD_KAFKA_RESP_ERR_NO_ERROR {
            carried.release()
            rd_kafka_headers_destroy(headers)
        }
        return error
    }

    /// Waits for the reports of what is under way, and ends.
    func stop() async {
        state.withLock { $0.isStopping = true }
        await withCheckedContinuation { waiting in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waiting.append(waiting) }
                return state.hasEnded
            }
            if hasEnded { waiting.resume() }
        }
    }

    /// Ends without anyone who waits for it.
    func leave() { state.withLock { $0.isStopping = true } }

    func breakForGood() {
        rd_kafka_test_fatal_error(client, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "a test")
    }

    /// Works in the producer's own thread until it is stopped.
    private func serve() {
        while !state.withLock({ $0.isStopping }) {
            rd_kafka_poll(client, 100)
            if rd_kafka_fatal_error(client, nil, 0) != RD_KAFKA_RESP_ERR_NO_ERROR {
                state.withLock { $0.isBroken = true }
            }
        }
        rd_kafka_flush(client, Int32(clamping: hooks.options.flushLimit.milliseconds))
        // What is left is given up here; its reports come with the next look.
        rd_kafka_purge(client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        while rd_kafka_poll(client, 0) > 0 {}
        rd_kafka_destroy(client)
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
