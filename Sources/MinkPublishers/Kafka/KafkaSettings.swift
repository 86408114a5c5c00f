// How librdkafka is set up: what this module decides, and what operators may add.
import CRdKafka
import MinkStore

/// What every client of a cluster is told.
public struct KafkaOptions: Sendable {
    /// The brokers to begin with, separated by commas.
    public var brokers: String
    /// Further settings of librdkafka, such as those of encryption and login; those that decide
    /// about loss, order and acknowledgement can not be set.
    public var settings: [String: Secret] = [:]
    /// How long a message is tried before it counts as failed; 30 s unless told.
    public var messageTimeout: Duration = .seconds(30)
    /// How long stopping waits for what is under way; 10 s unless told.
    public var flushLimit: Duration = .seconds(10)
    /// How often figures are told; 10 s unless told.
    public var statisticsInterval: Duration = .seconds(10)
    /// Takes the figures, in a thread of the client: it must not wait.
    public var onStatistics: @Sendable (KafkaStatistics) -> Void = { _ in }
    /// Takes what librdkafka says of its connections; silent unless told.
    public var log: @Sendable (_ message: String) -> Void = { _ in }

    /// Options.
    ///
    /// - Parameter brokers: The brokers to begin with, separated by commas.
    public init(brokers: String) {
        self.brokers = brokers
    }
}

/// Builds librdkafka's settings.
struct KafkaSettings: ~Copyable {
    private var conf: OpaquePointer?

    /// What decides about loss, order and acknowledgement is ours.
    private static let ours: Set<String> = [
        "acks", "request.required.acks", "enable.idempotence", "enable.gapless.guarantee",
        "max.in.flight", "max.in.flight.requests.per.connection", "message.timeout.ms",
        "delivery.timeout.ms", "bootstrap.servers", "metadata.broker.list",
        "statistics.interval.ms", "transactional.id", "group.id", "enable.auto.commit",
        "auto.commit.enable", "enable.auto.offset.store", "plugin.library.paths",
        "delivery.report.only.error",
    ]

    init(_ options: KafkaOptions, hooks: KafkaHooks) throws(PublisherError) {
        conf = rd_kafka_conf_new()
        try set("bootstrap.servers", options.brokers)
        try set("client.id", "mink-workflow")
        try set(
            "statistics.interval.ms", String(max(1, options.statisticsInterval.milliseconds)))
        for (name, value) in options.settings.sorted(by: { $0.key < $1.key }) {
            guard !Self.ours.contains(name) else {
                throw PublisherError("the setting \"\(name)\" of Kafka can not be changed")
            }
            try set(name, value.text)
        }
        rd_kafka_conf_set_opaque(conf, Unmanaged.passUnretained(hooks).toOpaque())
        rd_kafka_conf_set_stats_cb(conf) { _, text, count, opaque in
            guard let text, let hooks = KafkaHooks.at(opaque) else { return 0 }
            hooks.tell(UnsafeRawBufferPointer(start: text, count: count))
            return 0
        }
        rd_kafka_conf_set_log_cb(conf) { client, _, _, text in
            guard let text, let opaque = client.flatMap({ rd_kafka_opaque($0) }),
                let hooks = KafkaHooks.at(opaque)
            else { return }
            hooks.options.log(String(cString: text))
        }
    }

    deinit {
        if let conf { rd_kafka_conf_destroy(conf) }
    }

    /// Sets one property.
    mutating func set(_ name: String, _ value: String) throws(PublisherError) {
        // What librdkafka says of a wrong value may contain the value, which may be a secret.
        switch rd_kafka_conf_set(conf, name, value, nil, 0) {
        case RD_KAFKA_CONF_OK: return
        case RD_KAFKA_CONF_UNKNOWN:
            throw PublisherError("Kafka has no setting \"\(name)\"")
        default:
            throw PublisherError("the setting \"\(name)\" of Kafka does not take this value")
        }
    }

    /// Lets a body add functions that librdkafka calls.
    func add(_ body: (OpaquePointer?) -> Void) { body(conf) }

    /// Makes a client, which takes the settings over.
    consuming func makeClient(_ kind: rd_kafka_type_t) throws(PublisherError) -> OpaquePointer {
        var words = [CChar](repeating: 0, count: 512)
        guard let client = rd_kafka_new(kind, conf, &words, words.count) else {
            let text = words.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.map { String(cString: $0) } ?? ""
            }
            throw PublisherError("Kafka can not be used: \(text)")
        }
        conf = nil
        return client
    }
}

/// What librdkafka's functions lead to; it lives as long as the client.
final class KafkaHooks: Sendable {
    let options: KafkaOptions
    /// What a consumer is gathering; `nil` for producers.
    let gathering: KafkaGathering?

    init(_ options: KafkaOptions, gathering: KafkaGathering? = nil) {
        self.options = options
        self.gathering = gathering
    }

    static func at(_ opaque: UnsafeMutableRawPointer?) -> KafkaHooks? {
        opaque.map { Unmanaged<KafkaHooks>.fromOpaque($0).takeUnretainedValue() }
    }

    func tell(_ text: UnsafeRawBufferPointer) {
        if let figures = KafkaStatistics(json: Array(text)) { options.onStatistics(figures) }
    }
}
