// The statement that writes turns: fence, cursor, states, history, commands and timers at once.
//
// Checks stand inside: a count that is not the expected one raises, and nothing of the batch stays.
// Rows are found by `lateral … offset 0` and written by their place, so that no cleaning that sees
// an empty table can change the plan.

extension Statement {
    /// How the row of the lane is locked.
    ///
    /// Conflicts with a takeover, and lets renewals wait.
    static let fence = "for no key update"

    static let turns = turns(fence: fence)

    /// The statement, with a fence that tests may weaken.
    static func turns(fence: String) -> Statement {
        Statement(
            "turns",
            """
            with
            f as materialized (
                select lane from lanes where lane = $1::bigint and epoch = $2::bigint \(fence)),
            c as (
                insert into cursors(lane, seq, s1, s2, position, apart)
                select lane, $3::bigint, $4::text::pg_snapshot, $5::text::pg_snapshot, $6::bigint,
                    $7::text
                from f returning 1),
            \(writes)
            select expect('fence', (select count(*) from c), 1),
                expect('version', (select count(*) from u), cardinality($8::bigint[])),
                expect('timer', (select count(*) from td), cardinality($61::bigint[]))
            """)
    }

    private static let writes = """
        u as (
            update sagas s set version = x.new_version, status = x.status, state = x.state,
                definition_version = x.definition, fingerprint = x.fingerprint,
                place = coalesce(x.place, s.place), correlation = x.correlation,
                ended = x.ended, ended_nanos = x.ended_nanos, body = x.body, updated = now()
            from (select x.*, t.spot
                from unnest($8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::text[],
                        $13::bigint[], $14::text[], $15::bigint[], $16::text[],
                        $17::timestamptz[], $18::smallint[], $19::bytea[])
                    x(saga, version, new_version, status, state, definition, fingerprint, place,
                        correlation, ended, ended_nanos, body),
                lateral (select z.ctid as spot from sagas z where z.saga = x.saga offset 0) t) x
            where s.ctid = x.spot and s.version = x.version returning 1),
        i as (
            insert into sagas(part, saga, tenant, workflow, key, version, status, state,
                definition_version, fingerprint, place, correlation, ended, ended_nanos, body)
            select * from unnest($20::smallint[], $21::bigint[], $22::text[], $23::text[],
                $24::text[], $25::bigint[], $26::text[], $27::text[], $28::bigint[], $29::text[],
                $30::bigint[], $31::text[], $32::timestamptz[], $33::smallint[], $34::bytea[])),
        h as (
            insert into history(saga, version, at, at_nanos, event, is_seen, body)
            select * from unnest($35::bigint[], $36::bigint[], $37::timestamptz[],
                $38::smallint[], $39::bigint[], $40::boolean[], $41::bytea[])),
        o as (
            insert into outbox(part, saga, id, name, due, due_nanos, body)
            select * from unnest($42::smallint[], $43::bigint[], $44::text[], $45::text[],
                $46::timestamptz[], $47::smallint[], $48::bytea[])),
        ti as (
            insert into timers(part, due, due_nanos, saga, number, kind, visit, reminders)
            select * from unnest($49::smallint[], $50::timestamptz[], $51::smallint[],
                $52::bigint[], $53::bigint[], $54::smallint[], $55::bigint[], $56::bigint[])),
        td as (
            delete from timers t
            using (select y.spot
                from unnest($57::smallint[], $58::timestamptz[], $59::smallint[], $60::bigint[],
                        $61::bigint[], $62::smallint[])
                    x(part, due, due_nanos, saga, number, kind),
                lateral (select z.ctid as spot from timers z where z.part = x.part
                    and z.due = x.due and z.due_nanos = x.due_nanos and z.kind = x.kind
                    and z.saga = x.saga and z.number = x.number limit 1) y) x
            where t.ctid = x.spot returning 1)
        """
}
