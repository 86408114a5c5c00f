// Sends messages to a web address, signed after Standard Webhooks.
public import MinkExpression
public import MinkStore
import Synchronization

/// Publishes to a webhook.
///
/// Each message is one request: `POST` with the message's body, the signature's three headers, and
/// the message's own headers. The messages of a batch go side by side.
///
/// ```swift
/// let payments = try WebhookPublisher(
///     address: WebAddress("https://payments.example/commands"),
///     secrets: [WebhookSecret(Secret(whsec))], client: HTTPClient())
/// ```
public final class WebhookPublisher: Publisher {
    /// What can be told besides the address.
    public struct Options: Sendable {
        /// Which addresses may be called.
        public var policy = AddressPolicy()
        /// How long one request may take, if the caller does not say less; 30 s unless told.
        public var timeLimit: Duration = .seconds(30)
        /// The present moment, for signatures.
        public var now: @Sendable () -> Timestamp = MachineTime.now

        /// The defaults.
        public init() {}
    }

    private let address: WebAddress
    private let secrets: [WebhookSecret]
    private let client: HTTPClient
    private let options: Options
    /// Whether the receiver said that it is gone.
    private let isGone = Mutex(false)

    /// A publisher.
    ///
    /// - Parameters:
    ///   - address: Where the receiver is.
    ///   - secrets: What messages are signed with, the newest first; without one they are not
    ///     signed.
    ///   - client: Sends the requests; several publishers may share one.
    ///   - options: What else can be told.
    public init(
        address: WebAddress, secrets: [WebhookSecret], client: HTTPClient,
        options: Options = Options()
    ) {
        self.address = address
        self.secrets = secrets
        self.client = client
        self.options = options
    }

    /// Sends messages, each in a request of its own.
    public func publish(
        _ messages: [OutboxMessage], within limit: Duration
    ) async -> [PublishOutcome] {
        if let message = messages.first, messages.count == 1 {
            return [await publish(message, within: limit)]
        }
        return await withTaskGroup { group in
            for (index, message) in messages.enumerated() {
                group.addTask { (index, await self.publish(message, within: limit)) }
            }
            var outcomes = [PublishOutcome](repeating: .timedOut, count: messages.count)
            for await (index, outcome) in group { outcomes[index] = outcome }
            return outcomes
        }
    }

    private func publish(
        _ message: OutboxMessage, within limit: Duration
    ) async -> PublishOutcome {
        guard !isGone.withLock({ $0 }) else {
            return .rejected("the receiver said that it is gone; remove or change the destination")
        }
        let now = options.now()
        let request = HTTPRequest(
            address: address, headers: headers(of: message, at: now), body: message.body,
            policy: options.policy, timeLimit: min(limit, options.timeLimit))
        do throws(HTTPFailure) {
            let answer = try await client.send(request)
            if answer.status == 410 { isGone.withLock { $0 = true } }
            return answer.webhookOutcome(at: now)
        } catch {
            return error.outcome
        }
    }

    private func headers(
        of message: OutboxMessage, at now: Timestamp
    ) -> [(name: String, value: String)] {
        var headers = [
            (name: "Content-Type", value: "application/json"),
            (name: "User-Agent", value: "mink-workflow"),
        ]
        headers += message.headers.filter { HeaderText.isName($0.key) }
            .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let id = HeaderText.encode(message.id)
        headers.append((WebhookVerifier.Header.id, message.id))
        headers.append((WebhookVerifier.Header.timestamp, String(now.seconds)))
        if !secrets.isEmpty {
            let signatures = secrets.map {
                $0.signature(id: id, timestamp: now.seconds, body: message.body)
            }
            headers.append((WebhookVerifier.Header.signature, signatures.joined(separator: " ")))
        }
        return headers
    }
}
