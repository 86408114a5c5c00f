// Messages for SNS in requests: at most ten in one, and at most 256 KB with all that counts.
import MinkDefinition
import MinkExpression
import MinkStore

/// Messages that go in one request.
struct SNSBatch: Sendable {
    /// The places of the messages in the batch that the publisher was given.
    private(set) var places: [Int] = []
    private(set) var entries: [SNSEntry] = []
    private var bytes = 0

    /// The most messages of a request.
    static let entryLimit = 10
    /// The most bytes of a message, and of all messages of a request.
    static let byteLimit = 262_144

    /// Shares messages out.
    ///
    /// - Returns: The requests, and the places of messages that are too large for any.
    static func split(_ entries: [SNSEntry]) -> (batches: [SNSBatch], tooLarge: [Int]) {
        var batches: [SNSBatch] = []
        var tooLarge: [Int] = []
        var open = SNSBatch()
        for (place, entry) in entries.enumerated() {
            guard entry.size <= byteLimit else {
                tooLarge.append(place)
                continue
            }
            if open.entries.count == entryLimit || open.bytes + entry.size > byteLimit {
                batches.append(open)
                open = SNSBatch()
            }
            open.places.append(place)
            open.entries.append(entry)
            open.bytes += entry.size
        }
        if !open.entries.isEmpty { batches.append(open) }
        return (batches, tooLarge)
    }

    /// The form of the request.
    func form(topic: String) -> [(name: String, value: String)] {
        var fields = [
            (name: "Action", value: "PublishBatch"), ("Version", "2010-03-31"),
            ("TopicArn", topic),
        ]
        for (index, entry) in entries.enumerated() {
            let prefix = "PublishBatchRequestEntries.member.\(index + 1)"
            fields.append(("\(prefix).Id", "m\(index)"))
            fields.append(("\(prefix).Message", entry.body))
            for (number, attribute) in entry.attributes.enumerated() {
                let name = "\(prefix).MessageAttributes.entry.\(number + 1)"
                fields.append(("\(name).Name", attribute.name))
                fields.append(("\(name).Value.DataType", "String"))
                fields.append(("\(name).Value.StringValue", attribute.value))
            }
            if let order = entry.order {
                fields.append(("\(prefix).MessageGroupId", order.group))
                fields.append(("\(prefix).MessageDeduplicationId", order.deduplication))
            }
        }
        return fields
    }
}

/// A message as SNS takes it.
struct SNSEntry: Sendable {
    let body: String
    let attributes: [(name: String, value: String)]
    /// What a FIFO topic keeps in order, and what it drops as known; `nil` for other topics.
    let order: (group: String, deduplication: String)?

    /// What counts against the limits.
    var size: Int {
        attributes.reduce(body.utf8.count) {
            $0 + $1.name.utf8.count + $1.value.utf8.count + "String".utf8.count
        }
    }

    init(_ message: OutboxMessage, isOrdered: Bool) {
        body = String(decoding: message.body, as: UTF8.self)
        attributes = message.headers.sorted { $0.key < $1.key }
            .filter { !$0.value.isEmpty }
            .map { (Self.name($0.key), Self.value($0.value)) }
        order =
            isOrdered ? (Self.identifier(message.key), Self.identifier(message.id)) : nil
    }

    /// A text in the form of a group: at most 128 letters, digits and marks, else a digest.
    private static func identifier(_ text: String) -> String {
        let fits =
            (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return fits ? text : Digest.hexadecimal(Digest.sha256(Array(text.utf8))[...])
    }

    private static func name(_ text: String) -> String {
        String(
            text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) ? $0 : "_" }
        )
    }

    /// A text without the characters that XML has not.
    private static func value(_ text: String) -> String {
        HeaderText.encode(text) { $0 < 0x20 && $0 != 9 && $0 != 10 && $0 != 13 }
    }
}
