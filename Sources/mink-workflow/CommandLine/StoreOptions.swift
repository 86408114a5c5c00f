// The store that a verb works on: a file, or a schema of a database.
import MinkDefinition
import MinkExpression
import MinkPostgres
import MinkPublishers
import MinkSQLite
import MinkStore
import MinkTesting
import MinkWorkflow

/// What every store can do.
typealias AnyStore = ClosableStore & DefinitionStore & OperatorStore & PlaybackStore & StoreCensus
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

    /// The same, where a settings file may name the store too.
    static let liveStore =
        store + [
            Verb.Option(
                name: "--config", value: "FILE",
                summary: "the settings, whose \"store\" is taken unless told otherwise")
        ]
}

/// Where a store is.
enum StorePlace {
    case file(String)
    case database(String, schema: String)

    /// Opens the store, and brings its tables to the newest form.
    func open(
        _ options: PostgresOptions = PostgresOptions()
    ) async throws(UsageError) -> any AnyStore {
        try await told { () throws(StoreError) -> any AnyStore in
            switch self {
            case .file(let file): try SQLiteStore(file: file)
            case .database(let url, let schema):
                try await PostgresStore(url, schema: schema, options: options)
            }
        }
    }

    /// How far its tables are; nothing is changed.
    func status() async throws(UsageError) -> StoreStatus {
        try await told { () throws(StoreError) in
            switch self {
            case .file(let file): return try SQLiteInspector(file: file).status()
            case .database(let url, let schema):
                let inspector = try PostgresInspector(url, schema: schema)
                defer { inspector.close() }
                return try await inspector.status()
            }
        }
    }

    /// How it stands; nothing is changed.
    func checks() async throws(UsageError) -> [StoreCheck] {
        try await told { () throws(StoreError) in
            switch self {
            case .file(let file): return try SQLiteInspector(file: file).checks()
            case .database(let url, let schema):
                let inspector = try PostgresInspector(url, schema: schema)
                defer { inspector.close() }
                return try await inspector.checks { SystemClock().now() }
            }
        }
    }

    private func told<Result>(
        _ body: () async throws(StoreError) -> Result
    ) async throws(UsageError) -> Result {
        do throws(StoreError) {
            return try await body()
        } catch {
            throw UsageError(message: error.message, code: error.exitCode)
        }
    }
}

extension Arguments {
    /// The store that the command line or the environment names; `nil` when none does.
    private func namedPlace() throws(UsageError) -> StorePlace? {
        if has("--store"), has("--database") {
            throw UsageError(message: "--store and --database exclude each other")
        }
        if let file = value("--store") { return .file(file) }
        guard let url = value("--database") ?? Environment.variable("MINK_DATABASE_URL") else {
            return nil
        }
        return .database(url, schema: value("--schema") ?? "mink")
    }

    /// The store that the settings name where nothing else does; `nil` when they do not either.
    private func configuredPlace() throws(UsageError) -> StorePlace? {
        if let named = try namedPlace() { return named }
        return try settings()?.place(schema: value("--schema"))
    }

    /// The store that the command line, the environment or the settings name, in this order.
    ///
    /// - Parameter mayBeNew: Whether a file that is not there is one to be made.
    /// - Returns: Where it is.
    /// - Throws: ``UsageError`` if nobody names one, or the file is missing.
    func storePlace(mayBeNew: Bool = false) throws(UsageError) -> StorePlace {
        guard let place = try configuredPlace() else {
            throw UsageError(
                message: "say which store: --store FILE, --database URL, or \"store\" in "
                    + "mink-workflow.json")
        }
        if case .file(let file) = place, !mayBeNew, FileSystem.kind(of: file) != .file {
            throw UsageError(message: "there is no store \"\(file)\"", code: .notFound)
        }
        return place
    }

    /// What the settings file says; `nil` when there is none.
    func settings() throws(UsageError) -> ProjectSettings? {
        guard let read = try loadSettings(self) else { return nil }
        guard let error = read.findings.first(where: { $0.severity == .error }) else {
            var settings = read.settings
            if case .sqlite(let file) = settings.store, !file.hasPrefix("/") {
                let folder = read.source.file.split(
                    separator: "/", omittingEmptySubsequences: false
                )
                .dropLast().joined(separator: "/")
                settings.store = .sqlite(folder.isEmpty ? file : "\(folder)/\(file)")
            }
            return settings
        }
        throw UsageError(
            message: "\(read.source.file):\(error.span.line): \(error.sentence); "
                + "mink-workflow validate shows more")
    }

    /// Opens the store that was named, or one in memory that ends with the process.
    ///
    /// The settings are not asked: the clock of a run is not that of the world.
    func storeOfRun() async throws(UsageError) -> any AnyStore {
        try await (namedPlace() ?? .file(":memory:")).open()
    }

    /// Opens the store that was named, or the file in which a served engine keeps its sagas.
    ///
    /// - Parameter lease: How long a silent engine keeps its work; `nil` leaves the default.
    /// - Returns: The store.
    /// - Throws: ``UsageError`` if it can not be opened.
    func storeOfServe(lease: Duration?) async throws(UsageError) -> any AnyStore {
        var options = PostgresOptions()
        if let lease { options.leaseTime = lease }
        return try await (configuredPlace() ?? .file("mink-workflow.sqlite")).open(options)
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
        try await storePlace().open()
    }
}

extension ProjectSettings {
    /// Where the store is; `nil` when the file does not say.
    fileprivate func place(schema: String?) throws(UsageError) -> StorePlace? {
        switch store {
        case .sqlite(let file): return .file(file)
        case .postgres(let url, let named):
            do throws(PublisherError) {
                let address = try SecretSource.ofProcess.value(url).text
                return .database(address, schema: schema ?? named ?? "mink")
            } catch {
                throw UsageError(message: error.message)
            }
        case nil: return nil
        }
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
