// Sends messages to a topic of Amazon SNS, over the same HTTP client as webhooks.
public import MinkExpression
public import MinkStore

/// Publishes to a topic of SNS.
///
/// On a FIFO topic the key is the group, so that order per key holds, and the id is the
/// deduplication id. Other topics of SNS promise no order.
public final class SNSPublisher: Publisher {
    /// What can be told besides the topic.
    public struct Options: Sendable {
        /// Where SNS is; the region's own address unless told.
        public var endpoint: WebAddress?
        /// Which addresses may be called.
        public var policy = AddressPolicy()
        /// How long one request may take, if the caller does not say less; 30 s unless told.
        public var timeLimit: Duration = .seconds(30)
        /// The present moment, for signatures.
        public var now: @Sendable () -> Timestamp = MachineTime.now

        /// The defaults.
        public init() {}
    }

    private let topic: String
    private let endpoint: WebAddress
    private let signature: SignatureV4
    private let client: HTTPClient
    private let options: Options

    /// A publisher.
    ///
    /// - Parameters:
    ///   - topic: The topic's ARN.
    ///   - region: The region of the topic.
    ///   - credentials: Who calls.
    ///   - client: Sends the requests; several publishers may share one.
    ///   - options: What else can be told.
    /// - Throws: ``MinkStore/PublisherError`` if the topic is no ARN of a topic in that region.
    public init(
        topic: String, region: String, credentials: AWSCredentials, client: HTTPClient,
        options: Options = Options()
    ) throws(PublisherError) {
        let parts = topic.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "sns", !parts[5].isEmpty else {
            throw PublisherError(
                "\"\(topic)\" is no topic; write its ARN, such as "
                    + "\"arn:aws:sns:\(region):123456789012:orders\"")
        }
        guard parts[3] == region else {
            throw PublisherError("the topic \"\(topic)\" is not in the region \"\(region)\"")
        }
        let domain = parts[1] == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"
        self.topic = topic
        if let endpoint = options.endpoint {
            self.endpoint = endpoint
        } else {
            endpoint = try WebAddress("https://sns.\(region).\(domain)/")
        }
        signature = SignatureV4(credentials: credentials, region: region, service: "sns")
        self.client = client
        self.options = options
    }

    /// Sends messages, ten in a request.
    public func publish(
        _ messages: [OutboxMessage], within limit: Duration
    ) async -> [PublishOutcome] {
        let entries = messages.map { SNSEntry($0, isOrdered: topic.hasSuffix(".fifo")) }
        let (batches, tooLarge) = SNSBatch.split(entries)
        var outcomes = [PublishOutcome](repeating: .timedOut, count: messages.count)
        for place in tooLarge {
            outcomes[place] = .rejected("the message is larger than the 256 KB that SNS takes")
        }
        await withTaskGroup { group in
            for batch in batches {
                group.addTask { (batch, await self.publish(batch, within: limit)) }
            }
            for await (batch, answers) in group {
                for (place, answer) in zip(batch.places, answers) { outcomes[place] = answer }
            }
        }
        return outcomes
    }

    private func publish(
        _ batch: SNSBatch, within limit: Duration
    ) async -> [PublishOutcome] {
        let now = options.now()
        let all = { (outcome: PublishOutcome) in
            [PublishOutcome](repeating: outcome, count: batch.entries.count)
        }
        do throws(HTTPFailure) {
            let answer = try await client.send(request(of: batch, at: now, within: limit))
            let text = String(decoding: answer.body, as: UTF8.self)
            guard answer.status == 200 else { return all(Self.failure(answer, text, at: now)) }
            let outcomes = SNSAnswer(text).outcomes
            return batch.entries.indices.map {
                outcomes["m\($0)"] ?? .failed("SNS did not say what became of it")
            }
        } catch {
            return all(error.outcome)
        }
    }

    private func request(
        of batch: SNSBatch, at now: Timestamp, within limit: Duration
    ) -> HTTPRequest {
        let body = FormText.encode(batch.form(topic: topic))
        let usualPort = endpoint.isEncrypted ? 443 : 80
        let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
        let headers = [
            (name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8"),
            (name: "Host", value: endpoint.port == usualPort ? host : "\(host):\(endpoint.port)"),
        ]
        let signed = signature.headers(
            for: SignatureV4.Request(headers: headers, body: body), at: now)
        return HTTPRequest(
            address: endpoint, headers: headers + signed, body: body, policy: options.policy,
            timeLimit: min(limit, options.timeLimit))
    }

    /// What another status than 200 says; the whole request is the operator's to repair.
    private static func failure(
        _ answer: HTTPAnswer, _ text: String, at now: Timestamp
    ) -> PublishOutcome {
        let error = SNSAnswer.error(in: text)
        let words = error.map { ": \($0.code): \($0.message)" } ?? ""
        return .failed(
            "SNS answered \(answer.status)\(words)",
            retryAfter: RetryAfter.delay(answer.headers["retry-after"], at: now))
    }
}
