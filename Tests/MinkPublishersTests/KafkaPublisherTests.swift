// Kafka, against librdkafka's own cluster: it speaks the protocol over sockets of this machine.
import MinkExpression
import MinkStore
import MinkTesting
import Synchronization
import Testing

@testable import MinkPublishers

@Suite("A Kafka publisher", .timeLimit(.minutes(15)))
struct KafkaPublisherTests {
    private let cluster: KafkaMockCluster

    init() throws {
        cluster = try KafkaMockCluster(brokerCount: 3)
        cluster.addTopic("orders", partitions: 4)
    }

    private func publisher(
        timeout: Duration = .seconds(30), settings: [String: Secret] = [:]
    ) throws -> KafkaPublisher {
        var options = KafkaOptions(brokers: cluster.brokers)
        options.messageTimeout = timeout
        options.settings = settings
        return try KafkaPublisher(topic: "orders", options: options)
    }

    /// Messages of some keys, each with its number in its key's order.
    private static func messages(_ number: Int, keys: Int = 20) -> [OutboxMessage] {
        (0..<keys).map { key in
            .sample(
                id: "\(key)/\(number)", key: "key-\(key)", body: String(number),
                headers: ["mink-tenant": "shop", "mink-key": "key-\(key)"])
        }
    }

    @Test func `sends key, body and headers, as a consumer reads them`() async throws {
        let publisher = try publisher()
        let message = OutboxMessage.sample(
            headers: ["mink-key": "o-1", "traceparent": "00-0af7651916cd43dd-b7ad6b71-01"])

        let outcomes = await publisher.publish([message], within: .seconds(30))
        await publisher.stop()

        let read = try await cluster.read("orders", count: 1)
        #expect(outcomes == [.accepted()])
        #expect(read.map(\.key) == ["o-1"])
        #expect(read.map(\.body) == [message.body])
        #expect(read.map(\.headers) == [message.headers])
    }

    @Test func `says of each message what came of it`() async throws {
        let publisher = try publisher(settings: ["message.max.bytes": Secret("2000")])
        let large = String(repeating: "x", count: 5_000)
        let messages = (0..<10).map { index in
            OutboxMessage.sample(key: "k\(index)", body: index == 4 ? large : "small")
        }

        let outcomes = await publisher.publish(messages, within: .seconds(30))
        await publisher.stop()

        #expect(outcomes.indices.filter { outcomes[$0] != .accepted() } == [4])
        #expect(outcomes[4].isRejection)
    }

    @Test(.enabled(if: Trials.areAsked, .init(rawValue: Trials.reason)))
    func `keeps the order of each key, and loses nothing, while brokers go and come back`()
        async throws
    {
        let publisher = try publisher()
        let cluster = cluster
        let isDone = Mutex(false)
        let trouble = Task {
            var broker = 0
            while !isDone.withLock({ $0 }) {
                broker = broker % 3 + 1
                cluster.takeDown(broker)
                try await Task.sleep(for: .milliseconds(150))
                cluster.bringUp(broker)
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        var tries = 0
        for number in 0..<30 {
            var left = Self.messages(number)
            while !left.isEmpty {
                tries += 1
                let outcomes = await publisher.publish(left, within: .seconds(30))
                left = zip(left, outcomes).filter { $0.1 != .accepted() }.map(\.0)
            }
        }
        isDone.withLock { $0 = true }
        try await trouble.value
        await publisher.stop()

        let read = try await cluster.read("orders", count: 600)
        for (key, messages) in Dictionary(grouping: read, by: \.key) {
            // A message whose answer was lost may stand there twice, but never out of order.
            let numbers = messages.compactMap { Int(String(decoding: $0.body, as: UTF8.self)) }
            let first = numbers.enumerated().filter { !numbers[..<$0.offset].contains($0.element) }
            #expect(first.map(\.element) == Array(0..<30), "\(key)")
        }
        #expect(Set(read.map(\.key)).count == 20)
        #expect(tries >= 30)
    }

    @Test(.enabled(if: Trials.areAsked, .init(rawValue: Trials.reason)))
    func `gives a message up in time while the brokers are away, and goes on after`()
        async throws
    {
        let publisher = try publisher(timeout: .milliseconds(500))
        #expect(await publisher.publish(Self.messages(0), within: .seconds(30)).allAccepted)
        for broker in 1...3 { cluster.takeDown(broker) }

        let start = ContinuousClock.now
        let failed = await publisher.publish(Self.messages(1), within: .seconds(30))
        let took = start.duration(to: .now)
        for broker in 1...3 { cluster.bringUp(broker) }
        let isBack = await eventually {
            await publisher.publish(Self.messages(2), within: .seconds(30)).allAccepted
        }
        await publisher.stop()

        #expect(failed.allSatisfy { $0 == .timedOut || $0.isFailure }, "\(failed)")
        #expect(took < .seconds(300))
        #expect(isBack)
    }

    @Test func `waits no longer than the caller allows`() async throws {
        for broker in 1...3 { cluster.takeDown(broker) }
        let publisher = try publisher()
        let start = ContinuousClock.now

        let outcomes = await publisher.publish(Self.messages(0), within: .milliseconds(100))

        #expect(outcomes == outcomes.map { _ in .timedOut })
        #expect(start.duration(to: .now) < .seconds(300))
    }

    @Test func `delivers what is under way when it is stopped, and fails what comes later`()
        async throws
    {
        let publisher = try publisher(settings: ["linger.ms": Secret("400")])
        let waiting = Task { await publisher.publish(Self.messages(0), within: .seconds(30)) }
        try await Task.sleep(for: .milliseconds(100))

        await publisher.stop()

        #expect(await waiting.value.allAccepted)
        #expect(
            await publisher.publish([.sample()], within: .seconds(1)) == [.failed("it was stopped")]
        )
    }

    @Test func `stops in time although the brokers are away`() async throws {
        for broker in 1...3 { cluster.takeDown(broker) }
        var options = KafkaOptions(brokers: cluster.brokers)
        options.flushLimit = .milliseconds(200)
        let publisher = try KafkaPublisher(topic: "orders", options: options)
        let waiting = Task { await publisher.publish(Self.messages(0), within: .seconds(60)) }
        try await Task.sleep(for: .milliseconds(100))

        await publisher.stop()

        #expect(await waiting.value.allSatisfy { $0 == .failed("it was stopped") })
    }

    @Test func `lets a cancelled task go at once`() async throws {
        for broker in 1...3 { cluster.takeDown(broker) }
        let publisher = try publisher()
        let task = Task { await publisher.publish([.sample()], within: .seconds(60)) }
        try await Task.sleep(for: .milliseconds(100))

        task.cancel()

        #expect(await task.value == [.failed("it was stopped")])
    }

    @Test func `tells its figures`() async throws {
        let figures = Mutex<KafkaStatistics?>(nil)
        var options = KafkaOptions(brokers: cluster.brokers)
        options.statisticsInterval = .milliseconds(100)
        options.onStatistics = { told in figures.withLock { $0 = told } }
        let publisher = try KafkaPublisher(topic: "orders", options: options)

        _ = await publisher.publish(Self.messages(0), within: .seconds(30))
        let isTold = await eventually {
            figures.withLock { ($0?.sentMessages ?? 0) >= 20 && ($0?.connectedBrokers ?? 0) > 0 }
        }
        await publisher.stop()

        #expect(isTold)
        #expect(figures.withLock { $0?.waitingMessages } == 0)
    }

    @Test func `makes a new producer where librdkafka gave up for good`() async throws {
        let publisher = try publisher()
        #expect(await publisher.publish([.sample()], within: .seconds(30)).allAccepted)

        publisher.breakForGood()
        let isBack = await eventually {
            await publisher.publish([.sample()], within: .seconds(30)).allAccepted
        }
        await publisher.stop()

        #expect(isBack)
    }

    @Test(arguments: [
        ("acks", "1", "the setting \"acks\" of Kafka can not be changed"),
        (
            "enable.idempotence", "false",
            "the setting \"enable.idempotence\" of Kafka can not be changed"
        ),
        ("no.such.thing", "x", "Kafka has no setting \"no.such.thing\""),
        (
            "security.protocol", "s3cret",
            "the setting \"security.protocol\" of Kafka does not take this value"
        ),
    ])
    func `refuses settings that it must decide, or that do not exist, and shows no value`(
        name: String, value: String, message: String
    ) {
        let error = #expect(throws: PublisherError.self) {
            try publisher(settings: [name: Secret(value)])
        }

        #expect(error?.message == message)
    }
}

extension [PublishOutcome] {
    var allAccepted: Bool { !isEmpty && allSatisfy { $0 == .accepted() } }
}

extension KafkaMockCluster {
    /// Reads the first messages of a topic, in the order of each partition.
    func read(_ topic: String, count: Int) async throws -> [IncomingMessage] {
        let consumer = try KafkaConsumer(
            KafkaSourceOptions(
                cluster: KafkaOptions(brokers: brokers), topics: [topic],
                group: "reader-\(UInt64.random(in: 0 ... .max))"))
        defer { consumer.stop() }
        var read: [IncomingMessage] = []
        while read.count < count, let batch = await consumer.next() {
            read += batch
            consumer.settle()
        }
        return read
    }
}
