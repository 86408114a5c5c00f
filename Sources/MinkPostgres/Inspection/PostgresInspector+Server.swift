// What the server is set to, who may do what, and what holds it up.
import MinkStore

extension PostgresInspector {
    /// Settings with which something confirmed can be lost.
    static func server(_ session: Session) throws(StoreError) -> [StoreCheck] {
        let unsafe = try session.run(.unsafeSettings).map { $0.text() }
        let found = try session.run(.inspectSettings).first { row in
            (isStandby: row.flag(), vacuums: row.flag(), follows: row.int(), waits: row.flag())
        }
        guard let found else { return [] }
        var checks = [
            StoreCheck(
                "durability", unsafe.isEmpty ? .ok : .fail,
                unsafe.isEmpty
                    ? "fsync, full_page_writes and synchronous_commit are on"
                    : "\(unsafe.joined(separator: ", ")) is off: what was confirmed can be lost",
                next: unsafe.isEmpty ? "" : "turn it on in postgresql.conf, and reload the server")
        ]
        checks.append(
            found.isStandby
                ? StoreCheck(
                    "primary", .fail, "this is a standby, which can only be read",
                    next: "connect to the primary: target_session_attrs=read-write")
                : StoreCheck("primary", .ok, "this is the primary"))
        if found.follows > 0 {
            checks.append(
                found.waits
                    ? StoreCheck("replicas", .ok, "\(found.follows) follow, and commits wait")
                    : StoreCheck(
                        "replicas", .warn,
                        "\(found.follows) follow, and no commit waits for them: a failover can "
                            + "lose what was confirmed",
                        next: "set synchronous_standby_names, or accept the loss"))
        }
        checks.append(
            found.vacuums
                ? StoreCheck("autovacuum", .ok, "on")
                : StoreCheck(
                    "autovacuum", .fail, "off: tables grow without end", next: "turn it on"))
        return checks
    }

    /// Tries what must be forbidden.
    static func rights(_ session: Session) throws(StoreError) -> [StoreCheck] {
        let found = try session.run(
            .inspectRights, Parameters().add(session.address.schema.name)
        ).first { row in
            (user: row.text(), isSuper: row.flag(), publicUses: row.flag(), granted: row.int())
        }
        guard let found else { return [] }
        var checks = [
            found.isSuper
                ? StoreCheck(
                    "user", .warn, "\(found.user) is a superuser, whom nothing is forbidden",
                    next: "connect as a user that owns the schema and nothing else")
                : StoreCheck("user", .ok, "\(found.user) is no superuser")
        ]
        checks.append(
            found.publicUses || found.granted > 0
                ? StoreCheck(
                    "schema", .fail, "every user of the database can reach into the schema",
                    next: "revoke all on schema \(session.address.schema.quoted) from public, and "
                        + "on its tables")
                : StoreCheck("schema", .ok, "other users can not reach into it unless granted"))
        checks.append(try audit(session))
        return checks
    }

    /// Tries to change and to delete what must stay; nothing is changed when that is allowed.
    private static func audit(_ session: Session) throws(StoreError) -> StoreCheck {
        for attempt in [
            "update audit set verb = verb where false", "delete from audit where false",
        ] {
            do throws(StoreError) {
                try session.transaction { () throws(StoreError) in try session.script(attempt) }
                return StoreCheck(
                    "audit", .fail, "the record of changes can be changed",
                    next: "create the trigger audit_only_grows again, as db migrate does")
            } catch {
                // Refused by the table itself, as it should be; anything else says nothing.
                guard error.message.contains("MK002") else { throw error }
            }
        }
        return StoreCheck("audit", .ok, "no entry can be changed or deleted")
    }

    /// What keeps the server from cleaning up, and from ending.
    static func transactions(_ session: Session) throws(StoreError) -> [StoreCheck] {
        let found = try session.run(.inspectTransactions).first { row in
            (
                oldest: row.integer(), who: row.text(), prepared: row.int(), slots: row.int(),
                age: row.integer()
            )
        }
        guard let found else { return [] }
        let level: StoreCheck.Level =
            found.oldest > 3_600 ? .fail : found.oldest > 60 ? .warn : .ok
        var checks = [
            StoreCheck(
                "snapshots", level,
                found.oldest == 0
                    ? "no transaction is open for long"
                    : "the oldest open transaction is \(found.oldest) s old (\(found.who))",
                next: level == .ok ? "" : "end it: pg_terminate_backend, or its program")
        ]
        if found.prepared > 0 {
            checks.append(
                StoreCheck(
                    "prepared", .warn, "\(found.prepared) prepared transactions are left open",
                    next: "commit or roll them back: select * from pg_prepared_xacts"))
        }
        if found.slots > 0 {
            checks.append(
                StoreCheck(
                    "slots", .warn,
                    "\(found.slots) replication slots have no reader and keep "
                        + "everything", next: "drop those that nobody needs: pg_replication_slots"))
        }
        if found.age > 1_000_000_000 {
            checks.append(
                StoreCheck(
                    "numbers", .fail, "the oldest transaction number is \(found.age) behind",
                    next: "vacuum the database before it stops at two billion"))
        }
        return checks
    }
}

extension Statement {
    static let inspectServer = Statement(
        "inspect_server",
        "select current_setting('server_version'), current_database()::text")

    static let inspectClock = Statement(
        "inspect_clock", "select clock_timestamp(), 0::smallint")

    static let inspectSettings = Statement(
        "inspect_settings",
        """
        select pg_is_in_recovery(),
            current_setting('autovacuum') = 'on' and current_setting('track_counts') = 'on',
            (select count(*) from pg_stat_replication),
            current_setting('synchronous_standby_names') <> ''
        """)

    static let inspectRights = Statement(
        "inspect_rights",
        """
        select current_user::text, (select rolsuper from pg_roles where rolname = current_user),
            coalesce((select bool_or(a.grantee = 0) from pg_namespace n, aclexplode(n.nspacl) a
                where n.nspname = $1::text), false),
            (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace,
                aclexplode(c.relacl) a where n.nspname = $1::text and a.grantee = 0)
        """)

    static let inspectTransactions = Statement(
        "inspect_transactions",
        """
        select coalesce(extract(epoch from clock_timestamp() - o.xact_start), 0)::bigint,
            coalesce('process ' || o.pid || ', ' || coalesce(nullif(o.application_name, ''),
                o.usename, 'unknown') || ', ' || coalesce(o.state, ''), ''),
            (select count(*) from pg_prepared_xacts),
            (select count(*) from pg_replication_slots where not active),
            (select max(age(datfrozenxid)) from pg_database)::bigint
        from (select 1) one left join lateral (
            select * from pg_stat_activity
            where pid <> pg_backend_pid() and backend_type = 'client backend'
                and xact_start < clock_timestamp() - interval '10 s'
            order by xact_start limit 1) o on true
        """)
}
