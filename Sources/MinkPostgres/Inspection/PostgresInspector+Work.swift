// Who works on a schema, and whether work piles up.
import MinkEngine
import MinkStore

extension PostgresInspector {
    static func lanes(
        _ session: Session
    ) throws(StoreError) -> (check: StoreCheck, areAlive: Bool) {
        let found = try session.run(.inspectLanes).first { row in
            (alive: row.int(), owners: row.text(), orphans: row.int())
        }
        guard let found, found.alive > 0 else {
            return (StoreCheck("engines", .warn, "none is running", next: "start one"), false)
        }
        let words = "\(found.alive) running: \(found.owners)"
        guard found.orphans == 0 else {
            return (
                StoreCheck(
                    "engines", .warn, "\(words); \(found.orphans) parts of the work have no engine",
                    next: "they are taken over within seconds; look again"), true
            )
        }
        return (StoreCheck("engines", .ok, words), true)
    }

    static func counts(_ session: Session) throws(StoreError) -> WorkCounts {
        var counts = WorkCounts()
        let most = WorkCounts.mostCounted
        counts.unjudged =
            try session.run(.inspectLog, Parameters().add(most)).first { $0.integer() } ?? 0
        try session.run(.inspectOutbox, Parameters().add(most)).forEach { row in
            counts.untried = row.integer()
            counts.waiting = row.integer()
            counts.exhausted = row.integer()
        }
        try session.run(
            .inspectPeople,
            Parameters().add(most).add([Array(InstanceFilter.Content.incidents.mark.utf8)])
        ).forEach { row in
            counts.deadLetters = row.integer()
            counts.incidents = row.integer()
        }
        return counts
    }

    /// Whether the tables whose rows come and go are much larger than what is in them.
    static func bloat(_ session: Session) throws(StoreError) -> StoreCheck {
        let found = try session.run(
            .inspectBloat, Parameters().add(session.address.schema.name)
        ).map { row in (table: row.text(), dead: row.integer(), live: row.integer()) }
        let bad = found.filter { $0.dead > 100_000 && $0.dead > 4 * $0.live }
        guard let worst = bad.max(by: { $0.dead < $1.dead }) else {
            return StoreCheck("dead rows", .ok, "outbox, timers and cursors are clean")
        }
        return StoreCheck(
            "dead rows", .warn, "\(worst.table) has \(worst.dead) dead rows beside \(worst.live)",
            next: "end long transactions; then: vacuum \(worst.table)")
    }
}

extension Statement {
    static let inspectLanes = Statement(
        "inspect_lanes",
        """
        select count(*) filter (where lease_until > clock_timestamp()),
            coalesce(string_agg(owner, ', ' order by lane)
                filter (where lease_until > clock_timestamp()), ''),
            (select count(*) from partitions p where not exists (
                select 1 from lanes l where l.lane = p.lane
                    and l.lease_until > clock_timestamp()))
        from lanes
        """)

    /// Events behind the place that the slowest owner has reached, or that nobody goes on from.
    static let inspectLog = Statement(
        "inspect_log",
        """
        select coalesce(max(n), 0) from (
            select distinct s1::text s1, s2::text s2, position from (
                select s1, s2, position from partitions where lane is null
                union all
                select c.s1, c.s2, c.position from lanes l,
                    lateral (select * from cursors z where z.lane = l.lane
                        order by z.seq desc limit 1) c
                where exists (select 1 from partitions p where p.lane = l.lane)) f) f,
            lateral (select count(*) n from (
                select 1 from events
                where tx >= pg_snapshot_xmin(f.s1::pg_snapshot)
                    and not pg_visible_in_snapshot(tx, f.s1::pg_snapshot)
                    and (f.s2 is null or position > f.position
                        or not pg_visible_in_snapshot(tx, f.s2::pg_snapshot))
                limit $1::bigint) e) e
        """)

    static let inspectOutbox = Statement(
        "inspect_outbox",
        """
        select count(*) filter (where due is null and not is_exhausted and attempts = 0),
            count(*) filter (where due is not null and not is_exhausted),
            count(*) filter (where is_exhausted)
        from (select due, is_exhausted, attempts from outbox order by sequence
            limit $1::bigint) o
        """)

    static let inspectPeople = Statement(
        "inspect_people",
        """
        select (select count(*) from (select 1 from dead_letters where outcome is null
                order by number limit $1::bigint) d),
            (select count(*) from (select 1 from sagas
                where position(($2::bytea[])[1] in body) > 0 limit $1::bigint) s)
        """)

    static let inspectBloat = Statement(
        "inspect_bloat",
        """
        select relname::text, n_dead_tup, n_live_tup from pg_stat_user_tables
        where schemaname = $1::text and relname in ('outbox', 'timers', 'cursors', 'lanes')
        """)
}
