// The texts of definitions and the shelf they stand on.
package import MinkExpression
package import MinkStore

extension PostgresStore: DefinitionStore {
    package func save(_ definition: StoredDefinition, at now: Timestamp) async throws(StoreError) {
        try await shared { session throws(StoreError) in
            try DefinitionTable.save(definition, at: now, session)
        }
    }

    package func publish(
        _ definition: StoredDefinition, recording entry: AuditEntry
    ) async throws(StoreError) {
        try await shared { session throws(StoreError) in
            try session.transaction { () throws(StoreError) in
                try DefinitionTable.save(definition, at: entry.at, session)
                try session.pipeline([try AuditTable.appending([entry])])
            }
        }
    }

    package func definitions() async throws(StoreError) -> [StoredDefinition] {
        try await asked { session throws(StoreError) in try DefinitionTable.all(session) }
    }

    package func definition(
        of workflow: String, version: Int
    ) async throws(StoreError) -> StoredDefinition? {
        try await asked { session throws(StoreError) in
            try DefinitionTable.one(of: workflow, version: version, session)
        }
    }

    package func shelfNumber() async throws(StoreError) -> Int64 {
        try await asked { session throws(StoreError) in try ShelfTable.number(session) }
    }

    package func shelf() async throws(StoreError) -> DefinitionShelf {
        try await asked { session throws(StoreError) in try ShelfTable.shelf(session) }
    }

    package func choose(
        _ version: Int?, of workflow: String, recording entry: AuditEntry
    ) async throws(StoreError) {
        try await shared { session throws(StoreError) in
            try ShelfTable.choose(version, of: workflow, recording: entry, session)
        }
    }

    package func retire(
        _ version: Int, of workflow: String, recording entry: AuditEntry
    ) async throws(StoreError) {
        try await shared { session throws(StoreError) in
            try ShelfTable.retire(version, of: workflow, recording: entry, session)
        }
    }

    package func definitionUses() async throws(StoreError) -> [DefinitionUse] {
        try await asked { session throws(StoreError) in try ShelfTable.uses(session) }
    }

    package func loadFailures() async throws(StoreError) -> [LoadFailure] {
        try await asked { session throws(StoreError) in try ShelfTable.failures(session) }
    }

    package func keepLoadFailures(
        _ failures: [LoadFailure], of folder: String
    ) async throws(StoreError) {
        try await shared { session throws(StoreError) in
            try ShelfTable.keep(failures, of: folder, session)
        }
    }
}
