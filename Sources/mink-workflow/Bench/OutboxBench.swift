// `bench outbox`: messages a second to Kafka and to a webhook, beside the client libraries used by
// hand in the same run. The cluster and the receiver are in this process, on this machine.
import MinkExpression
import MinkPublishers
import MinkStore

/// A measurement of publishers.
struct OutboxBench: Sendable {
    /// How many messages go to Kafka in a round; a tenth of it goes to the webhook.
    var messages = 20_000
    var rounds = 3

    /// How many batches, and how many requests, are under way at once.
    private static let batches = 4
    private static let batchLimit = 500
    private static let connections = 64

    /// Measures both in turn, ours and the library by hand.
    func run() async throws(PublisherError) -> OutboxReport {
        var report = OutboxReport(rounds: rounds)
        for round in 0..<rounds {
            let kafka = try await kafkaRound(Self.messages(messages, round))
            report.kafka.append(kafka)
            let webhook = try await webhookRound(Self.messages(max(1, messages / 10), round))
            report.webhook.append(webhook)
        }
        return report
    }

    private func kafkaRound(
        _ messages: [OutboxMessage]
    ) async throws(PublisherError) -> OutboxReport.Round {
        let cluster = try KafkaMockCluster(brokerCount: 1)
        cluster.addTopic("bench", partitions: 4)
        let publisher = try KafkaPublisher(
            topic: "bench", options: KafkaOptions(brokers: cluster.brokers))
        // The first message waits for the connections.
        _ = await publisher.publish(Array(messages.prefix(1)), within: .seconds(30))
        let start = ContinuousClock.now
        let accepted = await Self.publish(
            messages, with: publisher, batchLimit: Self.batchLimit, batches: Self.batches)
        let ours = start.duration(to: .now)
        await publisher.stop()
        guard accepted == messages.count else {
            throw PublisherError("Kafka took \(accepted) of \(messages.count) messages")
        }
        let other = ContinuousClock.now
        let raw = try RawClients.sendToKafka(messages, topic: "bench", brokers: cluster.brokers)
        let byHand = other.duration(to: .now)
        guard raw == messages.count else { throw PublisherError("librdkafka lost messages") }
        return OutboxReport.Round(messages: messages.count, ours: ours, byHand: byHand)
    }

    private func webhookRound(
        _ messages: [OutboxMessage]
    ) async throws(PublisherError) -> OutboxReport.Round {
        let sink = try HTTPSink { _ in HTTPSink.Answer() }
        defer { sink.stop() }
        var options = WebhookPublisher.Options()
        options.policy.allowLoopback = true
        let client = try HTTPClient()
        let publisher = WebhookPublisher(
            address: try WebAddress(sink.address),
            secrets: [try WebhookSecret(Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))],
            client: client, options: options)
        let start = ContinuousClock.now
        let accepted = await Self.publish(
            messages, with: publisher, batchLimit: 1, batches: Self.connections)
        let ours = start.duration(to: .now)
        client.stop()
        guard accepted == messages.count else {
            throw PublisherError("the webhook took \(accepted) of \(messages.count) messages")
        }
        let other = ContinuousClock.now
        let raw = RawClients.post(messages, to: sink.address, connections: Self.connections)
        let byHand = other.duration(to: .now)
        guard raw == messages.count else { throw PublisherError("libcurl lost messages") }
        return OutboxReport.Round(messages: messages.count, ours: ours, byHand: byHand)
    }

    /// Publishes all with so many batches under way.
    ///
    /// - Returns: How many were accepted.
    private static func publish(
        _ messages: [OutboxMessage], with publisher: some Publisher, batchLimit: Int, batches: Int
    ) async -> Int {
        await withTaskGroup(of: Int.self) { group in
            var (accepted, next) = (0, 0)
            func add(_ group: inout TaskGroup<Int>) {
                guard next < messages.count else { return }
                let batch = Array(messages[next..<min(next + batchLimit, messages.count)])
                next += batch.count
                group.addTask {
                    await publisher.publish(batch, within: .seconds(60))
                        .count { $0 == .accepted() }
                }
            }
            for _ in 0..<batches { add(&group) }
            while let count = await group.next() {
                accepted += count
                add(&group)
            }
            return accepted
        }
    }

    private static func messages(_ count: Int, _ round: Int) -> [OutboxMessage] {
        (0..<count).map { number in
            OutboxMessage(
                id: "message-\(round)-\(number)", destination: "bench", key: "order-\(number)",
                type: "ReserveInventory",
                body: Array(
                    "{\"type\":\"ReserveInventory\",\"data\":{\"orderId\":\"order-\(number)\"}}"
                        .utf8),
                headers: [
                    OutboxMessage.Header.id: "message-\(round)-\(number)",
                    OutboxMessage.Header.type: "ReserveInventory",
                    OutboxMessage.Header.key: "order-\(number)",
                    OutboxMessage.Header.workflow: "OrderFulfillment",
                ])
        }
    }
}

/// What `bench outbox` prints.
struct OutboxReport {
    /// One round of one destination.
    struct Round {
        let messages: Int
        let ours: Duration
        let byHand: Duration

        var perSecond: Double { Double(messages) / (ours / .seconds(1)) }
        var perSecondByHand: Double { Double(messages) / (byHand / .seconds(1)) }
        var ratio: Double { perSecond / perSecondByHand }
    }

    let rounds: Int
    var kafka: [Round] = []
    var webhook: [Round] = []

    private var rows: [(name: String, library: String, rounds: [Round])] {
        [("kafka", "librdkafka", kafka), ("webhook", "libcurl", webhook)]
    }

    var text: String {
        let lines = rows.map { row in
            "\(row.name.padded(to: 8))\(Int(Self.median(row.rounds.map(\.perSecond)))) messages/s, "
                + "\(row.library) by hand "
                + "\(Int(Self.median(row.rounds.map(\.perSecondByHand)))), "
                + "ratio \(Int(Self.median(row.rounds.map(\.ratio)) * 100)) %"
        }
        return "outbox, median of \(rounds) rounds\n" + lines.joined(separator: "\n")
    }

    var json: Value {
        [
            "formatVersion": 1, "topic": "outbox", "rounds": .int(Int64(rounds)),
            "rows": .list(
                rows.map { row in
                    [
                        "name": .string(row.name),
                        "messagesPerSecond": .double(Self.median(row.rounds.map(\.perSecond))),
                        "byHandPerSecond": .double(
                            Self.median(row.rounds.map(\.perSecondByHand))),
                        "ratio": .double(Self.median(row.rounds.map(\.ratio))),
                    ]
                }),
        ]
    }

    private static func median(_ figures: [Double]) -> Double {
        figures.isEmpty ? 0 : figures.sorted()[figures.count / 2]
    }
}
