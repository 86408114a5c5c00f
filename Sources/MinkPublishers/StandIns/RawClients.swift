// The two client libraries used by hand, as fast as they go: what a measurement holds the publishers
// against.
import CCurl
import CRdKafka
package import MinkStore

/// librdkafka and libcurl without anything of ours around them.
package enum RawClients {
    /// Sends messages to a topic of Kafka with the settings of the publisher.
    ///
    /// - Parameters:
    ///   - messages: What is sent.
    ///   - topic: The topic.
    ///   - brokers: The brokers to begin with.
    /// - Returns: How many messages were acknowledged.
    /// - Throws: ``MinkStore/PublisherError`` if the library can not be used.
    package static func sendToKafka(
        _ messages: [OutboxMessage], topic: String, brokers: String
    ) throws(PublisherError) -> Int {
        let settings = rd_kafka_conf_new()
        for (name, value) in [
            ("bootstrap.servers", brokers), ("enable.idempotence", "true"), ("acks", "all"),
            ("linger.ms", "1"),
        ] {
            rd_kafka_conf_set(settings, name, value, nil, 0)
        }
        let counts = UnsafeMutablePointer<(accepted: Int, all: Int)>.allocate(capacity: 1)
        counts.initialize(to: (0, 0))
        defer { counts.deallocate() }
        rd_kafka_conf_set_opaque(settings, counts)
        rd_kafka_conf_set_dr_msg_cb(settings) { _, message, opaque in
            guard let message, let opaque else { return }
            let counts = opaque.assumingMemoryBound(to: (accepted: Int, all: Int).self)
            counts.pointee.all += 1
            if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR { counts.pointee.accepted += 1 }
        }
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, settings, nil, 0) else {
            rd_kafka_conf_destroy(settings)
            throw PublisherError("Kafka can not be used")
        }
        defer { rd_kafka_destroy(client) }
        for message in messages {
            let headers = rd_kafka_headers_new(message.headers.count)
            for (name, value) in message.headers {
                rd_kafka_header_add(headers, name, -1, value, value.utf8.count)
            }
            let key = Array(message.key.utf8)
            while mink_kafka_produce(
                client, topic, key, key.count, message.body, message.body.count, headers, nil)
                != RD_KAFKA_RESP_ERR_NO_ERROR
            {
                rd_kafka_poll(client, 1)
            }
            rd_kafka_poll(client, 0)
        }
        while counts.pointee.all < messages.count { rd_kafka_poll(client, 100) }
        return counts.pointee.accepted
    }

    /// Posts messages to a web address over connections that stay open.
    ///
    /// - Parameters:
    ///   - messages: What is sent.
    ///   - address: The address.
    ///   - connections: How many requests are under way at once.
    /// - Returns: How many were answered with 200.
    package static func post(
        _ messages: [OutboxMessage], to address: String, connections: Int
    ) -> Int {
        guard let multi = curl_multi_init() else { return 0 }
        defer { curl_multi_cleanup(multi) }
        var (rest, accepted, running) = (messages[...], 0, 0)
        var idle = (0..<connections).compactMap { _ in curl_easy_init() }
        let all = idle
        var lists: [UnsafeMutableRawPointer: UnsafeMutablePointer<curl_slist>] = [:]
        while !rest.isEmpty || running > 0 {
            while let message = rest.first, let handle = idle.popLast() {
                rest.removeFirst()
                running += 1
                curl_slist_free_all(lists[handle])
                lists[handle] = prepare(handle, message, address)
                curl_multi_add_handle(multi, handle)
            }
            var active: Int32 = 0
            curl_multi_perform(multi, &active)
            var left: Int32 = 0
            while let done = curl_multi_info_read(multi, &left) {
                guard done.pointee.msg == CURLMSG_DONE, let handle = done.pointee.easy_handle else {
                    continue
                }
                var status = 0
                mink_curl_get_number(handle, CURLINFO_RESPONSE_CODE, &status)
                if status == 200 { accepted += 1 }
                running -= 1
                curl_multi_remove_handle(multi, handle)
                idle.append(handle)
            }
            if running > 0, idle.isEmpty || rest.isEmpty {
                curl_multi_poll(multi, nil, 0, 100, nil)
            }
        }
        for list in lists.values { curl_slist_free_all(list) }
        for handle in all { curl_easy_cleanup(handle) }
        return accepted
    }

    private static func prepare(
        _ handle: UnsafeMutableRawPointer, _ message: OutboxMessage, _ address: String
    ) -> UnsafeMutablePointer<curl_slist>? {
        var list = curl_slist_append(nil, "Expect:")
        for (name, value) in message.headers {
            list = curl_slist_append(list, "\(name): \(value)") ?? list
        }
        mink_curl_set_text(handle, CURLOPT_URL, address)
        mink_curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
        mink_curl_set_body(handle, message.body, curl_off_t(message.body.count))
        mink_curl_set_list(handle, CURLOPT_HTTPHEADER, list)
        let discard: mink_curl_writer = { _, size, count, _ in size * count }
        mink_curl_set_writers(handle, discard, discard, nil)
        return list
    }
}
