// The figures of a client of Kafka that operators watch, out of the many that librdkafka tells.
import MinkExpression

/// How a client of Kafka stands.
public struct KafkaStatistics: Sendable, Hashable {
    /// Messages that wait for their report, a gauge.
    public let waitingMessages: Int64
    /// Their bytes, a gauge.
    public let waitingBytes: Int64
    /// Messages that were sent, a counter.
    public let sentMessages: Int64
    /// Messages that were received, a counter.
    public let receivedMessages: Int64
    /// Requests that were sent again, over all brokers, a counter.
    public let retries: Int64
    /// Requests that nobody answered in time, over all brokers, a counter.
    public let timeouts: Int64
    /// Brokers that are connected, a gauge.
    public let connectedBrokers: Int
    /// The longest of the brokers' round trips, at the 99th percentile, a gauge.
    public let roundTrip: Duration

    /// Reads what librdkafka tells; `nil` for what is no such text.
    init?(json: [UInt8]) {
        guard let root = try? Value(json: json, limits: .library),
            let waiting = root.number("msg_cnt")
        else { return nil }
        waitingMessages = waiting
        waitingBytes = root.number("msg_size") ?? 0
        sentMessages = root.number("txmsgs") ?? 0
        receivedMessages = root.number("rxmsgs") ?? 0
        // Besides the real brokers, the list has entries that stand for none, with number -1.
        let listed: [Value] = root["brokers"].map(\.memberValues) ?? []
        let brokers: [Value] = listed.filter { ($0.number("nodeid") ?? -1) >= 0 }
        retries = brokers.reduce(0) { $0 &+ ($1.number("txretries") ?? 0) }
        timeouts = brokers.reduce(0) { $0 &+ ($1.number("req_timeouts") ?? 0) }
        connectedBrokers = brokers.count { $0["state"] == .string("UP") }
        roundTrip = .microseconds(brokers.compactMap { $0["rtt"]?.number("p99") }.max() ?? 0)
    }
}

extension Value {
    fileprivate func number(_ name: String) -> Int64? {
        guard case .int(let number) = self[name] else { return nil }
        return number
    }

    fileprivate var memberValues: [Value] {
        guard case .map(let map) = self else { return [] }
        return map.entries.map(\.value)
    }
}
