// SNS, against the server of moto, which does in this machine what AWS does.
import MinkExpression
import MinkStore
import Testing

@testable import MinkPublishers

@Suite("A batch for SNS")
struct SNSBatchTests {
    @Test func `has at most ten messages`() {
        let entries = (0..<23).map {
            SNSEntry(.sample(key: "k\($0)"), isOrdered: false)
        }

        let (batches, tooLarge) = SNSBatch.split(entries)

        #expect(batches.map(\.places.count) == [10, 10, 3])
        #expect(batches.flatMap(\.places) == Array(0..<23))
        #expect(tooLarge.isEmpty)
    }

    @Test func `has at most 256 KB, its attributes among them`() {
        let sizes = [100_000, 100_000, 62_144, 1, 262_144, 262_145]
        let entries = sizes.map {
            SNSEntry(.sample(body: String(repeating: "x", count: $0)), isOrdered: false)
        }
        let full = SNSEntry(
            .sample(body: String(repeating: "x", count: 262_144), headers: ["a": "b"]),
            isOrdered: false)

        let (batches, tooLarge) = SNSBatch.split(entries + [full])

        #expect(batches.map(\.places) == [[0, 1, 2], [3], [4]])
        #expect(tooLarge == [5, 6])
    }

    @Test func `names group and deduplication of a FIFO topic in the form that AWS takes`() {
        let plain = SNSEntry(.sample(id: "id-1", key: "o-1"), isOrdered: true)
        let odd = SNSEntry(
            .sample(key: "order 1, München"), isOrdered: true)
        let long = SNSEntry(.sample(key: String(repeating: "k", count: 129)), isOrdered: true)

        #expect(plain.order?.group == "o-1")
        #expect(plain.order?.deduplication == "id-1")
        #expect(odd.order?.group.count == 64)
        #expect(long.order?.group.count == 64)
        #expect(odd.order?.group != long.order?.group)
    }

    @Test func `leaves out attributes without a value, and characters that XML has not`() {
        let entry = SNSEntry(
            .sample(headers: ["mink-tenant": "", "a b": "1", "mink-key": "a\u{1}b"]),
            isOrdered: false)

        #expect(entry.attributes.map(\.name) == ["a_b", "mink-key"])
        #expect(entry.attributes.map(\.value) == ["1", "a%01b"])
    }

    @Test func `is answered for each of its entries`() {
        let answer = SNSAnswer(
            """
            <PublishBatchResponse><PublishBatchResult><Failed><member><Id>m1</Id>
            <Code>InternalError</Code><Message>a &lt;b&gt; &amp;amp; c</Message>
            <SenderFault>false</SenderFault></member><member><Id>m2</Id>
            <Code>InvalidParameter</Code><Message>too long</Message></member></Failed>
            <Successful><member><Id>m0</Id><MessageId>x</MessageId></member></Successful>
            </PublishBatchResult></PublishBatchResponse>
            """)

        #expect(
            answer.outcomes == [
                "m0": .accepted(),
                "m1": .failed("SNS did not take it: InternalError: a <b> &amp; c"),
                "m2": .rejected("SNS refuses it: InvalidParameter: too long"),
            ])
    }
}

@Suite(
    "An SNS publisher", .serialized, .timeLimit(.minutes(15)),
    .enabled(if: MotoServer.isWanted, "left out by MINK_SKIP_BROKERS=1"))
struct SNSPublisherTests {
    private static func publisher(
        _ moto: MotoServer, topic: String
    ) throws -> SNSPublisher {
        var options = SNSPublisher.Options()
        options.endpoint = try WebAddress(moto.address)
        options.policy.allowLoopback = true
        return try SNSPublisher(
            topic: topic, region: MotoServer.region, credentials: MotoServer.credentials,
            client: moto.client, options: options)
    }

    @Test func `sends body and attributes, ten in a request`() async throws {
        let moto = try await MotoServer()
        let (topic, queue) = try await moto.makeTopic("orders")
        let messages = (0..<23).map { index in
            OutboxMessage.sample(
                id: "id-\(index)", key: "k\(index)",
                body: "{\"n\":\(index),\"word\":\"Größe & <b>\"}",
                headers: ["mink-id": "id-\(index)", "mink-key": "k\(index)"])
        }

        let outcomes = try await Self.publisher(moto, topic: topic)
            .publish(messages, within: .seconds(30))

        let received = try await moto.receive(23, from: queue)
        #expect(outcomes == messages.map { _ in .accepted() })
        #expect(
            Set(received.map(\.body))
                == Set(messages.map { String(decoding: $0.body, as: UTF8.self) }))
        #expect(Set(received.compactMap { $0.attributes["mink-id"] }).count == 23)
    }

    @Test func `keeps order per key on a FIFO topic, and what came already is dropped there`()
        async throws
    {
        let moto = try await MotoServer()
        let (topic, queue) = try await moto.makeTopic("orders.fifo")
        let publisher = try Self.publisher(moto, topic: topic)

        for number in [0, 1, 1, 2] {
            let messages = ["a", "b"].map { key in
                OutboxMessage.sample(id: "\(key)-\(number)", key: key, body: "\(key)\(number)")
            }
            let outcomes = await publisher.publish(messages, within: .seconds(30))
            #expect(outcomes == [.accepted(), .accepted()])
        }

        let received = try await moto.receive(6, from: queue).map(\.body)
        #expect(received.filter { $0.hasPrefix("a") } == ["a0", "a1", "a2"])
        #expect(received.filter { $0.hasPrefix("b") } == ["b0", "b1", "b2"])
    }

    @Test func `rejects what is too large, and sends the rest`() async throws {
        let moto = try await MotoServer()
        let (topic, _) = try await moto.makeTopic("orders")
        let large = OutboxMessage.sample(body: String(repeating: "x", count: 262_145))

        let outcomes = try await Self.publisher(moto, topic: topic)
            .publish([.sample(), large, .sample()], within: .seconds(30))

        #expect(
            outcomes == [
                .accepted(),
                .rejected("the message is larger than the 256 KB that SNS takes"), .accepted(),
            ])
    }

    @Test func `fails where there is no such topic, in the words of SNS`() async throws {
        let moto = try await MotoServer()

        let outcomes = try await Self.publisher(
            moto, topic: "arn:aws:sns:\(MotoServer.region):123456789012:nothing"
        ).publish([.sample()], within: .seconds(30))

        #expect(
            outcomes.first?.reason?.hasPrefix("SNS answered 404: NotFound") == true, "\(outcomes)")
    }

    @Test(arguments: [
        ("orders", "is no topic; write its ARN"),
        ("arn:aws:sqs:eu-central-1:123456789012:orders", "is no topic; write its ARN"),
        ("arn:aws:sns:us-east-1:123456789012:orders", "is not in the region \"eu-central-1\""),
    ])
    func `takes only a topic of its region`(topic: String, words: String) throws {
        let client = try HTTPClient()
        let error = #expect(throws: PublisherError.self) {
            try SNSPublisher(
                topic: topic, region: MotoServer.region, credentials: MotoServer.credentials,
                client: client)
        }

        #expect(error?.message.contains(words) == true)
    }
}
