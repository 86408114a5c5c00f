// A saga's way through real destinations: a command to a webhook, its answer back in the log, and the
// next command to Kafka.
import Foundation
import MinkPublishers
import MinkSQLite
import MinkWorkflow
import Synchronization
import Testing

@Suite("An engine with destinations", .timeLimit(.minutes(15)))
struct DestinationEngineTests {
    private static let workflow = """
        { "workflow": "Parcel", "version": 1, "correlateBy": "parcelId",
          "events": {
            "ParcelSent": { "fields": { "parcelId": "string" } },
            "ParcelBooked": { "fields": { "parcelId": "string", "carrier": "string" } } },
          "data": { "carrier": "string" },
          "commands": {
            "BookCarrier": { "to": "carrier", "with": { "parcelId": "= saga.key" } },
            "AnnounceParcel": { "to": "parcels",
              "with": { "parcelId": "= saga.key", "carrier": "= data.carrier" } } },
          "start": { "ParcelSent": { "goto": "Booking" } },
          "states": {
            "Booking": { "onEnter": { "emit": ["BookCarrier"] },
              "on": { "ParcelBooked": { "set": { "carrier": "= event.carrier" }, "goto": "Booked",
                "emit": ["AnnounceParcel"] } } },
            "Booked": { "final": "completed" } } }
        """

    private func engine(
        publishers: [String: any Publisher], in folder: URL
    ) async throws -> WorkflowEngine {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "parcel.workflow.json")
        try Self.workflow.write(to: file, atomically: true, encoding: .utf8)
        return try await WorkflowEngine(
            definitions: [file.path], store: .sqlite(":memory:"), bus: CommandBus(),
            publishers: publishers)
    }

    @Test func `sends commands out, and takes the events of an answer in, with their ids`()
        async throws
    {
        let seen = Mutex<[HTTPSink.Request]>([])
        let sink = try HTTPSink { request in
            let count = seen.withLock { seen in
                seen.append(request)
                return seen.count
            }
            // The first try fails: what comes again is the same message.
            guard count > 1 else { return HTTPSink.Answer(503) }
            return HTTPSink.Answer(
                200,
                json: """
                    {"events": [{"type": "ParcelBooked",
                                 "data": {"parcelId": "p1", "carrier": "Post"}}]}
                    """)
        }
        let cluster = try KafkaMockCluster(brokerCount: 1)
        cluster.addTopic("parcels", partitions: 1)
        var options = WebhookPublisher.Options()
        options.policy.allowLoopback = true
        let kafka = try KafkaPublisher(
            topic: "parcels", options: KafkaOptions(brokers: cluster.brokers))
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "mink-workflow-\(UUID().uuidString)")
        defer {
            sink.stop()
            try? FileManager.default.removeItem(at: folder)
        }
        let engine = try await engine(
            publishers: [
                "carrier": WebhookPublisher(
                    address: try WebAddress(sink.address), secrets: [], client: try HTTPClient(),
                    options: options),
                "parcels": kafka,
            ], in: folder)

        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        try await engine.send(
            "ParcelSent", ["parcelId": "p1"], id: "e1", correlationID: "c1",
            metadata: ["traceparent": trace])
        let message = try await firstMessage(of: "parcels", in: cluster, while: engine)
        await kafka.stop()

        let requests = seen.withLock { $0 }
        #expect(requests.count == 2)
        #expect(Set(requests.map { $0.headers["webhook-id"] }).count == 1)
        #expect(Set(requests.map(\.body)).count == 1)
        #expect(requests.last?.headers["mink-correlation"] == "c1")
        #expect(requests.last?.headers["mink-causation"] == "e1")
        #expect(requests.last?.headers["traceparent"] == trace)
        #expect(message?.type == "AnnounceParcel")
        #expect(message?.data == "{\"parcelId\":\"p1\",\"carrier\":\"Post\"}")
        #expect(message?.correlationID == "c1")
        #expect(message?.metadata["traceparent"] == trace)
        #expect(message?.id != requests.last?.headers["webhook-id"])
    }

    /// Runs an engine until a topic has a message.
    private func firstMessage(
        of topic: String, in cluster: KafkaMockCluster, while engine: WorkflowEngine
    ) async throws -> IncomingEvent? {
        let source = KafkaEventSource(
            KafkaSourceOptions(
                cluster: KafkaOptions(brokers: cluster.brokers), topics: [topic], group: "test"))
        let found = Found()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            group.addTask {
                try await source.run { events in
                    found.event.withLock { $0 = $0 ?? events.first }
                    return events.map { _ in .appended }
                } deadLetter: { _ in
                }
            }
            for _ in 0..<1_500 where found.event.withLock({ $0 == nil }) {
                try await Task.sleep(for: .milliseconds(20))
            }
            group.cancelAll()
            return found.event.withLock { $0 }
        }
    }

    /// The first event that came.
    private final class Found: Sendable {
        let event = Mutex<IncomingEvent?>(nil)
    }
}
