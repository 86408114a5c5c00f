// The tables, as numbered steps. A step that was released never changes; what comes later is a
// further step. The number of steps taken is the database's `user_version`.
import MinkStore

enum Schema {
    /// Marks our databases: "MINK".
    private static let applicationID: Int64 = 0x4D49_4E4B

    /// Brings a database to the newest form; a new one gets all tables.
    ///
    /// - Throws: ``StoreError`` with code `corrupt` for a database of another program or of a newer
    ///   version of this one; nothing was written.
    static func migrate(_ connection: Connection) throws(StoreError) {
        let version = try version(of: connection)
        for (number, step) in steps.enumerated().dropFirst(version) {
            try Transactions(on: connection).run { () throws(StoreError) in
                try connection.execute(step)
                try connection.execute("pragma user_version = \(number + 1)")
                try connection.execute("pragma application_id = \(applicationID)")
            }
        }
    }

    /// How many steps a database has taken.
    static func version(of connection: Connection) throws(StoreError) -> Int {
        let application = try connection.integer("pragma application_id")
        let version = try connection.integer("pragma user_version")
        let tables = try connection.integer("select count(*) from sqlite_master")
        let isNew = application == 0 && version == 0 && tables == 0
        guard isNew || application == applicationID else {
            throw StoreError(
                code: .corrupt,
                message: "\"\(connection.file)\" is a database of another program; "
                    + "name another file")
        }
        guard version <= steps.count else {
            throw StoreError(
                code: .corrupt,
                message: "\"\(connection.file)\" was written by a newer version of mink-workflow "
                    + "(format \(version), known up to \(steps.count)); use that version")
        }
        return Int(version)
    }

    /// Moments are two columns, whole seconds since 1970 and nanoseconds behind them: one column
    /// would hold only the years 1678 to 2262.
    static let steps = [
        """
        create table events(
            position integer primary key,
            tenant text not null, id text not null,
            type text not null, stream text not null,
            time integer not null, time_nanos integer not null,
            appended integer not null, appended_nanos integer not null,
            correlation text, causation text, entries text,
            data text not null,
            unique(tenant, id));

        create table sagas(
            id integer primary key,
            tenant text not null, workflow text not null, key text not null,
            version integer not null,
            place integer not null,
            status text, state text,
            definition_version integer not null, fingerprint text not null,
            correlation text,
            ended integer, ended_nanos integer,
            body text not null,
            unique(tenant, workflow, key));
        create unique index sagas_by_place on sagas(place);
        create index sagas_live on sagas(place) where ended is null;
        create index sagas_ended on sagas(workflow, ended, ended_nanos) where ended is not null;
        create index sagas_by_correlation on sagas(correlation) where correlation is not null;

        create table history(
            saga integer not null, version integer not null,
            at integer not null, at_nanos integer not null,
            event integer, is_seen integer,
            body text not null,
            primary key(saga, version)) without rowid;

        create table outbox(
            sequence integer primary key,
            saga integer not null, id text not null unique,
            name text not null,
            due integer, due_nanos integer,
            attempts integer not null default 0,
            is_last integer not null default 0,
            is_exhausted integer not null default 0,
            error text,
            body text not null);
        create index outbox_by_saga on outbox(saga);
        create index outbox_now on outbox(sequence) where due is null and is_exhausted = 0;
        create index outbox_due on outbox(due, due_nanos, sequence)
            where due is not null and is_exhausted = 0;

        create table timers(
            saga integer not null, number integer not null,
            kind integer not null,
            due integer not null, due_nanos integer not null,
            visit integer not null, reminders integer not null,
            armed integer not null,
            primary key(saga, number)) without rowid;
        create index timers_due on timers(due, due_nanos, kind, armed);

        create table seen_values(
            saga integer not null, event text not null, value text not null,
            primary key(saga, event, value)) without rowid;

        create table dead_letters(
            number integer primary key autoincrement,
            tenant text not null, event text not null,
            outcome text,
            body text not null);
        create index dead_letters_by_event on dead_letters(tenant, event);
        create index dead_letters_open on dead_letters(number) where outcome is null;

        create table operator_inputs(
            number integer primary key autoincrement,
            tenant text not null, workflow text not null, key text not null,
            person text not null,
            at integer not null, at_nanos integer not null,
            is_judged integer not null default 0,
            refusal text,
            letter integer,
            body text not null);
        create index operator_inputs_open on operator_inputs(number) where is_judged = 0;
        create index operator_inputs_by_saga on operator_inputs(tenant, workflow, key);

        create table audit(
            number integer primary key autoincrement,
            at integer not null, at_nanos integer not null,
            tenant text not null, workflow text, key text,
            person text not null, verb text not null,
            body text not null);
        create index audit_by_saga on audit(tenant, workflow, key, number);
        create trigger audit_is_not_changed before update on audit
            begin select raise(abort, 'a row of the audit can not be changed'); end;
        create trigger audit_is_not_deleted before delete on audit
            begin select raise(abort, 'a row of the audit can not be deleted'); end;

        create table definitions(
            workflow text not null, version integer not null,
            fingerprint text not null,
            file text not null,
            saved integer not null, saved_nanos integer not null,
            is_chosen integer not null default 0,
            is_retired integer not null default 0,
            text text not null,
            primary key(workflow, version)) without rowid;
        create table includes(
            workflow text not null, version integer not null, path text not null,
            text text not null,
            primary key(workflow, version, path)) without rowid;

        create table shelf(
            singleton integer primary key check(singleton = 1), number integer not null);
        insert into shelf values (1, 0);
        create table load_failures(
            folder text not null, place integer not null,
            file text not null, line integer not null, col integer not null,
            code text, message text not null,
            at integer not null, at_nanos integer not null,
            primary key(folder, place)) without rowid;

        create table notes(name text primary key, value text not null) without rowid;
        create table cursor(
            singleton integer primary key check(singleton = 1), position integer not null);
        insert into cursor values (1, 0);
        """
    ]
}
