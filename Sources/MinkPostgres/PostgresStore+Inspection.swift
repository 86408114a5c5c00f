// What a verification reads of the store of production. Each page is one short snapshot.
package import MinkEngine
package import MinkExpression
package import MinkStore

extension PostgresStore: StoreInspection {
    package func judgedPlaces() async throws(StoreError) -> JudgedPlaces {
        try await asked { session throws(StoreError) in
            JudgedPlaces(text: try JudgedLane.all(session).map(\.text).joined(separator: "\n"))
        }
    }

    package func inspectEvents(
        after position: Int64, limit: Int, judgedBy places: JudgedPlaces
    ) async throws(StoreError) -> [InspectedEvent] {
        let lanes = places.text.split(separator: "\n").compactMap { JudgedLane(String($0)) }
        return try await asked { session throws(StoreError) in
            let found = try session.run(
                .inspectedEvents, Parameters().add(position).add(limit)
            ).map { row throws(StoreError) in
                (event: try EventTable.event(in: &row), appended: try row.moment())
            }
            var parts: [Int64: Set<Int>] = [:]
            for lane in lanes {
                for judged in try lane.judged(found.map(\.event.position), session) {
                    parts[judged, default: []].formUnion(lane.parts)
                }
            }
            return found.map {
                InspectedEvent(
                    event: $0.event, appended: $0.appended,
                    judgedIn: parts[$0.event.position] ?? [])
            }
        }
    }

    package func part(of id: InstanceID) -> Int { Int(Partition.number(of: id)) }

    package func published() async throws(StoreError) -> [String: Timestamp] {
        let rows = try await asked { session throws(StoreError) in
            try session.run(.publications).map { row throws(StoreError) in
                (row.text(), try row.moment())
            }
        }
        return Dictionary(rows) { min($0, $1) }
    }

    package func dossiers(
        after sequence: Int64, limit: Int
    ) async throws(StoreError) -> [SagaDossier] {
        var filter = InstanceFilter()
        (filter.after, filter.limit) = (sequence, limit)
        return try await dossiers(filter)
    }

    package func dossier(of id: InstanceID) async throws(StoreError) -> SagaDossier? {
        var filter = InstanceFilter()
        (filter.tenant, filter.workflow, filter.key) = (id.tenant, id.workflow, id.key)
        return try await dossiers(filter).first
    }

    private func dossiers(_ filter: InstanceFilter) async throws(StoreError) -> [SagaDossier] {
        try await asked { session throws(StoreError) in
            try session.transaction { () throws(StoreError) in
                try session.script("set transaction isolation level repeatable read read only")
                let rows = try InstanceQuery.run(filter, session)
                let whole = try SagaTable.loadWhole(rows.map(\.instance.id), session)
                var dossiers: [SagaDossier] = []
                for row in rows {
                    let id = row.instance.id
                    guard let saga = whole[id] else { continue }
                    dossiers.append(
                        SagaDossier(
                            row: InstanceRow(
                                sequence: row.sequence, version: row.version,
                                instance: saga.instance),
                            history: try HistoryTable.rows(of: id, session),
                            timers: try TimerTable.stored(
                                of: saga.saga, in: Partition.number(of: id), session)))
                }
                return dossiers
            }
        }
    }

    package func disorder() async throws(StoreError) -> [StoreDisorder] {
        try await asked { session throws(StoreError) in
            let commands = try session.run(.strayCommands).map { row in
                StoreDisorder(
                    .commands, "\(row.text()) (\(row.text())) is in the outbox of no saga")
            }
            let timers = try session.run(.strayTimers).map { row in
                StoreDisorder(
                    .timers, "timer \(row.integer()), \(row.integer()), belongs to no saga")
            }
            let cursors = try session.run(.cursorsThatGoBack).map { row in
                StoreDisorder(
                    .owners,
                    "batch \(row.integer()) of lane \(row.integer()) stands before the one "
                        + "that it follows")
            }
            let parts = try session.run(.partsOfNobody).map { row in
                StoreDisorder(.owners, "part \(row.integer()) of the work belongs to no lane")
            }
            return commands + timers + cursors + parts
        }
    }
}

/// A lane, the parts of the work that it has, and how far it has judged the log.
private struct JudgedLane {
    let parts: [Int]
    let place: LogPlace

    static func all(_ session: Session) throws(StoreError) -> [JudgedLane] {
        try session.run(.judgedLanes).map { row in
            JudgedLane(
                place: LogPlace(from: row.text(), to: row.textOrNil(), position: row.integer()),
                parts: row.text())
        }
    }

    private init(place: LogPlace, parts: String) {
        self.place = place
        self.parts = parts.split(separator: ",").compactMap { Int($0) }
    }

    init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 4, let position = Int64(words[2]) else { return nil }
        let end = words[1] == "-" ? nil : words[1]
        self.init(
            place: LogPlace(from: words[0], to: end, position: position), parts: words[3])
    }

    /// Four words, of which the last lists the parts.
    var text: String {
        let parts = parts.map(String.init).joined(separator: ",")
        return "\(place.from) \(place.to ?? "-") \(place.position) \(parts)"
    }

    /// Of these positions, those that the lane is behind.
    func judged(_ positions: [Int64], _ session: Session) throws(StoreError) -> [Int64] {
        try session.run(
            .judgedPositions,
            Parameters().add(positions).add(place.from).add(place.to).add(place.position)
        ).map { $0.integer() }
    }
}

extension Statement {
    static let inspectedEvents = Statement(
        "inspected_events",
        """
        select position, tenant, id, type, stream, time, time_nanos, correlation, causation,
            entries, data, appended, appended_nanos
        from events where position > $1::bigint order by position limit $2::bigint
        """)

    static let judgedLanes = Statement(
        "judged_lanes",
        """
        select c.s1::text, c.s2::text, c.position, p.parts
        from (select lane, string_agg(part::text, ',' order by part) as parts
                from partitions where lane is not null group by lane) p,
            lateral (select * from cursors z where z.lane = p.lane
                order by z.seq desc limit 1) c
        order by p.lane
        """)

    static let judgedPositions = Statement(
        "judged_positions",
        """
        select position from events
        where position = any($1::bigint[])
            and (pg_visible_in_snapshot(tx, $2::text::pg_snapshot)
                or position <= $4::bigint
                    and pg_visible_in_snapshot(tx, $3::text::pg_snapshot))
        """)

    static let publications = Statement(
        "publications", "select fingerprint, saved, saved_nanos from definitions")

    static let strayCommands = Statement(
        "stray_commands",
        """
        select name, id from outbox o
        where not exists (select 1 from sagas s where s.saga = o.saga offset 0) limit 50
        """)

    static let strayTimers = Statement(
        "stray_timers",
        """
        select saga, number from timers t
        where not exists (select 1 from sagas s where s.saga = t.saga offset 0) limit 50
        """)

    /// Of the cursors that are kept, those that know less than the one before.
    static let cursorsThatGoBack = Statement(
        "cursors_that_go_back",
        """
        select seq, lane from (
            select lane, seq, pg_snapshot_xmax(s1) as edge,
                lag(pg_snapshot_xmax(s1)) over (partition by lane order by seq) as before
            from cursors) c
        where edge < before order by lane, seq limit 50
        """)

    static let partsOfNobody = Statement(
        "parts_of_nobody",
        """
        select part from partitions
        where lane is null and exists (select 1 from lanes) order by part
        """)
}
