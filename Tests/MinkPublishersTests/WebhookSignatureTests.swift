// Signatures of webhooks, held against the vectors of the Standard Webhooks specification.
import MinkExpression
import MinkStore
import Testing

@testable import MinkPublishers

@Suite("A signature of a webhook")
struct WebhookSignatureTests {
    /// The values with which the specification's own libraries are tested.
    private static let text = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private static let body = Array("{\"test\": 2432232314}".utf8)
    private static let seconds: Int64 = 1_614_265_330
    private static let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    private static func secret(_ text: String = text) throws -> WebhookSecret {
        try WebhookSecret(Secret(text))
    }

    private static func headers(_ changes: [String: String?] = [:]) -> [String: String] {
        var headers: [String: String] = [
            "webhook-id": id, "webhook-timestamp": String(seconds), "webhook-signature": expected,
        ]
        for (name, value) in changes { headers[name] = value }
        return headers
    }

    private func verify(
        _ headers: [String: String], body: [UInt8] = body, after delay: Int64 = 0
    ) throws {
        let now = try #require(Timestamp(seconds: Self.seconds + delay))
        try WebhookVerifier(secrets: [Self.secret()]).verify(headers: headers, body: body, at: now)
    }

    @Test(arguments: [text, "whsec_" + text])
    func `is that of the specification, with the prefix or without`(text: String) throws {
        let signature = try Self.secret(text)
            .signature(id: Self.id, timestamp: Self.seconds, body: Self.body)

        #expect(signature == Self.expected)
    }

    @Test(arguments: [
        "", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all, but long enough!",
        "whsec_" + String(repeating: "A", count: 88),
    ])
    func `needs a secret of 24 to 64 bytes in base64, which no message shows`(text: String) {
        let error = #expect(throws: PublisherError.self) { try Self.secret(text) }

        #expect(error.map { text.count < 8 || !$0.message.contains(text) } == true)
    }

    @Test func `is taken when it is one of several`() throws {
        let others = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
        let all = "\(others) v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= \(Self.expected)"

        try verify(Self.headers(["webhook-signature": all + " " + others]))
    }

    @Test func `of either secret is taken while one is being replaced`() throws {
        let new = try Self.secret("whsec_" + String(repeating: "B", count: 32))
        let now = try #require(Timestamp(seconds: Self.seconds))

        try WebhookVerifier(secrets: [new, Self.secret()])
            .verify(headers: Self.headers(), body: Self.body, at: now)
    }

    @Test(
        arguments: [
            (["webhook-id": nil], 0, WebhookRefusal.missingHeader),
            (["webhook-timestamp": nil], 0, .missingHeader),
            (["webhook-signature": nil], 0, .missingHeader),
            (["webhook-timestamp": "hello"], 0, .badTimestamp),
            (["webhook-timestamp": "+1614265330"], 0, .badTimestamp),
            (["webhook-timestamp": "99999999999999999999"], 0, .badTimestamp),
            (["webhook-signature": "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="], 0, .noMatch),
            (["webhook-signature": "v1,"], 0, .noMatch),
            (["webhook-signature": "v1,g0hM9S"], 0, .noMatch),
            (
                ["webhook-signature": "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="], 0,
                .noMatch
            ),
            (["webhook-id": "msg_other"], 0, .noMatch),
            // The text is what is signed: another way to write the same moment is another message.
            (["webhook-timestamp": "01614265330"], 0, .noMatch),
            ([:], 301, .tooOld),
            ([:], -301, .tooNew),
        ] as [([String: String?], Int64, WebhookRefusal)])
    func `is refused`(
        changes: [String: String?], delay: Int64, refusal: WebhookRefusal
    ) {
        #expect(throws: refusal) { try verify(Self.headers(changes), after: delay) }
    }

    @Test(arguments: [-300, 300] as [Int64])
    func `is good for five minutes to both sides`(delay: Int64) throws {
        try verify(Self.headers(), after: delay)
    }

    @Test func `covers the body`() {
        #expect(throws: WebhookRefusal.noMatch) {
            try verify(Self.headers(), body: Self.body + [0x20])
        }
    }
}

@Suite("The retry schedule of webhooks")
struct WebhookRetryScheduleTests {
    @Test(
        arguments: [
            (1, .zero), (2, .seconds(5)), (3, .seconds(300)), (4, .seconds(1_800)),
            (5, .seconds(7_200)), (6, .seconds(18_000)), (7, .seconds(36_000)),
            (8, .seconds(50_400)), (9, .seconds(72_000)), (10, .seconds(86_400)), (11, nil),
            (0, nil),
            (Int.min + 1, nil),
        ] as [(Int, Duration?)])
    func `is that of the specification`(attempt: Int, delay: Duration?) {
        #expect(WebhookRetrySchedule.standard.delay(beforeAttempt: attempt) == delay)
    }

    @Test func `spans 75 hours, 35 minutes and 5 seconds`() {
        let total = WebhookRetrySchedule.standard.delays.reduce(.zero, +)

        #expect(total == .seconds(75 * 3_600 + 35 * 60 + 5))
    }

    @Test func `waits as long as the receiver asks`() {
        let delay = WebhookRetrySchedule.standard
            .delay(beforeAttempt: 2, retryAfter: .seconds(60))

        #expect(delay == .seconds(60))
    }

    @Test(
        arguments: [
            ("120", .seconds(120)), ("0", .zero), ("99999999", .seconds(86_400)),
            ("99999999999999999999999", .seconds(86_400)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", .seconds(37)),
            ("Sun, 06 Nov 1994 08:48:37 GMT", .zero), ("soon", nil), ("", nil), ("-1", nil),
            ("1.5", nil),
            ("Sun, 32 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 8h GMT", nil),
        ] as [(String, Duration?)])
    func `reads the header as seconds or as a date`(text: String, delay: Duration?) throws {
        let now = try #require(Timestamp("1994-11-06T08:49:00Z"))

        #expect(RetryAfter.delay(text, at: now) == delay)
    }
}
