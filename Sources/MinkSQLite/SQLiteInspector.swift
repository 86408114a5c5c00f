// Looks at a file from outside: its tables, whether it is whole, and whether work piles up.
import MinkEngine
package import MinkStore

/// Looks at a SQLite file that no engine works on.
package struct SQLiteInspector: Sendable {
    private let file: String

    package init(file: String) {
        self.file = file
    }

    /// What the file is, and how far its tables are.
    ///
    /// - Throws: ``StoreError`` with code `occupied` if a process has the file open, and `corrupt`
    ///   if it is no database of ours.
    package func status() throws(StoreError) -> StoreStatus {
        let connection = try Connection(file: file)
        return try status(connection)
    }

    private func status(_ connection: Connection) throws(StoreError) -> StoreStatus {
        let version =
            try Statement("select sqlite_version()", on: connection)
            .first { $0.text() } ?? ""
        return StoreStatus(
            server: "SQLite \(version)", place: "file \"\(file)\"",
            format: try Schema.version(of: connection), known: Schema.steps.count)
    }

    /// Looks at everything.
    package func checks() throws(StoreError) -> [StoreCheck] {
        let connection = try Connection(file: file)
        let status = try status(connection)
        let words = "format \(status.format) of \(status.known), on \(status.server)"
        guard status.isCurrent else {
            return [StoreCheck("tables", .fail, words, next: "mink-workflow db migrate")]
        }
        var checks = [StoreCheck("tables", .ok, words), try wholeness(connection)]
        checks.append(
            StoreCheck("durability", .ok, "every commit waits for the disk (synchronous = full)"))
        let triggers = try connection.integer(
            "select count(*) from sqlite_master where type = 'trigger' and tbl_name = 'audit'")
        checks.append(
            triggers == 2
                ? StoreCheck("audit", .ok, "no entry can be changed or deleted")
                : StoreCheck(
                    "audit", .fail, "the record of changes can be changed",
                    next: "find out who dropped its triggers, and restore a copy"))
        checks += try counts(connection).checks(isWorkedOn: false)
        checks.append(try room(connection))
        return checks
    }

    private func wholeness(_ connection: Connection) throws(StoreError) -> StoreCheck {
        let found = try Statement("pragma quick_check(1)", on: connection).first { $0.text() } ?? ""
        return found == "ok"
            ? StoreCheck("file", .ok, "it is whole")
            : StoreCheck("file", .fail, "it is damaged: \(found)", next: "restore a copy of it")
    }

    private func counts(_ connection: Connection) throws(StoreError) -> WorkCounts {
        var counts = WorkCounts()
        counts.unjudged = try connection.integer(
            "select count(*) from events where position > (select position from cursor)")
        counts.untried = try connection.integer(
            "select count(*) from outbox where due is null and is_exhausted = 0 and attempts = 0")
        counts.waiting = try connection.integer(
            "select count(*) from outbox where due is not null and is_exhausted = 0")
        counts.exhausted = try connection.integer(
            "select count(*) from outbox where is_exhausted = 1")
        counts.deadLetters = try connection.integer(
            "select count(*) from dead_letters where outcome is null")
        counts.incidents =
            try Statement("select count(*) from sagas where instr(body, ?) > 0", on: connection)
            .bind(InstanceFilter.Content.incidents.mark).first { $0.integer() } ?? 0
        return counts
    }

    /// How much of the file nobody uses.
    private func room(_ connection: Connection) throws(StoreError) -> StoreCheck {
        let pages = try connection.integer("pragma page_count")
        let free = try connection.integer("pragma freelist_count")
        let isLoose = pages > 10_000 && free * 2 > pages
        return StoreCheck(
            "room", isLoose ? .warn : .ok, "\(free) of \(pages) pages are free",
            next: isLoose ? "stop the engine, then: sqlite3 \"\(file)\" vacuum" : "")
    }
}
