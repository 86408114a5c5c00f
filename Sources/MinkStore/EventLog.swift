// The log of events: append-only, ordered, each id once per tenant.
package import MinkEngine
package import MinkExpression

/// Keeps events in the order in which they became visible.
package protocol EventLog: Sendable {
    /// Appends events, each or none of a call, together with some notes.
    ///
    /// - Returns: What became of each event, in the same order.
    func append(
        _ events: [EventRecord], at now: Timestamp, notes: [String: String]
    ) async throws(StoreError) -> [Appended]

    /// Events behind a position, by position.
    func read(after position: Int64, limit: Int) async throws(StoreError) -> [EventRecord]

    /// The event with this id; `nil` when the tenant's log has none.
    func event(id: String, tenant: String) async throws(StoreError) -> EventRecord?
}

/// What became of an event at the log.
package enum Appended: Sendable, Hashable {
    case appended(position: Int64)
    /// The log had it already, with the same content.
    case duplicate
    /// The log has another event under its id.
    case refused
}
