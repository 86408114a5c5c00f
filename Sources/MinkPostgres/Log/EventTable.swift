// The log of events.
import MinkEngine
import MinkExpression
import MinkStore

enum EventTable {
    /// Appends events, each unless the tenant's log has one with its id, together with notes.
    ///
    /// The content of an event is its type, its stream and its payload. Metadata and time may
    /// differ when a sender sends the same event again.
    static func append(
        _ events: [EventRecord], at now: Timestamp, notes: [String: String], _ session: Session
    ) throws(StoreError) -> [Appended] {
        var calls = [Statement.append.with(try parameters(events).add(now))]
        if !notes.isEmpty { calls.append(NoteTable.saving(notes)) }
        var appended = placed(try session.pipeline(calls)[0])
        var outcomes: [Appended?] = events.map { event in
            appended.removeValue(forKey: Name(event)).map { .appended(position: $0) }
        }
        let known = outcomes.indices.filter { outcomes[$0] == nil }
        if !known.isEmpty {
            let same = try areSame(known.map { events[$0] }, session)
            for (index, isSame) in zip(known, same) {
                outcomes[index] = isSame ? .duplicate : .refused
            }
        }
        return outcomes.map { $0 ?? .refused }
    }

    /// The columns of events, as arrays.
    static func parameters(_ events: [EventRecord]) throws(StoreError) -> Parameters {
        var entries: [[UInt8]?] = []
        for event in events {
            let own = event.metadata.entries
            entries.append(own.isEmpty ? nil : try StoredForm.encode(own))
        }
        return Parameters()
            .add(events.map(\.metadata.tenant)).add(events.map(\.id)).add(events.map(\.type))
            .add(events.map(\.stream)).add(events.map { Optional($0.time) })
            .add(events.map(\.metadata.correlationID)).add(events.map(\.metadata.causationID))
            .add(entries).add(events.map { Array($0.data.utf8) })
    }

    /// The positions that were given to events.
    static func placed(_ rows: ResultRows) -> [Name: Int64] {
        var positions: [Name: Int64] = [:]
        rows.forEach { row in
            positions[Name(tenant: row.text(), id: row.text())] = row.integer()
        }
        return positions
    }

    /// What tells events apart.
    struct Name: Hashable {
        let tenant: String
        let id: String

        init(tenant: String, id: String) {
            self.tenant = tenant
            self.id = id
        }

        init(_ event: EventRecord) {
            self.init(tenant: event.metadata.tenant, id: event.id)
        }

        static func == (left: Name, right: Name) -> Bool {
            left.tenant.utf8.elementsEqual(right.tenant.utf8)
                && left.id.utf8.elementsEqual(right.id.utf8)
        }
    }

    /// For each event, whether the log has it with the same content.
    private static func areSame(
        _ events: [EventRecord], _ session: Session
    ) throws(StoreError) -> [Bool] {
        let rows = try session.run(
            .sameEvents,
            Parameters().add(events.map(\.metadata.tenant)).add(events.map(\.id))
                .add(events.map(\.type)).add(events.map(\.stream))
                .add(events.map { Array($0.data.utf8) }))
        var same = [Bool](repeating: false, count: events.count)
        rows.forEach { row in
            let number = row.int()
            if same.indices.contains(number - 1) { same[number - 1] = row.flag() }
        }
        return same
    }

    static func read(
        after position: Int64, limit: Int, _ session: Session
    ) throws(StoreError) -> [EventRecord] {
        try session.read(.eventsBehind, Parameters().add(position).add(limit))
            .map { row throws(StoreError) in try event(in: &row) }
    }

    static func event(
        id: String, tenant: String, _ session: Session
    ) throws(StoreError) -> EventRecord? {
        try session.read(.eventByID, Parameters().add(tenant).add(id))
            .first { row throws(StoreError) in try event(in: &row) }
    }

    /// Events that fit, the newest first.
    static func list(
        _ filter: EventFilter, _ session: Session
    ) throws(StoreError) -> [EventRecord] {
        try session.read(
            .events,
            Parameters().add(filter.before).add(filter.limit).add(filter.tenant).add(filter.type)
                .add(filter.correlationID).add(filter.since)
        ).map { row throws(StoreError) in try event(in: &row) }
    }

    /// Reads the columns of an event, in the order of the queries below.
    static func event(in row: inout Row) throws(StoreError) -> EventRecord {
        let (position, tenant) = (row.integer(), row.text())
        let (id, type, stream) = (row.text(), row.text(), row.text())
        let time = try row.moment()
        let (correlation, causation) = (row.textOrNil(), row.textOrNil())
        let entries = row.bytes()
        let metadata = EventRecord.Metadata(
            correlationID: correlation, causationID: causation, tenant: tenant,
            entries: entries.isEmpty
                ? [:] : try StoredForm.decode([String: String].self, from: entries))
        return EventRecord(
            id: id, type: type, data: String(decoding: row.bytes(), as: UTF8.self),
            metadata: metadata, time: time, stream: stream, position: position)
    }
}

// MARK: - For the reader of the log

extension EventTable {
    /// The first events of a window, and the snapshot at which it ends.
    static func poll(
        _ place: LogPlace, limit: Int, _ session: Session
    ) throws(StoreError) -> (end: String?, events: [EventRecord]) {
        let rows = try session.read(
            .poll,
            Parameters().add(place.from).add(place.to).add(place.position).add(limit))
        var end: String?
        var events: [EventRecord] = []
        _ = try rows.map { row throws(StoreError) in
            if let snapshot = row.textOrNil() {
                end = snapshot
            } else {
                events.append(try event(in: &row))
            }
        }
        return (end, events)
    }

    /// The positions of a window, without its events.
    static func positions(
        of place: LogPlace, limit: Int, _ session: Session
    ) throws(StoreError) -> [Int64] {
        try session.read(
            .backlog,
            Parameters().add(place.from).add(place.to).add(place.position).add(limit)
        ).map { $0.integer() }
    }

    static func rows(at positions: [Int64], _ session: Session) throws(StoreError) -> [EventRecord]
    {
        try session.read(.eventsAt, Parameters().add(positions))
            .map { row throws(StoreError) in try event(in: &row) }
    }
}
