// The statements of the log.
//
// A join over arrays may change its plan after a cleaning that saw an empty table. These can not:
// a key of one column is compared with `= any`, others are looked up in a `lateral` that ends with
// `offset 0`.

extension EventTable {
    /// What an event is read from, in the order of ``event(in:)``.
    static let columns = """
        position, tenant, id, type, stream, time, time_nanos, correlation, causation, entries, data
        """
}

extension Statement {
    private static let columns = EventTable.columns

    private static let insertColumns = """
        tenant, id, type, stream, time, time_nanos, correlation, causation, entries, data
        """

    static let append = Statement(
        "append",
        """
        insert into events(\(insertColumns), appended, appended_nanos)
        select x.*, $11::timestamptz, $12::smallint
        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[],
            $6::smallint[], $7::text[], $8::text[], $9::bytea[], $10::bytea[]) x
        on conflict (tenant, id) do nothing returning tenant, id, position
        """)

    static let sameEvents = Statement(
        "same_events",
        """
        select x.number, e.type = x.type and e.stream = x.stream and e.data = x.data
        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[])
                with ordinality x(tenant, id, type, stream, data, number),
            lateral (select * from events z where z.tenant = x.tenant and z.id = x.id offset 0) e
        """)

    static let eventsBehind = Statement(
        "events_behind",
        "select \(columns) from events where position > $1::bigint order by position limit $2::bigint"
    )

    static let events = Statement(
        "events",
        """
        select \(columns) from events
        where position < $1::bigint and ($3::text is null or tenant = $3::text)
            and ($4::text is null or type = $4::text)
            and ($5::text is null or correlation = $5::text)
            and (appended, appended_nanos) >= ($6::timestamptz, $7::smallint)
        order by position desc limit $2::bigint
        """)

    static let eventByID = Statement(
        "event_by_id",
        "select \(columns) from events where tenant = $1::text and id = $2::text")

    /// Positions of the window that begins at $1 and ends at $2, behind $3, at most $4.
    ///
    /// Bounded by the first transaction that $1 does not know; those that were open then are looked
    /// up one by one. So a transaction that stays open for an hour costs nothing. The sum with 0
    /// keeps the server from walking the log by position, which it would do for an empty one.
    private static func positions(end: String) -> String {
        """
        select position from (
            select position from events
            where tx >= pg_snapshot_xmax($1::text::pg_snapshot)
                and tx < pg_snapshot_xmax(\(end)) and position + 0 > $3::bigint
                and pg_visible_in_snapshot(tx, \(end))
            union all
            select e.position
            from (select x from pg_snapshot_xip($1::text::pg_snapshot) x
                    where pg_visible_in_snapshot(x, \(end))) x,
                lateral (select z.position from events z
                    where z.tx = x.x and z.position + 0 > $3::bigint offset 0) e) p
        order by position limit $4::bigint
        """
    }

    /// The first row is the end of the window alone; it can be long.
    static let poll = Statement(
        "poll",
        """
        with w as materialized (
            select coalesce($2::text::pg_snapshot, pg_current_snapshot()) s2),
        k as materialized (\(positions(end: "(select s2 from w)")))
        select s2::text as s2, null::bigint as position, null::text as tenant, null::text as id,
            null::text as type, null::text as stream, null::timestamptz as time,
            null::smallint as time_nanos, null::text as correlation, null::text as causation,
            null::bytea as entries, null::bytea as data
        from w
        union all
        (select null, e.* from k,
            lateral (select \(columns) from events z where z.position = k.position offset 0) e
        order by e.position)
        """)

    static let backlog = Statement("backlog", positions(end: "$2::text::pg_snapshot"))

    static let eventsAt = Statement(
        "events_at",
        "select \(columns) from events where position = any($1::bigint[]) order by position")
}
