// Webhooks over real sockets of this machine.
import MinkExpression
import MinkStore
import Synchronization
import Testing

@testable import MinkPublishers

@Suite("A webhook publisher", .timeLimit(.minutes(15)))
struct WebhookPublisherTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private let client: HTTPClient

    init() throws { client = try HTTPClient() }

    private func publisher(
        _ address: String, secrets: [String] = [secret], allowLoopback: Bool = true
    ) throws -> WebhookPublisher {
        var options = WebhookPublisher.Options()
        options.policy.allowLoopback = allowLoopback
        return WebhookPublisher(
            address: try WebAddress(address),
            secrets: try secrets.map { try WebhookSecret(Secret($0)) }, client: client,
            options: options)
    }

    /// What a receiver's answer leads to.
    private func outcome(
        of answer: HTTPSink.Answer, within limit: Duration = .seconds(20)
    ) async throws -> PublishOutcome? {
        let sink = try HTTPSink { _ in answer }
        defer { sink.stop() }
        return try await publisher(sink.address).publish([.sample()], within: limit).first
    }

    @Test func `sends the body with the message's headers and a signature that can be verified`()
        async throws
    {
        let seen = Mutex<HTTPSink.Request?>(nil)
        let sink = try HTTPSink { request in
            seen.withLock { $0 = request }
            return HTTPSink.Answer()
        }
        defer { sink.stop() }
        let message = OutboxMessage.sample(
            headers: ["mink-key": "o-1\r\nX-Evil: 1", "mink-tenant": "münchen", "a b": "no name"])

        let outcomes = try await publisher(sink.address).publish([message], within: .seconds(20))

        let request = try #require(seen.withLock { $0 })
        #expect(outcomes == [.accepted()])
        #expect(request.line == "POST / HTTP/1.1")
        #expect(request.body == message.body)
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["mink-key"] == "o-1%0D%0AX-Evil: 1")
        #expect(request.headers["mink-tenant"] == "m%C3%BCnchen")
        #expect(request.headers["x-evil"] == nil)
        #expect(request.headers["webhook-id"] == message.id)
        try WebhookVerifier(secrets: [WebhookSecret(Secret(Self.secret))])
            .verify(headers: request.headers, body: request.body, at: MachineTime.now())
    }

    @Test func `signs with each secret while one is being replaced`() async throws {
        let seen = Mutex("")
        let sink = try HTTPSink { request in
            seen.withLock { $0 = request.headers["webhook-signature"] ?? "" }
            return HTTPSink.Answer()
        }
        defer { sink.stop() }
        let new = "whsec_" + String(repeating: "B", count: 32)

        _ = try await publisher(sink.address, secrets: [new, Self.secret])
            .publish([.sample()], within: .seconds(20))

        #expect(seen.withLock { $0 }.split(separator: " ").count == 2)
    }

    @Test(
        arguments: [
            (HTTPSink.Answer(), PublishOutcome.accepted()),
            (.init(204), .accepted()),
            (.init(200, json: "{}"), .accepted()),
            (
                .init(
                    200,
                    json: """
                        {"events": [{"type": "Paid", "data": {"amount": 10.50, "big": 12345678901234567890}},
                                    {"type": "Closed"}], "result": {"id": 7}}
                        """),
                .accepted(
                    events: [
                        PublishedAnswer(
                            type: "Paid", data: "{\"amount\":10.50,\"big\":12345678901234567890}"),
                        PublishedAnswer(type: "Closed", data: "{}"),
                    ], result: .object(["id": 7]))
            ),
            (
                .init(200, json: "{\"events\": ["),
                .failed(
                    "the receiver took it, but its answer can not be read: 1:13: expected \"]\" "
                        + "for the \"[\" at 1:12, found the end")
            ),
            (
                .init(200, json: "{\"events\": {}}"),
                .failed(
                    "the receiver took it, but its answer can not be read: \"events\" is no list")
            ),
            (
                .init(200, json: "{\"events\": [{\"data\": {}}]}"),
                .failed(
                    "the receiver took it, but its answer can not be read: event 1 has no \"type\"")
            ),
            (
                .init(200, json: "{\"events\": [{\"type\": \"A\", \"data\": 1}]}"),
                .failed(
                    "the receiver took it, but its answer can not be read: \"data\" of event 1 is no "
                        + "object")
            ),
            (
                .init(301, headers: ["Location": "http://127.0.0.1:1/"]),
                .failed("the receiver answered 301: it has moved; change the address")
            ),
            (.init(404), .failed("the receiver answered 404")),
            (.init(410), .rejected("the receiver answered 410: it is gone")),
            (.init(413), .rejected("the receiver answered 413: the message is too large")),
            (.init(422, json: "{\"reason\": \"card closed\"}"), .rejected("card closed")),
            (.init(422), .rejected("the receiver answered 422: it refuses the message")),
            (.init(500), .failed("the receiver answered 500")),
            (
                .init(503, headers: ["Retry-After": "7"]),
                .failed("the receiver answered 503", retryAfter: .seconds(7))
            ),
        ] as [(HTTPSink.Answer, PublishOutcome)])
    func `takes the receiver at its word`(
        answer: HTTPSink.Answer, expected: PublishOutcome
    ) async throws {
        #expect(try await outcome(of: answer) == expected)
    }

    @Test(arguments: [(64 << 10, true), ((64 << 10) + 1, false)])
    func `reads at most 64 KB of an answer`(size: Int, isTaken: Bool) async throws {
        var answer = HTTPSink.Answer()
        answer.body = Array(repeating: 0x20, count: size)

        #expect(
            try await outcome(of: answer)
                == (isTaken ? .accepted() : .failed("the answer is larger than 64 KB")))
    }

    @Test func `reads at most 64 KB of an answer's head`() async throws {
        var answer = HTTPSink.Answer()
        for index in 0..<70 { answer.headers["H\(index)"] = String(repeating: "x", count: 1_000) }

        #expect(try await outcome(of: answer) == .failed("the answer is larger than 64 KB"))
    }

    @Test func `waits no longer than it may`() async throws {
        var answer = HTTPSink.Answer()
        answer.delay = .seconds(600)
        let start = ContinuousClock.now

        let outcome = try await outcome(of: answer, within: .milliseconds(100))

        #expect(outcome == .timedOut)
        #expect(start.duration(to: .now) < .seconds(300))
    }

    @Test func `fails where the receiver hangs up, and where nobody listens`() async throws {
        var answer = HTTPSink.Answer()
        answer.hangsUp = true
        let sink = try HTTPSink { [answer] _ in answer }
        sink.stop()

        let hung = try await outcome(of: answer)
        let closed = try await publisher(sink.address).publish([.sample()], within: .seconds(5))

        #expect(hung?.isFailure == true)
        #expect(closed.first?.isFailure == true)
    }

    @Test func `sends nothing more to a receiver that is gone`() async throws {
        let count = Mutex(0)
        let sink = try HTTPSink { _ in
            count.withLock { $0 += 1 }
            return HTTPSink.Answer(410)
        }
        defer { sink.stop() }
        let publisher = try publisher(sink.address)

        for _ in 0..<3 {
            let outcomes = await publisher.publish([.sample()], within: .seconds(5))
            #expect(outcomes.first?.isRejection == true)
        }

        #expect(count.withLock { $0 } == 1)
    }

    @Test(arguments: [
        "http://localhost:1/", "https://localhost:1/", "http://127.0.0.1:1/", "https://[::1]:1/",
        "https://2130706433:1/", "http://169.254.169.254/latest/meta-data/", "https://10.0.0.1/",
        "https://[::ffff:127.0.0.1]:1/",
    ])
    func `never calls into a network that not everyone can reach`(address: String) async throws {
        let outcomes = try await publisher(address, allowLoopback: false)
            .publish([.sample()], within: .seconds(5))

        let reason = outcomes.first?.reason ?? ""
        #expect(reason.hasSuffix("calls into this network are not allowed"), "\(reason)")
    }

    @Test func `checks the address of a name again when the socket is opened`() async throws {
        let sink = try HTTPSink { _ in HTTPSink.Answer() }
        defer { sink.stop() }
        let policy = AddressPolicy()
        let web = try WebAddress("http://localhost:\(sink.port)/")
        let result = Mutex<Result<HTTPAnswer, HTTPFailure>?>(nil)
        let transfer = HTTPTransfer(
            number: 1,
            request: HTTPRequest(
                address: web, headers: [], body: [], policy: policy, timeLimit: .seconds(5))
        ) { end in result.withLock { $0 = end } }
        // As if the look-up had found a public address, and the call went elsewhere.
        let desk = SocketProbe(transfer)

        desk.call(pinnedTo: "127.0.0.1")

        #expect(
            result.withLock { $0?.failure }
                == .refused("\"localhost\" led to an address that may not be called"))
    }

    @Test func `lets a cancelled task go at once`() async throws {
        var answer = HTTPSink.Answer()
        answer.delay = .seconds(600)
        let sink = try HTTPSink { [answer] _ in answer }
        defer { sink.stop() }
        let publisher = try publisher(sink.address)
        let start = ContinuousClock.now

        let task = Task { await publisher.publish([.sample()], within: .seconds(400)) }
        try await Task.sleep(for: .milliseconds(100))
        task.cancel()

        #expect(await task.value == [.failed("it was stopped")])
        #expect(start.duration(to: .now) < .seconds(300))
    }

    @Test func `fails what is under way when the client stops, and all that comes later`()
        async throws
    {
        var answer = HTTPSink.Answer()
        answer.delay = .seconds(600)
        let sink = try HTTPSink { [answer] _ in answer }
        defer { sink.stop() }
        let publisher = try publisher(sink.address)

        let task = Task { await publisher.publish([.sample()], within: .seconds(20)) }
        try await Task.sleep(for: .milliseconds(100))
        client.stop()

        #expect(await task.value == [.failed("it was stopped")])
        #expect(
            await publisher.publish([.sample()], within: .seconds(1)) == [.failed("it was stopped")]
        )
    }

    @Test func `is not held up by a receiver that takes its time`() async throws {
        let slow = try HTTPSink { _ in
            var answer = HTTPSink.Answer()
            answer.delay = .seconds(600)
            return answer
        }
        let quick = try HTTPSink { _ in HTTPSink.Answer() }
        defer {
            slow.stop()
            quick.stop()
        }
        let (first, second) = (try publisher(slow.address), try publisher(quick.address))
        let messages = (0..<20).map { OutboxMessage.sample(key: "k\($0)") }

        let waiting = Task { await first.publish(messages, within: .seconds(400)) }
        let start = ContinuousClock.now
        let outcomes = await second.publish(messages, within: .seconds(300))
        let took = start.duration(to: .now)

        #expect(outcomes == messages.map { _ in .accepted() })
        #expect(took < .seconds(300))
        waiting.cancel()
        _ = await waiting.value
    }
}

extension Result {
    fileprivate var failure: Failure? {
        guard case .failure(let failure) = self else { return nil }
        return failure
    }
}
