// The messages that a consumer has polled and that are not committed yet, with the partitions that
// they come from.
import CRdKafka
import MinkExpression

/// The batch that is being gathered.
///
/// It belongs to the consumer's own thread.
final class KafkaGathering: @unchecked Sendable {
    struct Partition: Hashable {
        let topic: String
        let number: Int32
    }

    struct Entry {
        let partition: Partition
        let offset: Int64
        let message: IncomingMessage
    }

    var messages: [Entry] = []

    /// The last offset of each partition.
    var offsets: [Partition: Int64] {
        Dictionary(messages.map { ($0.partition, $0.offset) }, uniquingKeysWith: max)
    }

    func add(_ message: UnsafeMutablePointer<rd_kafka_message_t>) {
        let raw = message.pointee
        let topic = rd_kafka_topic_name(raw.rkt).map { String(cString: $0) } ?? ""
        let key = UnsafeRawBufferPointer(start: raw.key, count: raw.key == nil ? 0 : raw.key_len)
        let body = UnsafeRawBufferPointer(
            start: raw.payload, count: raw.payload == nil ? 0 : raw.len)
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let milliseconds = rd_kafka_message_timestamp(message, &kind)
        let time = Timestamp(
            nanosecondsSince1970: Int128(max(0, milliseconds)) * 1_000_000)
        messages.append(
            Entry(
                partition: Partition(topic: topic, number: raw.partition), offset: raw.offset,
                message: IncomingMessage(
                    place: "\(topic)/\(raw.partition)/\(raw.offset)",
                    key: String(decoding: key, as: UTF8.self), body: Array(body),
                    headers: Self.headers(of: message), time: time ?? .earliest)))
    }

    private static func headers(
        of message: UnsafeMutablePointer<rd_kafka_message_t>
    ) -> [String: String] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR else {
            return [:]
        }
        var headers: [String: String] = [:]
        var (index, name, value, size) = (0, UnsafePointer<CChar>?.none, UnsafeRawPointer?.none, 0)
        while rd_kafka_header_get_all(list, index, &name, &value, &size)
            == RD_KAFKA_RESP_ERR_NO_ERROR
        {
            if let name, let value {
                let bytes = UnsafeRawBufferPointer(start: value, count: size)
                headers[String(cString: name)] = String(decoding: bytes, as: UTF8.self)
            }
            index += 1
        }
        return headers
    }

    /// Takes partitions on, or lets them go together with their messages in the batch.
    func didRebalance(
        _ client: OpaquePointer, _ error: rd_kafka_resp_err_t,
        _ partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
    ) {
        let protocolName = rd_kafka_rebalance_protocol(client).map { String(cString: $0) }
        let isCooperative = protocolName == "COOPERATIVE"
        if error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            if isCooperative {
                rd_kafka_error_destroy(rd_kafka_incremental_assign(client, partitions))
            } else {
                rd_kafka_assign(client, partitions)
            }
            return
        }
        let list = partitions.pointee
        let gone = (0..<Int(list.cnt)).map { index in
            Partition(
                topic: String(cString: list.elems[index].topic),
                number: list.elems[index].partition)
        }
        messages.removeAll { gone.contains($0.partition) }
        if isCooperative {
            rd_kafka_error_destroy(rd_kafka_incremental_unassign(client, partitions))
        } else {
            rd_kafka_assign(client, nil)
        }
    }
}
