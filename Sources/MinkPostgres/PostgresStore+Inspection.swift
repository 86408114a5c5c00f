// What a verification reads of the store of production. Each page is one short snapshot.
package import MinkEngine
package import MinkExpression
package import MinkStore

extension PostgresStore: StoreInspection {
    package func judgedPlaces() async throws(StoreError) -> JudgedPlaces {
        try await atOneMoment { session throws(StoreError) in
            var progress = try PartitionTable.free(session)
            for lane in try session.run(.lanesWithPartitions).map({ $0.integer() }) {
                let owned = try PartitionTable.owned(by: lane, session)
                progress.add(
                    try CursorTable.newest(of: lane, with: owned, session).progress.fronts)
            }
            return JudgedPlaces(text: progress.text)
        }
    }

    package func inspectEvents(
        after position: Int64, limit: Int, judgedBy places: JudgedPlaces
    ) async throws(StoreError) -> [InspectedEvent] {
        let progress = try LogProgress(places.text)
        return try await asked { session throws(StoreError) in
            let found = try session.run(
                .inspectedEvents, Parameters().add(position).add(limit)
            ).map { row throws(StoreError) in
                (event: try EventTable.event(in: &row), appended: try row.moment())
            }
            var judgedIn: [Int64: PartitionSet] = [:]
            for front in progress.fronts {
                for judged in try front.judged(found.map(\.event.position), session) {
                    judgedIn[judged] = front.partitions.union(judgedIn[judged] ?? .none)
                }
            }
            return found.map {
                InspectedEvent(
                    event: $0.event, appended: $0.appended,
                    judgedIn: judgedIn[$0.event.position] ?? .none)
            }
        }
    }

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
        try await atOneMoment { session throws(StoreError) in
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
                        history: try HistoryTable.rows(of: id, after: 0, session),
                        timers: try TimerTable.stored(
                            of: saga.saga, in: Partition.number(of: id), session)))
            }
            return dossiers
        }
    }

    package func disorder() async throws(StoreError) -> [StoreDisorder] {
        try await atOneMoment { session throws(StoreError) in
            let commands = try session.run(.strayCommands).map { row in
                StoreDisorder(
                    .commands, "\(row.text()) (\(row.text())) is in the outbox of no saga")
            }
            let timers = try session.run(.strayTimers).map { row in
                StoreDisorder(
                    .timers, "timer \(row.integer()), \(row.integer()), belongs to no saga")
            }
            let cursors = try session.run(.cursorsWithGaps).map { row in
                StoreDisorder(
                    .owners,
                    "batch \(row.integer()) of lane \(row.integer()) is not followed by the next")
            }
            let lanes = try session.run(.lanesWithoutCursor).map { row in
                StoreDisorder(
                    .owners,
                    "lane \(row.integer()) has partitions, and nothing tells how far they were judged"
                )
            }
            return commands + timers + cursors + lanes
        }
    }
}

extension PostgresStore {
    /// Reads from one snapshot; once more when the connection turns out to be lost.
    fileprivate func atOneMoment<Result: Sendable>(
        _ body: @escaping @Sendable (Session) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        var isAgain = false
        while true {
            do throws(StoreError) {
                return try await asked { session throws(StoreError) in
                    try session.snapshot { () throws(StoreError) in
                        try session.script(
                            "set local idle_in_transaction_session_timeout = '60s'")
                        return try body(session)
                    }
                }
            } catch {
                guard error.code == .unavailable, !isAgain else { throw error }
                isAgain = true
            }
        }
    }
}

extension LogProgress.Front {
    /// Of these positions, those that are behind the front.
    fileprivate func judged(
        _ positions: [Int64], _ session: Session
    ) throws(StoreError) -> [Int64] {
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
        select \(EventTable.columns), appended, appended_nanos
        from events where position > $1::bigint order by position limit $2::bigint
        """)

    static let lanesWithPartitions = Statement(
        "lanes_with_partitions",
        "select distinct lane from partitions where lane is not null order by lane")

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

    static let cursorsWithGaps = Statement(
        "cursors_with_gaps",
        """
        select seq, lane from (
            select lane, seq, lead(seq) over (partition by lane order by seq) as next
            from cursors) c
        where next <> seq + 1 order by lane, seq limit 50
        """)

    static let lanesWithoutCursor = Statement(
        "lanes_without_cursor",
        """
        select distinct lane from partitions p
        where lane is not null
            and not exists (select 1 from cursors c where c.lane = p.lane offset 0)
        order by lane
        """)
}
