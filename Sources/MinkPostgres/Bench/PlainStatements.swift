// Narrow tables and the fewest statements for orders, which the bench holds the engine's against.

enum PlainStatements {
    static let tables = """
        create table events(
            position bigint generated always as identity (cache 1) primary key,
            id uuid not null unique, stream text not null, stream_version bigint not null,
            type text not null, data bytea not null, at timestamptz not null default now(),
            tx xid8 not null default pg_current_xact_id(), unique(stream, stream_version));
        create index events_tx on events(tx, position);
        create table sagas(
            id uuid primary key, key text not null unique, version bigint not null,
            updated timestamptz not null default now(), body bytea not null)
            with (fillfactor = 50);
        create table history(
            saga uuid not null, version bigint not null, event bigint, body bytea not null,
            at timestamptz not null default now(), primary key(saga, version));
        create table outbox(
            id uuid primary key, saga uuid not null, name text not null, body bytea not null)
            with (vacuum_truncate = off);
        create table lanes(lane bigint primary key, epoch bigint not null);
        insert into lanes values (1, 1);
        create table cursors(
            lane bigint not null, seq bigint not null, s1 pg_snapshot not null, s2 pg_snapshot,
            position bigint not null, primary key(lane, seq));
        """

    static let append = Statement(
        "plain_append",
        """
        insert into events(id, stream, stream_version, type, data)
        select * from unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::bytea[])
        """)

    static let settle = Statement(
        "plain_settle",
        """
        with d as (delete from outbox where id = any($7::uuid[]) returning id)
        insert into events(id, stream, stream_version, type, data)
        select x.id, x.stream, x.version, x.type, x.data
        from unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::bytea[], $6::uuid[])
            x(id, stream, version, type, data, command)
        where x.command in (select id from d)
        """)

    static let turn = Statement(
        "plain_turn",
        """
        with
        f as materialized (
            select lane from lanes where lane = 1 and epoch = 1 for no key update),
        c as (
            insert into cursors(lane, seq, s1, s2, position)
            select lane, $1::bigint, $2::text::pg_snapshot, $3::text::pg_snapshot, $4::bigint
            from f),
        u as (
            update sagas s set version = s.version + 1, body = x.body, updated = now()
            from (select x.*, t.spot
                from unnest($5::uuid[], $6::bigint[], $7::bytea[]) x(id, version, body),
                lateral (select z.ctid as spot from sagas z where z.id = x.id offset 0) t) x
            where s.ctid = x.spot and s.version = x.version),
        i as (
            insert into sagas(id, key, version, body)
            select x.id, x.key, 1, x.body
            from unnest($8::uuid[], $9::text[], $10::bytea[]) x(id, key, body)),
        h as (
            insert into history(saga, version, event, body)
            select * from unnest($11::uuid[], $12::bigint[], $13::bigint[], $14::bytea[]))
        insert into outbox(saga, id, name, body)
        select * from unnest($11::uuid[], $15::uuid[], $16::text[], $17::bytea[])
        """)

    static let poll = Statement(
        "plain_poll",
        """
        with w as materialized (
            select coalesce($2::text::pg_snapshot, pg_current_snapshot()) s2),
        k as materialized (
            select position from (
                select position from events
                where tx >= pg_snapshot_xmax($1::text::pg_snapshot)
                    and tx < pg_snapshot_xmax((select s2 from w)) and position + 0 > $3::bigint
                    and pg_visible_in_snapshot(tx, (select s2 from w))
                union all
                select e.position
                from (select x from pg_snapshot_xip($1::text::pg_snapshot) x
                        where pg_visible_in_snapshot(x, (select s2 from w))) x,
                    lateral (select z.position from events z
                        where z.tx = x.x and z.position + 0 > $3::bigint offset 0) e) p
            order by position limit $4::bigint)
        select s2::text, null::bigint, null::uuid, null::text, null::bytea from w
        union all
        (select null, e.position, e.id, e.type, e.data from k,
            lateral (select * from events z where z.position = k.position offset 0) e
        order by e.position)
        """)
}
