// `bench sagas`: how many orders a second an engine carries, beside what its store could carry.
import Glibc
import MinkEngine
import MinkExpression
import MinkPostgres
import MinkSQLite
import MinkStore
import MinkTesting
import MinkWorkflow

/// A measurement of whole engines.
struct SagaBench: Sendable {
    /// Which store is measured.
    enum Backend: String, Sendable {
        case postgres
        case sqlite
    }

    var sagas = 20_000
    var engines = 1
    var backend = Backend.postgres
    /// The database; `nil` starts a server for the measurement.
    var database: String?
    var hasBackground = false

    /// Sagas in the background.
    private static let background = (finished: 1_000_000, sleeping: 100_000)

    /// Measures.
    ///
    /// - Returns: The figures.
    /// - Throws: ``UsageError`` if there is no store, or it fails.
    func run() async throws(UsageError) -> SagaReport {
        guard engines == 1 else {
            throw UsageError(
                message: "several engines can not share a database yet; leave --engines out")
        }
        guard backend == .postgres || !hasBackground && database == nil else {
            throw UsageError(message: "--background and --database need the backend postgres")
        }
        do {
            switch backend {
            case .sqlite: return try await onSQLite()
            case .postgres: return try await onPostgres()
            }
        } catch let error as StoreError {
            throw UsageError(message: error.message, code: error.exitCode)
        } catch let error as ScratchPostgres.Failure {
            throw UsageError(message: error.description, code: .unreachable)
        } catch {
            throw UsageError(message: "\(error)", code: .bug)
        }
    }

    private func onPostgres() async throws -> SagaReport {
        // As it comes, but for its folder: what is confirmed is on the disk.
        let server = database == nil
            ? try ScratchPostgres(["shared_buffers=128MB", "max_connections=100"]) : nil
        defer { server?.stop() }
        let url = database ?? server?.url ?? ""
        let bench = StoreUnderBench(folder: server?.folder) { name throws(StoreError) in
            let store = try await PostgresStore(url, schema: name)
            return (store, store)
        }
        return try await measure(bench)
    }

    private func onSQLite() async throws -> SagaReport {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        return try await measure(
            StoreUnderBench(folder: nil) { name throws(StoreError) in
                (try SQLiteStore(file: "\(folder.path)/\(name).sqlite"), nil)
            })
    }

    private func measure(_ bench: StoreUnderBench) async throws -> SagaReport {
        let ceiling = try await measureCeiling(bench)
        let store = try await bench.open("engine")
        if hasBackground { try await addBackground(to: store.postgres) }
        var options = WorkflowEngine.Options()
        // The handlers wait for nothing, so that many of them do no harm.
        options.maxConcurrentCommands = 1_000
        let run = try await SagaRun(store.engineStore, options: options)
        let sagas = sagas
        let figures = try await run.whileRunning {
            // What was never run before is slow once: pages, plans, memory.
            try await run.carry(0..<min(sagas, 500))
            let before = try await store.use()
            let start = Tally.nanoseconds
            try await run.carry(500..<500 + sagas)
            let seconds = Double(Tally.nanoseconds - start) / 1e9
            let use = try await store.use() - before
            let slow = 500 + sagas
            let latencies = try await run.sendSlowly(slow..<slow + min(300, sagas))
            let costs = try await run.tick(thousands: sagas < 10_000 ? 1 : 10)
            return (seconds: seconds, use: use, latencies: latencies, costs: costs)
        }
        await bench.close(store)
        return SagaReport(
            backend: backend.rawValue, engines: engines, sagas: sagas, seconds: figures.seconds,
            use: figures.use, ceilingTurnsPerSecond: ceiling.turnsPerSecond,
            ceilingUse: ceiling.use, plainTurnsPerSecond: nil,
            latency: SagaReport.Latency(figures.latencies), crossProcessLatency: nil,
            costPerEvent: figures.costs)
    }

    /// Puts many sagas beside those that are measured.
    private func addBackground(to store: PostgresStore?) async throws(StoreError) {
        let now = SystemClock().now()
        let life = SagaCeiling.life(
            from: BenchOrders.order(0, at: now),
            DefinitionLoader.load(BenchOrders.files()).catalog, at: now)
        let instances = life.compactMap(\.decision.instance)
        guard let finished = instances.last, let sleeping = instances.dropFirst().first else {
            return
        }
        try await store?.addBackground(
            finished: finished, sleeping: sleeping, counts: Self.background)
    }

    private func measureCeiling(
        _ bench: StoreUnderBench
    ) async throws -> (turnsPerSecond: Double, use: ResourceUse) {
        let limit = WorkflowEngine.Options().batchLimit
        let store = try await bench.open("ceiling")
        let warm = SagaCeiling(orders: 0..<500, batchLimit: limit)
        _ = try await warm.run(store.store, store.store)
        let ceiling = SagaCeiling(orders: 500..<500 + sagas, batchLimit: limit)
        let before = try await store.use()
        let start = Tally.nanoseconds
        let turns = try await ceiling.run(store.store, store.store)
        let seconds = Double(Tally.nanoseconds - start) / 1e9
        let use = try await store.use() - before
        await bench.close(store)
        return (Double(turns) / seconds, use)
    }
}

/// The stores of one server, or of one folder: each measurement has one of its own.
private struct StoreUnderBench {
    /// A store while it is measured.
    struct Opened {
        let store: any AnyStore
        let postgres: PostgresStore?
        let folder: String?
        var engineStore: EngineStore { EngineStore(store) }

        func use() async throws(StoreError) -> ResourceUse {
            try await ResourceUse.now(postgres, serverFolder: folder)
        }
    }

    /// The folder of a server of our own.
    let folder: String?
    let make: (String) async throws(StoreError) -> (any AnyStore, PostgresStore?)

    func open(_ name: String) async throws(StoreError) -> Opened {
        let (store, postgres) = try await make("mink_bench_\(name)_\(getpid())")
        return Opened(store: store, postgres: postgres, folder: folder)
    }

    func close(_ opened: Opened) async {
        // A schema of a server that ends with us needs no removal.
        if folder == nil { try? await opened.postgres?.removeSchema() }
        await opened.store.close()
    }
}
