// When a webhook that failed is tried again, as a value.

/// The waits before the tries of one message.
public struct WebhookRetrySchedule: Sendable, Hashable {
    /// The waits, the first one before the first try.
    public let delays: [Duration]

    /// A schedule.
    ///
    /// - Parameter delays: The wait before each try; as many tries are made.
    public init(_ delays: [Duration]) {
        self.delays = delays
    }

    /// The schedule that the Standard Webhooks specification shows: ten tries over 75 hours.
    public static let standard = WebhookRetrySchedule([
        .zero, .seconds(5), .seconds(5 * 60), .seconds(30 * 60), .seconds(2 * 3_600),
        .seconds(5 * 3_600), .seconds(10 * 3_600), .seconds(14 * 3_600), .seconds(20 * 3_600),
        .seconds(24 * 3_600),
    ])

    /// The wait before a try.
    ///
    /// Carries no jitter, which the caller adds.
    ///
    /// - Parameters:
    ///   - attempt: The try about to be made, from 1.
    ///   - retryAfter: What the receiver asked for; waiting less is not polite.
    /// - Returns: The longer one of both; `nil` when no tries are left.
    public func delay(beforeAttempt attempt: Int, retryAfter: Duration? = nil) -> Duration? {
        guard delays.indices.contains(attempt - 1) else { return nil }
        return max(delays[attempt - 1], retryAfter ?? .zero)
    }
}
