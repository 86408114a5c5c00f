// What a verification reads of the embedded store.
package import MinkEngine
package import MinkExpression
package import MinkStore

extension SQLiteStore: StoreInspection {
    package func judgedPlaces() async throws(StoreError) -> JudgedPlaces {
        try locked { session throws(StoreError) in
            JudgedPlaces(text: String(try session.notes.cursor()))
        }
    }

    package func inspectEvents(
        after position: Int64, limit: Int, judgedBy places: JudgedPlaces
    ) async throws(StoreError) -> [InspectedEvent] {
        let cursor = Int64(places.text) ?? 0
        return try locked { session throws(StoreError) in
            try Statement(
                """
                select position, tenant, id, type, stream, time, time_nanos, correlation,
                    causation, entries, data, appended, appended_nanos
                from events where position > ? order by position limit ?
                """, on: session.connection
            ).bind(position).bind(limit).rows { row throws(StoreError) in
                let event = try EventTable.event(in: row)
                return InspectedEvent(
                    event: event, appended: try row.moment(),
                    judgedIn: event.position <= cursor ? .all : .none)
            }
        }
    }

    package func published() async throws(StoreError) -> [String: Timestamp] {
        try locked { session throws(StoreError) in
            let rows = try Statement(
                "select fingerprint, saved, saved_nanos from definitions", on: session.connection
            ).rows { row throws(StoreError) in (row.text(), try row.moment()) }
            return Dictionary(rows) { min($0, $1) }
        }
    }

    package func dossiers(
        after sequence: Int64, limit: Int
    ) async throws(StoreError) -> [SagaDossier] {
        var filter = InstanceFilter()
        (filter.after, filter.limit) = (sequence, limit)
        return try dossiers(filter)
    }

    package func dossier(of id: InstanceID) async throws(StoreError) -> SagaDossier? {
        var filter = InstanceFilter()
        (filter.tenant, filter.workflow, filter.key) = (id.tenant, id.workflow, id.key)
        return try dossiers(filter).first
    }

    private func dossiers(_ filter: InstanceFilter) throws(StoreError) -> [SagaDossier] {
        try locked { session throws(StoreError) in
            var dossiers: [SagaDossier] = []
            for row in try InstanceQuery(filter).run(on: session.connection) {
                dossiers.append(try session.dossier(row))
            }
            return dossiers
        }
    }

    package func disorder() async throws(StoreError) -> [StoreDisorder] {
        try locked { session throws(StoreError) in try session.disorder() }
    }
}

extension Session {
    fileprivate func dossier(_ row: InstanceRow) throws(StoreError) -> SagaDossier {
        let id = row.instance.id
        var instance = row.instance
        guard let stored = try sagas.load(id) else {
            return SagaDossier(row: row, history: [], timers: [])
        }
        instance.outstanding = try outbox.outstanding(of: stored.saga)
        return SagaDossier(
            row: InstanceRow(sequence: row.sequence, version: row.version, instance: instance),
            history: try history.rows(of: id, after: 0), timers: try timers.stored(of: stored.saga))
    }

    fileprivate func disorder() throws(StoreError) -> [StoreDisorder] {
        let commands = try Statement(
            """
            select name, id from outbox where not exists (select 1 from sagas where id = saga)
            limit 50
            """, on: connection
        ).rows { row throws(StoreError) in
            StoreDisorder(
                .commands, "\(row.text()) (\(row.text())) is in the outbox of no saga")
        }
        let timers = try Statement(
            """
            select saga, number from timers where not exists (select 1 from sagas where id = saga)
            limit 50
            """, on: connection
        ).rows { row throws(StoreError) in
            StoreDisorder(
                .timers, "timer \(row.integer()), \(row.integer()), belongs to no saga")
        }
        let last = try connection.integer("select coalesce(max(position), 0) from events")
        let cursor = try notes.cursor()
        let beyond =
            cursor <= last
            ? []
            : [
                StoreDisorder(
                    .owners, "the log is judged up to \(cursor), and its last event is \(last)")
            ]
        return commands + timers + beyond
    }
}
