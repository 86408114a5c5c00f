// The log of events. Positions are given here, in order, and never twice.
import MinkEngine
import MinkExpression
import MinkStore

final class EventTable {
    private let insert: Statement
    private let selectSame: Statement
    private let selectBehind: Statement
    private let selectByID: Statement
    /// The position of the next event.
    private var next: Int64

    init(_ connection: Connection) throws(StoreError) {
        insert = connection.statement(
            """
            insert into events(position, tenant, id, type, stream, time, time_nanos,
                appended, appended_nanos, correlation, causation, entries, data)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict(tenant, id) do nothing
            """)
        selectSame = connection.statement(
            """
            select type = ? and stream = ? and data = ? from events where tenant = ? and id = ?
            """)
        selectBehind = connection.statement(
            """
            select position, tenant, id, type, stream, time, time_nanos, correlation, causation,
                entries, data
            from events where position > ? order by position limit ?
            """)
        selectByID = connection.statement(
            """
            select position, tenant, id, type, stream, time, time_nanos, correlation, causation,
                entries, data
            from events where tenant = ? and id = ?
            """)
        // Behind the cursor too, so that an event can never hide below it.
        next =
            try connection.integer(
                "select max((select coalesce(max(position), 0) from events), position) from cursor")
            + 1
    }

    /// Appends an event, unless the tenant's log has one with its id.
    ///
    /// The content of an event is its type, its stream and its payload. Metadata and time may
    /// differ when a sender sends the same event again.
    func append(_ event: EventRecord, at now: Timestamp) throws(StoreError) -> Appended {
        let metadata = event.metadata
        let entries = metadata.entries.isEmpty ? nil : try StoredForm.encode(metadata.entries)
        let position = next
        let inserted =
            try insert
            .bind(position).bind(metadata.tenant).bind(event.id)
            .bind(event.type).bind(event.stream).bind(event.time).bind(now)
            .bind(metadata.correlationID).bind(metadata.causationID)
            .bind(utf8: entries).bind(event.data)
            .run()
        guard inserted == 0 else {
            next += 1
            return .appended(position: position)
        }
        let isSame =
            try selectSame
            .bind(event.type).bind(event.stream).bind(event.data)
            .bind(metadata.tenant).bind(event.id)
            .first { $0.flag() }
        return isSame == true ? .duplicate : .refused
    }

    func read(after position: Int64, limit: Int) throws(StoreError) -> [EventRecord] {
        try selectBehind.bind(position).bind(limit).rows { row throws(StoreError) in
            try Self.event(in: row)
        }
    }

    func event(id: String, tenant: String) throws(StoreError) -> EventRecord? {
        try selectByID.bind(tenant).bind(id).first { row throws(StoreError) in
            try Self.event(in: row)
        }
    }

    /// Reads the columns of an event, in the order of the queries above.
    static func event(in row: Row) throws(StoreError) -> EventRecord {
        let position = row.integer()
        let tenant = row.text()
        let (id, type, stream) = (row.text(), row.text(), row.text())
        let time = try row.moment()
        let (correlation, causation) = (row.textOrNil(), row.textOrNil())
        let entries = row.utf8()
        let metadata = EventRecord.Metadata(
            correlationID: correlation, causationID: causation, tenant: tenant,
            entries: entries.isEmpty
                ? [:] : try StoredForm.decode([String: String].self, from: entries))
        return EventRecord(
            id: id, type: type, data: row.text(), metadata: metadata, time: time, stream: stream,
            position: position)
    }
}
