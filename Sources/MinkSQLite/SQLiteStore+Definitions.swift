// The texts of definitions and the shelf they stand on.
package import MinkExpression
package import MinkStore

extension SQLiteStore: DefinitionStore {
    package func save(_ definition: StoredDefinition, at now: Timestamp) async throws(StoreError) {
        try changed { session throws(StoreError) in
            try session.definitions.save(definition, at: now)
        }
    }

    package func publish(
        _ definition: StoredDefinition, recording entry: AuditEntry
    ) async throws(StoreError) {
        try changed { session throws(StoreError) in
            try session.definitions.save(definition, at: entry.at)
            try session.audit.append(entry)
        }
    }

    package func definitions() async throws(StoreError) -> [StoredDefinition] {
        try locked { session throws(StoreError) in try session.definitions.all() }
    }

    package func definition(
        of workflow: String, version: Int
    ) async throws(StoreError) -> StoredDefinition? {
        try locked { session throws(StoreError) in
            try session.definitions.one(of: workflow, version: version)
        }
    }

    package func shelfNumber() async throws(StoreError) -> Int64 {
        try locked { session throws(StoreError) in try session.shelf.number() }
    }

    package func shelf() async throws(StoreError) -> DefinitionShelf {
        try locked { session throws(StoreError) in try session.shelf.shelf() }
    }

    package func choose(
        _ version: Int?, of workflow: String, recording entry: AuditEntry
    ) async throws(StoreError) {
        try changed { session throws(StoreError) in
            try session.shelf.choose(version, of: workflow)
            try session.audit.append(entry)
        }
    }

    package func retire(
        _ version: Int, of workflow: String, recording entry: AuditEntry
    ) async throws(StoreError) {
        try changed { session throws(StoreError) in
            try session.shelf.retire(version, of: workflow)
            try session.audit.append(entry)
        }
    }

    package func definitionUses() async throws(StoreError) -> [DefinitionUse] {
        try locked { session throws(StoreError) in try session.shelf.uses() }
    }

    package func loadFailures() async throws(StoreError) -> [LoadFailure] {
        try locked { session throws(StoreError) in try session.shelf.failures() }
    }

    package func keepLoadFailures(
        _ failures: [LoadFailure], of folder: String
    ) async throws(StoreError) {
        try changed { session throws(StoreError) in
            try session.shelf.keep(failures, of: folder)
        }
    }

    /// Runs a body that writes, in a transaction.
    private func changed(_ body: (Session) throws(StoreError) -> Void) throws(StoreError) {
        try locked { session throws(StoreError) in
            try session.transactions.run { () throws(StoreError) in try body(session) }
        }
    }
}
