// The store that a verb works on: a file, or a schema of a database.
import MinkDefinition
import MinkExpression
import MinkPostgres
import MinkSQLite
import MinkStore
import MinkTesting
import MinkWorkflow

/// What every store can do.
typealias AnyStore = ClosableStore & DefinitionStore & PlaybackStore & StoreCensus
    & StoreInspection

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
    func namedStore(
        _ options: PostgresOptions = PostgresOptions()
    ) async throws(UsageError) -> (any AnyStore)? {
        if has("--store"), has("--database") {
            throw UsageError(message: "--store and --database exclude each other")
        }
        let database = value("--database") ?? Environment.variable("MINK_DATABASE_URL")
        do throws(StoreError) {
            if let file = value("--store") { return try SQLiteStore(file: file) }
            guard let database else { return nil }
            return try await PostgresStore(
                database, schema: value("--schema") ?? "mink", options: options)
        } catch {
            throw UsageError(message: error.message, code: error.exitCode)
        }
    }

    /// Opens the store that was named, or one in memory that ends with the process.
    func storeOfRun() async throws(UsageError) -> any AnyStore {
        if let store = try await namedStore() { return store }
        do throws(StoreError) {
            return try SQLiteStore(file: ":memory:")
        } catch {
            throw UsageError(message: error.message, code: error.exitCode)
        }
    }

    /// Opens the store that was named, or the file in which a served engine keeps its sagas.
    ///
    /// - Parameter lease: How long a silent engine keeps its work; `nil` leaves the default.
    /// - Returns: The store.
    /// - Throws: ``UsageError`` if it can not be opened.
    func storeOfServe(lease: Duration?) async throws(UsageError) -> any AnyStore {
        var options = PostgresOptions()
        if let lease { options.leaseTime = lease }
        if let store = try await namedStore(options) { return store }
        do throws(StoreError) {
            return try SQLiteStore(file: "mink-workflow.sqlite")
        } catch {
            throw UsageError(message: error.message, code: error.exitCode)
        }
    }

    /// A span of time above zero, as in `10s`; `nil` when the option was not given.
    func duration(_ name: String) throws(UsageError) -> Duration? {
        guard let text = value(name) else { return nil }
        guard let duration = DurationText.parse(text), duration > .zero else {
            throw UsageError(message: "\(name) needs a time such as 10s, not \"\(text)\"")
        }
        return duration
    }

    /// Opens the store that was named, which has to be there.
    func existingStore() async throws(UsageError) -> any AnyStore {
        if let file = value("--store"), FileSystem.kind(of: file) != .file {
            throw UsageError(message: "there is no store \"\(file)\"", code: .notFound)
        }
        if let store = try await namedStore() { return store }
        throw UsageError(message: "say which store: --store FILE or --database URL")
    }
}

/// Works on a store and closes it, however that ends.
func withStore<Result>(
    _ store: any AnyStore, _ body: (any AnyStore) async throws(StoreError) -> Result
) async throws(UsageError) -> Result {
    do throws(StoreError) {
        let result = try await body(store)
        await store.close()
        return result
    } catch {
        await store.close()
        throw UsageError(message: error.message, code: error.exitCode)
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
