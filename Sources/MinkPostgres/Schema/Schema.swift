// The tables of a schema, as numbered steps. A step that was released never changes; what comes
// later is a further step.
import MinkStore

/// Brings a schema to the newest form.
struct Schema {
    /// The name of the schema, as the operator chose it.
    let name: String

    static let steps = [tables]

    /// The name between double quotes, as SQL wants it.
    var quoted: String {
        "\""
            + name.split(separator: "\"", omittingEmptySubsequences: false).joined(
                separator: "\"\"")
            + "\""
    }

    /// Whether PostgreSQL takes the name whole.
    var isNamedWell: Bool {
        !name.isEmpty && name.utf8.count <= 63 && !name.utf8.contains(0) && !name.hasPrefix("pg_")
    }

    /// Creates what is missing, one process at a time; what is there already is left.
    ///
    /// - Throws: ``StoreError`` with code `corrupt` for a schema of another program or of a newer
    ///   version of this one; nothing was written.
    func migrate(_ session: Session) throws(StoreError) {
        guard isNamedWell else {
            throw StoreError(
                code: .unavailable,
                message: "\"\(name)\" can not name a schema; use 1 to 63 letters that do not begin "
                    + "with \"pg_\"")
        }
        if try version(session) == Self.steps.count { return }
        try session.transaction { () throws(StoreError) in
            // Held to the end of the transaction, so that two processes never migrate together.
            try session.run(.lockMigrations, Parameters().add(name))
            let version = try version(session)
            try session.script("create schema if not exists \(quoted)")
            if version == 0 {
                try session.script(
                    "create table migrations(number integer primary key, "
                        + "applied timestamptz not null default now())")
            }
            for (number, step) in Self.steps.enumerated().dropFirst(version) {
                try session.script(step)
                try session.script("insert into migrations(number) values (\(number + 1))")
            }
        }
    }

    /// How many steps the schema has taken.
    func version(_ session: Session) throws(StoreError) -> Int {
        let (tables, isOurs) =
            try session.run(.schemaTables, Parameters().add(name))
            .first { row throws(StoreError) in (row.int(), row.flag()) } ?? (0, false)
        guard tables > 0 else { return 0 }
        guard isOurs else {
            throw StoreError(
                code: .corrupt,
                message: "the schema \"\(name)\" belongs to another program; name another one")
        }
        // By script: the table may be made by this very transaction.
        let version = try session.run(.schemaVersion).first { $0.int() } ?? 0
        guard version <= Self.steps.count else {
            throw StoreError(
                code: .corrupt,
                message: "the schema \"\(name)\" was written by a newer version of mink-workflow "
                    + "(format \(version), known up to \(Self.steps.count)); use that version")
        }
        return version
    }
}

extension Statement {
    static let lockMigrations = Statement(
        "lock_migrations",
        "select pg_advisory_xact_lock(1296649803, hashtext($1::text))")

    static let schemaTables = Statement(
        "schema_tables",
        """
        select count(*), coalesce(bool_or(c.relname = 'migrations'), false)
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where n.nspname = $1::text and c.relkind in ('r', 'v', 'p')
        """)

    static let schemaVersion = Statement(
        "schema_version", "select coalesce(max(number), 0) from migrations")
}
