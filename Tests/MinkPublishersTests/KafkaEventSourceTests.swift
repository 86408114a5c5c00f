// Kafka as a source of events, against librdkafka's own cluster.
import MinkExpression
import MinkStore
import MinkTesting
import Synchronization
import Testing

@testable import MinkPublishers

@Suite("A Kafka event source", .timeLimit(.minutes(15)))
struct KafkaEventSourceTests {
    private let cluster: KafkaMockCluster

    init() throws {
        cluster = try KafkaMockCluster(brokerCount: 1)
        cluster.addTopic("events", partitions: 4)
    }

    /// A log that remembers what it was given.
    private final class Log: Sendable {
        struct State {
            var ids: [String] = []
            var poison: [PoisonMessage] = []
            var failures = 0
        }
        let state = Mutex(State())

        var ids: [String] { state.withLock { $0.ids } }
        var poison: [PoisonMessage] { state.withLock { $0.poison } }
    }

    private struct NotNow: Error {}

    private func source(group: String = "sagas", batchLimit: Int = 500) -> KafkaEventSource {
        var kafka = KafkaOptions(brokers: cluster.brokers)
        // This cluster shares partitions out anew when a session has ended, and not before.
        kafka.settings = [
            "session.timeout.ms": Secret("5000"), "heartbeat.interval.ms": Secret("300"),
        ]
        var options = KafkaSourceOptions(cluster: kafka, topics: ["events"], group: group)
        options.batchLimit = batchLimit
        return KafkaEventSource(options)
    }

    private func send(_ bodies: [String], headers: [String: String] = [:]) async throws {
        let publisher = try KafkaPublisher(
            topic: "events", options: KafkaOptions(brokers: cluster.brokers))
        let messages = bodies.enumerated().map { index, body in
            OutboxMessage.sample(key: "k\(index)", body: body, headers: headers)
        }
        #expect(await publisher.publish(messages, within: .seconds(30)).allAccepted)
        await publisher.stop()
    }

    private static func event(_ id: Int) -> String {
        "{\"type\":\"OrderCreated\",\"id\":\"e\(id)\",\"data\":{\"orderId\":\"o\(id)\"}}"
    }

    /// Reads into a log until something holds, then stops.
    private func read(
        _ source: KafkaEventSource, into log: Log, refusing refused: Set<String> = [],
        failing failures: Int = 0, until isEnough: @escaping @Sendable (Log) -> Bool
    ) async throws {
        let running = Task {
            try await source.run { events in
                let isFailing = log.state.withLock { state in
                    state.failures += 1
                    return state.failures <= failures
                }
                if isFailing { throw NotNow() }
                log.state.withLock { $0.ids += events.map(\.id) }
                return events.map {
                    refused.contains($0.id) ? .refused("another content") : .appended
                }
            } deadLetter: { poison in
                log.state.withLock { $0.poison.append(poison) }
            }
        }
        let isDone = await eventually {
            isEnough(log) || (failures > 0 && log.state.withLock { $0.failures } == failures)
        }
        #expect(isDone)
        running.cancel()
        try await running.value
    }

    @Test func `hands each message over as an event`() async throws {
        try await send((0..<50).map(Self.event))
        let log = Log()

        try await read(source(batchLimit: 7), into: log) { $0.ids.count >= 50 }

        #expect(Set(log.ids) == Set((0..<50).map { "e\($0)" }))
        #expect(log.ids.count == 50)
        #expect(log.poison.isEmpty)
    }

    @Test func `goes on where its group ended`() async throws {
        try await send((0..<10).map(Self.event))
        let (first, second) = (Log(), Log())
        try await read(source(), into: first) { $0.ids.count >= 10 }

        try await send((10..<20).map(Self.event))
        try await read(source(), into: second) { $0.ids.count >= 10 }

        #expect(Set(second.ids) == Set((10..<20).map { "e\($0)" }))
    }

    @Test func `commits nothing of a batch that was not appended`() async throws {
        try await send((0..<10).map(Self.event))
        let (first, second) = (Log(), Log())

        await #expect(throws: NotNow.self) {
            try await read(source(), into: first, failing: 1) { _ in false }
        }
        try await read(source(), into: second) { $0.ids.count >= 10 }

        #expect(first.ids.isEmpty)
        #expect(Set(second.ids).count == 10)
    }

    @Test func `keeps what is no event, or what the log refuses, and goes on`() async throws {
        try await send([
            Self.event(1), "not json", "[1]", "{\"data\":{}}", "{\"type\":\"A\",\"data\":1}",
            "{\"type\":7,\"data\":{}}", "", "{\"type\":\"A\",\"at\":\"yesterday\"}", Self.event(2),
            Self.event(3),
        ])
        let log = Log()

        try await read(source(), into: log, refusing: ["e3"]) {
            $0.ids.count >= 3 && $0.poison.count >= 8
        }
        try await send([Self.event(4)])
        try await read(source(), into: log) { $0.ids.contains("e4") }

        #expect(Set(log.ids) == ["e1", "e2", "e3", "e4"])
        #expect(
            Set(log.poison.map(\.reason)) == [
                "the message is no JSON: 1:1: expected a value, found \"not\"",
                "the message is no JSON object", "it has no \"type\"", "its \"data\" is no object",
                "its \"type\" is no text", "the message is empty",
                "its \"at\" is no time such as 2026-01-31T09:30:00Z", "another content",
            ])
    }

    @Test(.enabled(if: Trials.areAsked, .init(rawValue: Trials.reason)))
    func `shares partitions with others of its group, and loses nothing as they come and go`()
        async throws
    {
        let (first, second) = (Log(), Log())
        let all = Set((0..<400).map { "e\($0)" })
        let (cluster, source) = (cluster, source(batchLimit: 5))
        let run: @Sendable (Log) async throws -> Void = { log in
            try await source.run { events in
                try await Task.sleep(for: .milliseconds(10))
                log.state.withLock { $0.ids += events.map(\.id) }
                return events.map { _ in .appended }
            } deadLetter: { _ in
            }
        }
        let one = Task { try await run(first) }
        let publisher = try KafkaPublisher(
            topic: "events", options: KafkaOptions(brokers: cluster.brokers))
        let sender = Task {
            for number in 0..<400 {
                let message = OutboxMessage.sample(key: "k\(number)", body: Self.event(number))
                _ = await publisher.publish([message], within: .seconds(30))
            }
        }
        #expect(await eventually { first.ids.count > 20 })
        let two = Task { try await run(second) }
        // The second one takes a share, then the first one goes.
        #expect(await eventually(within: .seconds(40)) { second.ids.count > 5 })
        one.cancel()
        // What was being appended when it was cancelled says so, and is read again.
        _ = await one.result
        await sender.value
        let isWhole = await eventually(within: .seconds(40)) {
            Set(first.ids + second.ids) == all
        }
        two.cancel()
        _ = await two.result
        await publisher.stop()

        #expect(isWhole, "\(all.subtracting(first.ids + second.ids).count) are missing")
    }
}

@Suite("A message of a topic")
struct IncomingEventTests {
    private static func message(
        _ body: String, headers: [String: String] = [:]
    ) -> IncomingMessage {
        IncomingMessage(
            place: "orders/0/7", key: "k", body: Array(body.utf8), headers: headers,
            time: Timestamp("2026-01-02T03:04:05Z") ?? .earliest)
    }

    @Test func `is an event with what the envelope says`() throws {
        let event = try IncomingEvent(
            Self.message(
                """
                {"type": "Paid", "id": "e1", "at": "2026-01-01T00:00:00Z", "stream": "orders/o1",
                 "metadata": {"correlationId": "c", "causationId": "d", "tenant": "t", "shop": "7"},
                 "data": {"amount": 10.50}}
                """))

        #expect(event.type == "Paid")
        #expect(event.id == "e1")
        #expect(event.time == Timestamp("2026-01-01T00:00:00Z"))
        #expect(event.stream == "orders/o1")
        #expect(event.correlationID == "c")
        #expect(event.causationID == "d")
        #expect(event.tenant == "t")
        #expect(event.metadata == ["shop": "7"])
        #expect(event.data == "{\"amount\":10.50}")
    }

    @Test func `has the rest from its headers and its place`() throws {
        let event = try IncomingEvent(
            Self.message(
                "{\"type\": \"Paid\"}",
                headers: [
                    "mink-correlation": "c", "mink-causation": "d", "mink-tenant": "t",
                    "traceparent": "00-1-2-01", "other": "x",
                ]))

        #expect(event.id == "orders/0/7")
        #expect(event.time == Timestamp("2026-01-02T03:04:05Z"))
        #expect(event.correlationID == "c")
        #expect(event.causationID == "d")
        #expect(event.tenant == "t")
        #expect(event.metadata == ["traceparent": "00-1-2-01"])
        #expect(event.data == "{}")
    }

    @Test func `may be bare data with the type in a header`() throws {
        let event = try IncomingEvent(
            Self.message(
                "{\"type\": \"visa\", \"amount\": 1}",
                headers: ["mink-type": "Paid", "mink-id": "e9"]))

        #expect(event.type == "Paid")
        #expect(event.id == "e9")
        #expect(event.data == "{\"type\":\"visa\",\"amount\":1}")
    }
}
