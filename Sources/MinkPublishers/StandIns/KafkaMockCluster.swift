// A cluster of Kafka inside of this process, as librdkafka brings it for tests: it speaks the
// protocol over sockets of this machine, and its brokers can go away and come back.
import CRdKafka
package import MinkStore
import Synchronization

/// A cluster for tests and measurements.
package final class KafkaMockCluster: Sendable {
    // Both may be used by several threads, as librdkafka says.
    private nonisolated(unsafe) let client: OpaquePointer
    private nonisolated(unsafe) let cluster: OpaquePointer

    /// Its brokers, as clients are told.
    package let brokers: String

    /// Starts so many brokers.
    package init(brokerCount: Int = 3) throws(PublisherError) {
        let settings = rd_kafka_conf_new()
        rd_kafka_conf_set_log_cb(settings) { _, _, _, _ in }
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, settings, nil, 0) else {
            rd_kafka_conf_destroy(settings)
            throw PublisherError("no cluster can be started; free some memory")
        }
        guard let cluster = rd_kafka_mock_cluster_new(client, Int32(clamping: brokerCount)),
            let brokers = rd_kafka_mock_cluster_bootstraps(cluster)
        else {
            rd_kafka_destroy(client)
            throw PublisherError("no cluster can be started; free some memory")
        }
        (self.client, self.cluster) = (client, cluster)
        self.brokers = String(cString: brokers)
    }

    deinit {
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(client)
    }

    /// Makes a topic with so many partitions.
    package func addTopic(_ name: String, partitions: Int) {
        rd_kafka_mock_topic_create(cluster, name, Int32(clamping: partitions), 1)
    }

    /// Lets a broker, counted from 1, go away: connections break, and new ones are refused.
    package func takeDown(_ broker: Int) {
        rd_kafka_mock_broker_set_down(cluster, Int32(clamping: broker))
    }

    /// Lets a broker come back.
    package func bringUp(_ broker: Int) {
        rd_kafka_mock_broker_set_up(cluster, Int32(clamping: broker))
    }
}
