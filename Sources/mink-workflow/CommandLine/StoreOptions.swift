// The store that a verb works on: a file, or a schema of a database.
import MinkDefinition
import MinkExpression
import MinkPostgres
import MinkSQLite
import MinkStore
import MinkTesting
import MinkWorkflow

/// What every store can do.
typealias AnyStore = DefinitionStore & PlaybackStore

extension Verb.Option {
    /// The options that say which store is meant.
    static let store = [
        Verb.Option(name: "--store", value: "FILE", summary: "a SQLite file"),
        Verb.Option(
            name: "--database", value: "URL",
            summary: "a PostgreSQL database; MINK_DATABASE_URL unless told"),
        Verb.Option(
            name: "--schema", value: "NAME", summary: "the schema of the database; mink unless told"
        ),
    ]
}

extension Arguments {
    /// Opens the store that was named.
    ///
    /// - Returns: The store; `nil` when none was named.
    func namedStore() async throws(StoreError) -> (any AnyStore)? {
        let database = value("--database") ?? Environment.variable("MINK_DATABASE_URL")
        if let file = value("--store") { return try SQLiteStore(file: file) }
        guard let database else { return nil }
        return try await PostgresStore(database, schema: value("--schema") ?? "mink")
    }

    /// Opens the store that was named, which has to be there.
    func existingStore() async throws(UsageError) -> any AnyStore {
        if has("--store"), has("--database") {
            throw UsageError(message: "--store and --database exclude each other")
        }
        if let file = value("--store"), FileSystem.kind(of: file) != .file {
            throw UsageError(message: "there is no store \"\(file)\"", code: .notFound)
        }
        do throws(StoreError) {
            if let store = try await namedStore() { return store }
        } catch {
            throw UsageError(message: error.message, code: error.exitCode)
        }
        throw UsageError(message: "say which store: --store FILE or --database URL")
    }
}

extension DefinitionStore {
    /// Every definition that the store keeps.
    func catalog() async throws(StoreError) -> Catalog {
        var catalog = Catalog()
        try DefinitionLoader.add(try await definitions(), to: &catalog)
        return catalog
    }
}
