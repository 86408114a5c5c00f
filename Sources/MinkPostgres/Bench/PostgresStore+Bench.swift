// What a bench asks of the store and its server: how much was written, rows that stand in the
// background, and the end of a schema that was made for it.
package import MinkEngine

package import MinkStore

extension PostgresStore {
    /// What the server has written since it was set up.
    package struct Written: Sendable {
        /// Bytes of write-ahead log.
        package let bytes: Int64
        /// Transactions that wrote, of all databases.
        package let transactions: Int64
    }

    /// What the server has written up to now; asking counts as one transaction.
    ///
    /// - Returns: The counts of the server.
    /// - Throws: ``StoreError`` if the server can not be asked.
    package func written() async throws(StoreError) -> Written {
        try await asked { session throws(StoreError) in
            try session.run(.written).first { row in
                Written(bytes: row.integer(), transactions: row.integer())
            } ?? Written(bytes: 0, transactions: 0)
        }
    }

    /// Puts sagas beside those that are measured, as many as a system has that is in use.
    ///
    /// - Parameters:
    ///   - finished: How many have ended, each as this instance.
    ///   - sleeping: How many wait for a day that is far away, each as this instance.
    ///   - counts: How many of each.
    /// - Throws: ``StoreError`` if they can not be written.
    package func addBackground(
        finished: Instance, sleeping: Instance, counts: (finished: Int, sleeping: Int)
    ) async throws(StoreError) {
        let bodies = [try StoredForm.encode(finished), try StoredForm.encode(sleeping)]
        try await asked { session throws(StoreError) in
            try Self.add(counts.finished, by: .finishedBackground, bodies[0], session)
            try Self.add(counts.sleeping, by: .sleepingBackground, bodies[1], session)
            for table in ["sagas", "timers"] { try session.script("analyze \(table)") }
        }
    }

    /// Writes rows in lots, each well within the time that a statement may take.
    private static func add(
        _ count: Int, by statement: Statement, _ body: [UInt8], _ session: Session
    ) throws(StoreError) {
        let size = 20_000
        for start in stride(from: 1, through: count, by: size) {
            let end = min(count, start + size - 1)
            try session.run(statement, Parameters().add([body]).add(start).add(end))
        }
    }

    /// Removes the schema with all that is in it; the store is of no use afterwards.
    package func removeSchema() async throws(StoreError) {
        try await asked { session throws(StoreError) in
            try session.script("drop schema \(session.address.schema.quoted) cascade")
        }
    }
}

extension Statement {
    /// The number of the next transaction tells how many have written.
    static let written = Statement(
        "written",
        """
        select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint,
            pg_current_xact_id()::text::bigint
        """)

    /// Numbers below zero, so that they never meet those that are given out.
    static let finishedBackground = Statement(
        "finished_background",
        """
        insert into sagas(saga, part, tenant, workflow, key, version, place, status, state,
            definition_version, fingerprint, correlation, ended, ended_nanos, body)
        select -n, n % 64, '', 'BenchOrder', 'finished-' || n, 4, -n, 'completed', 'Completed', 1,
            'background', 'request-' || n, now() - n * interval '1 s', 0, ($1::bytea[])[1]
        from generate_series($2::bigint, $3::bigint) n
        """)

    static let sleepingBackground = Statement(
        "sleeping_background",
        """
        with s as (
            insert into sagas(saga, part, tenant, workflow, key, version, place, status, state,
                definition_version, fingerprint, correlation, body)
            select -100000000 - n, n % 64, '', 'BenchOrder', 'sleeping-' || n, 2, -100000000 - n,
                'running', 'ReservingInventory', 1, 'background', 'request-' || n,
                ($1::bytea[])[1]
            from generate_series($2::bigint, $3::bigint) n)
        insert into timers(part, due, due_nanos, saga, number, kind, visit, reminders)
        select n % 64, now() + interval '100 days' + n * interval '1 s', 0, -100000000 - n, 1, 0,
            0, 0
        from generate_series($2::bigint, $3::bigint) n
        """)
}
