// Looks at a database from outside: its tables, its settings, its rights, and whether work piles up.
// Takes no lane and changes nothing, so it works while engines live and where none can.
package import MinkExpression
package import MinkStore

/// Looks at a schema of a database.
package final class PostgresInspector: Sendable {
    private let worker: Worker<Session>
    private let address: Address

    /// Looks at a schema, which may be missing or older.
    ///
    /// - Throws: ``StoreError`` with code `unavailable` if no thread can be had.
    package init(
        _ url: String, schema: String, options: PostgresOptions = PostgresOptions()
    ) throws(StoreError) {
        var options = options
        // What is unsafe is what is looked for.
        options.allowDataLoss = true
        let address = Address(url: url, schema: Schema(name: schema), options: options)
        self.address = address
        worker = try Worker {
            let session = Session(address)
            session.checksIdentity = false
            return session
        }
    }

    package func close() {
        worker.submit { $0.disconnect() }
        worker.close()
    }

    /// What the database is, and how far its tables are.
    package func status() async throws(StoreError) -> StoreStatus {
        try await worker.run { session throws(StoreError) in try Self.status(session) }
    }

    /// Looks at everything.
    ///
    /// - Parameter clock: The time of this machine.
    /// - Returns: What was found, the ground first.
    /// - Throws: ``StoreError`` if the database can not be asked.
    package func checks(
        _ clock: @escaping @Sendable () -> Timestamp
    ) async throws(StoreError) -> [StoreCheck] {
        try await worker.run { session throws(StoreError) in
            let status = try Self.status(session)
            var checks = [Self.check(status)]
            checks += try Self.server(session)
            checks.append(try Self.clocks(session, clock))
            checks += try Self.transactions(session)
            guard status.isCurrent else { return checks }
            checks.append(Self.identity(session))
            checks += try Self.rights(session)
            let lanes = try Self.lanes(session)
            checks.append(lanes.check)
            checks += try Self.counts(session).checks(isWorkedOn: lanes.areAlive)
            checks.append(try Self.bloat(session))
            return checks
        }
    }

    private static func status(_ session: Session) throws(StoreError) -> StoreStatus {
        let (version, database) =
            try session.run(.inspectServer).first { row in (row.text(), row.text()) } ?? ("", "")
        let schema = session.address.schema
        return StoreStatus(
            server: "PostgreSQL \(version)",
            place: "database \"\(database)\", schema \"\(schema.name)\"",
            format: try schema.version(session), known: Schema.steps.count)
    }

    private static func check(_ status: StoreStatus) -> StoreCheck {
        let words = "format \(status.format) of \(status.known), on \(status.server)"
        return status.isCurrent
            ? StoreCheck("tables", .ok, words)
            : StoreCheck("tables", .fail, words, next: "mink-workflow db migrate")
    }

    private static func identity(_ session: Session) -> StoreCheck {
        do throws(StoreError) {
            try ServerIdentity.check(session)
            return StoreCheck("server", .ok, "the log stands where it was written")
        } catch {
            return StoreCheck(
                "server", .fail, error.message, next: "do not start an engine on it as it is")
        }
    }

    private static func clocks(
        _ session: Session, _ clock: () -> Timestamp
    ) throws(StoreError) -> StoreCheck {
        let before = clock()
        let there = try session.run(.inspectClock).first { row throws(StoreError) in
            try row.moment()
        }
        let after = clock()
        guard let there else { return StoreCheck("clock", .warn, "the server told no time") }
        let early = before.since(there)
        let late = there.since(after)
        let gap = max(max(early, late), .zero)
        let words = "this machine and the database differ by \(gap.milliseconds) ms or less"
        return gap < .seconds(2)
            ? StoreCheck("clock", .ok, words)
            : StoreCheck(
                "clock", .warn, "this machine and the database differ by \(gap.milliseconds) ms",
                next: "set both by the same time server")
    }
}
