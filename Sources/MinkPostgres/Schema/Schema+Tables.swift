// The first step: all tables.
//
// Moments are two columns: to the microsecond, which is what the server knows, and the nanoseconds
// behind it. Texts that are compared have the order of their bytes, which no update of the system's
// languages changes. Foreign keys stay off the path of an event.

extension Schema {
    static let tables =
        logTables + sagaTables + workTables + keepingTables + shelfTables + ownerTables + views

    /// The log.
    ///
    /// Nobody writes `tx`: it is the number of the transaction that appended, also inside a
    /// savepoint. A cache of more than 1 would break the order inside a stream. The position is in
    /// the index of transactions only to be read there: as a key of it, that index would be one way
    /// to an event too, and for an empty log a server thinks it as good as the right one.
    private static let logTables = """
        create table events(
            position bigint generated always as identity (cache 1) primary key,
            tenant text collate "C" not null, id text collate "C" not null,
            type text not null, stream text not null,
            time timestamptz not null, time_nanos smallint not null,
            appended timestamptz not null, appended_nanos smallint not null,
            correlation text, causation text, entries bytea,
            data bytea not null,
            tx xid8 not null default pg_current_xact_id(),
            unique(tenant, id));
        create index events_by_transaction on events(tx) include (position);

        """

    /// Numbers of sagas and their places in the order of start come in blocks, so that a batch can
    /// name them before it is written.
    private static let sagaTables = """
        create sequence numbers increment by 1024 cache 1;
        create table sagas(
            saga bigint primary key,
            part smallint not null,
            tenant text collate "C" not null, workflow text collate "C" not null,
            key text collate "C" not null,
            version bigint not null,
            place bigint not null,
            status text collate "C", state text,
            definition_version bigint not null, fingerprint text not null,
            correlation text collate "C",
            updated timestamptz not null default now(),
            ended timestamptz, ended_nanos smallint,
            body bytea not null,
            constraint sagas_by_name unique(tenant, workflow, key))
            with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05,
                autovacuum_vacuum_insert_scale_factor = 0.1);
        create index sagas_by_place on sagas(place);
        create index sagas_live on sagas(place) where ended is null;
        create index sagas_ended on sagas(workflow, ended, ended_nanos) where ended is not null;
        create index sagas_by_correlation on sagas(correlation) where correlation is not null;

        create table history(
            saga bigint not null, version bigint not null,
            at timestamptz not null, at_nanos smallint not null,
            event bigint, is_seen boolean,
            body bytea not null,
            primary key(saga, version));

        create table seen_values(
            saga bigint not null, event text collate "C" not null, value text collate "C" not null,
            primary key(saga, event, value));

        """

    /// What waits: rows come and go, so the tables are cleaned by count, and never cut short under
    /// a lock.
    private static let workTables = """
        create table outbox(
            id text collate "C" primary key,
            sequence bigint generated always as identity (cache 1),
            part smallint not null, saga bigint not null,
            name text not null,
            due timestamptz, due_nanos smallint,
            attempts bigint not null default 0,
            is_last boolean not null default false,
            is_exhausted boolean not null default false,
            error text,
            body bytea not null)
            with (vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0,
                autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
        create index outbox_by_saga on outbox(saga, sequence);
        create index outbox_now on outbox(part, sequence) where due is null and not is_exhausted;
        create index outbox_due on outbox(part, due, due_nanos, sequence)
            where due is not null and not is_exhausted;

        create table timers(
            part smallint not null,
            due timestamptz not null, due_nanos smallint not null,
            saga bigint not null, number bigint not null,
            kind smallint not null, visit bigint not null, reminders bigint not null,
            armed bigint generated always as identity (cache 1),
            primary key(part, due, due_nanos, kind, armed))
            with (vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0,
                autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);

        create table operator_inputs(
            number bigint generated always as identity primary key,
            part smallint not null,
            tenant text collate "C" not null, workflow text collate "C" not null,
            key text collate "C" not null,
            person text not null,
            at timestamptz not null, at_nanos smallint not null,
            is_judged boolean not null default false,
            refusal text,
            letter bigint,
            body bytea not null);
        create index operator_inputs_open on operator_inputs(part, number) where not is_judged;
        create index operator_inputs_by_saga on operator_inputs(tenant, workflow, key);

        """

    private static let keepingTables = """
        create table dead_letters(
            number bigint generated always as identity primary key,
            tenant text collate "C" not null, event text collate "C" not null,
            outcome text,
            body bytea not null);
        create index dead_letters_by_event on dead_letters(tenant, event);
        create index dead_letters_open on dead_letters(number) where outcome is null;

        create table audit(
            number bigint generated always as identity primary key,
            at timestamptz not null, at_nanos smallint not null,
            tenant text collate "C" not null, workflow text collate "C", key text collate "C",
            person text not null, verb text not null,
            body bytea not null);
        create index audit_by_saga on audit(tenant, workflow, key, number);
        create function refuse_change() returns trigger language plpgsql as $$
        begin
            raise exception using errcode = 'MK002',
                message = 'a row of the audit can not be changed or deleted';
        end $$;
        create trigger audit_only_grows before update or delete or truncate on audit
            for each statement execute function refuse_change();

        create table definitions(
            workflow text collate "C" not null, version bigint not null,
            fingerprint text not null,
            file text not null,
            saved timestamptz not null, saved_nanos smallint not null,
            is_chosen boolean not null default false,
            is_retired boolean not null default false,
            text text not null,
            primary key(workflow, version));
        create unique index definitions_chosen on definitions(workflow) where is_chosen;
        create table includes(
            workflow text collate "C" not null, version bigint not null,
            path text collate "C" not null,
            text text not null,
            primary key(workflow, version, path));

        create table notes(name text collate "C" primary key, value text not null);

        """

    /// A lane is one committing connection of one process.
    ///
    /// Its row is the fence: written only by claim, renewal, takeover and end. Cursors are
    /// appended, never updated, so that a snapshot that somebody holds can not slow them; the
    /// newest row wins. `apart` has the places of partitions
    /// that are further ahead or behind than the others of their lane.
    private static let ownerTables = """
        create table meta(
            singleton boolean primary key default true check (singleton),
            system_identifier bigint not null);
        insert into meta(system_identifier) select system_identifier from pg_control_system();

        create table lanes(
            lane bigint generated always as identity primary key,
            epoch bigint not null default 1,
            owner text not null,
            is_whole boolean not null,
            lease_until timestamptz not null) with (fillfactor = 10);
        create table partitions(
            part smallint primary key, lane bigint references lanes,
            s1 pg_snapshot not null default '1:1:', s2 pg_snapshot,
            position bigint not null default 0) with (fillfactor = 10);
        insert into partitions(part) select generate_series(0, 63);
        create table cursors(
            lane bigint not null, seq bigint not null,
            s1 pg_snapshot not null, s2 pg_snapshot, position bigint not null,
            apart text,
            tx xid8 not null default pg_current_xact_id(),
            primary key(lane, seq));

        create function raise_expectation(what text, got bigint, want bigint) returns bigint
        language plpgsql as $$
        begin
            raise exception using errcode = 'MK001',
                message = format('%s: got %s, expected %s', what, got, want);
        end $$;
        create function expect(what text, got bigint, want bigint) returns bigint
        language sql stable as
        $$ select case when got = want then got else raise_expectation(what, got, want) end $$;

        """

    /// For people.
    private static let views = """
        create view sagas_readable as
        select saga as id, workflow as type, tenant, key, correlation as correlation_id,
            coalesce(status, 'held') as status, state as current_step,
            convert_from(body, 'UTF8')::json -> 'data' as data,
            convert_from(body, 'UTF8')::json -> 'visited' as steps,
            convert_from(body, 'UTF8')::json -> 'failure' as failure_reason,
            convert_from(body, 'UTF8')::json ->> 'startedAt' as started_at,
            updated as updated_at, ended as completed_at, version, definition_version
        from sagas;

        create view incidents as
        select tenant, workflow, key, saga, incident ->> 'code' as code,
            incident ->> 'message' as message, incident as details
        from sagas,
            json_array_elements(convert_from(body, 'UTF8')::json -> 'incidents') incident
        where ended is null;
        """
}
