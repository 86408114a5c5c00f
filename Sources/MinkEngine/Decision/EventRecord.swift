// An event as the log keeps it. The payload stays JSON text until a definition says what its
// numbers mean: a decimal is read from the digits, never through a floating point number.
package import MinkExpression

/// An event of the log.
package struct EventRecord: Hashable, Sendable, Codable {
    /// Its identity, unique per tenant.
    package let id: String
    package let type: String
    /// The payload: the text of a JSON object.
    package let data: String
    package let metadata: Metadata
    /// When it happened, as its sender says.
    package let time: Timestamp
    package let stream: String
    /// Its place in the log; 0 before it is appended.
    package var position: Int64 = 0

    package init(
        id: String, type: String, data: String, metadata: Metadata = Metadata(), time: Timestamp,
        stream: String = "", position: Int64 = 0
    ) {
        self.id = id
        self.type = type
        self.data = data
        self.metadata = metadata
        self.time = time
        self.stream = stream
        self.position = position
    }

    /// What travels with an event besides its payload.
    package struct Metadata: Hashable, Sendable, Codable {
        /// Ties together everything that one request led to.
        package var correlationID: String?
        /// The id of the command or event that led to this one.
        package var causationID: String?
        package var tenant: String
        /// Further entries, carried along.
        package var entries: [String: String]

        package init(
            correlationID: String? = nil, causationID: String? = nil, tenant: String = "",
            entries: [String: String] = [:]
        ) {
            self.correlationID = correlationID
            self.causationID = causationID
            self.tenant = tenant
            self.entries = entries
        }
    }
}
