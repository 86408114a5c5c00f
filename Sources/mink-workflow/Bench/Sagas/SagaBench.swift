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
        guard backend == .postgres || !hasBackground && database == nil && engines == 1 else {
            throw UsageError(
                message: "--background, --database and --engines need the backend postgres")
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
        let server =
            database == nil
            ? try ScratchPostgres(["shared_buffers=128MB", "max_connections=100"]) : nil
        defer { server?.stop() }
        let url = database ?? server?.url ?? ""
        let stores = BenchStores(serverFolder: server?.folder, url: url) {
            name throws(StoreError) in
            let store = try await PostgresStore(url, schema: name)
            return (store, store)
        }
        return try await measure(stores)
    }

    private func onSQLite() async throws -> SagaReport {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let stores = BenchStores(serverFolder: nil, url: nil) { name throws(StoreError) in
            (try SQLiteStore(file: "\(folder.path)/\(name).sqlite"), nil)
        }
        return try await measure(stores)
    }

    private func measure(_ stores: BenchStores) async throws -> SagaReport {
        let ceiling = try await measureCeiling(stores)
        let plain = try await measurePlain(stores.url)
        let opened = try await stores.open("engine", count: engines)
        if hasBackground { try await addBackground(to: opened.postgres.first) }
        var options = WorkflowEngine.Options()
        // The handlers wait for nothing, so that many of them do no harm.
        options.maxConcurrentCommands = 1_000
        let run = try await SagaRun(opened.stores.map { EngineStore($0) }, options: options)
        let sagas = sagas
        let sender = opened.sender
        let figures = try await run.whileRunning {
            // What was never run before is slow once: pages, plans, memory.
            try await run.carry(0..<min(sagas, 500))
            let before = try await opened.use()
            let start = Tally.nanoseconds
            try await run.carry(500..<500 + sagas)
            let seconds = Double(Tally.nanoseconds - start) / 1e9
            let use = try await opened.use() - before
            let slow = 500 + sagas..<500 + sagas + min(300, sagas)
            let latencies = try await run.sendSlowly(slow)
            var others: [Int64] = []
            if let sender {
                others = try await run.hear(slow.count) {
                    try await sender.send(slow.upperBound..<slow.upperBound + slow.count)
                }
            }
            let costs = try await run.tick(thousands: sagas < 10_000 ? 1 : 10)
            return (
                seconds: seconds, use: use, latencies: latencies, others: others, costs: costs
            )
        }
        await stores.close(opened)
        return SagaReport(
            backend: backend.rawValue, engines: engines, sagas: sagas, seconds: figures.seconds,
            use: figures.use, ceilingTurnsPerSecond: ceiling.turnsPerSecond,
            ceilingUse: ceiling.use, plainTurnsPerSecond: plain,
            latency: SagaReport.Latency(figures.latencies),
            crossProcessLatency: SagaReport.Latency(figures.others),
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
        _ stores: BenchStores
    ) async throws -> (turnsPerSecond: Double, use: ResourceUse) {
        let limit = WorkflowEngine.Options().batchLimit
        let opened = try await stores.open("ceiling", count: engines)
        _ = try await SagaCeiling(orders: 0..<500, batchLimit: limit).run(opened.stores)
        let ceiling = SagaCeiling(orders: 500..<500 + sagas, batchLimit: limit)
        let before = try await opened.use()
        let start = Tally.nanoseconds
        let turns = try await ceiling.run(opened.stores)
        let seconds = Double(Tally.nanoseconds - start) / 1e9
        let use = try await opened.use() - before
        await stores.close(opened)
        return (Double(turns) / seconds, use)
    }

    /// The turns a second of the plain alternative, on one connection; `nil` without a server.
    private func measurePlain(_ url: String?) async throws -> Double? {
        guard let url else { return nil }
        let plain = try await PlainOrders(url, schema: "mink_bench_plain_\(getpid())")
        let warm = try SagaCeiling(orders: 0..<500, batchLimit: 1).plainOrders()
        _ = try await plain.run(warm, window: SagaRun.window)
        let orders = try SagaCeiling(orders: 500..<500 + sagas, batchLimit: 1).plainOrders()
        let start = Tally.nanoseconds
        let turns = try await plain.run(orders, window: SagaRun.window)
        let seconds = Double(Tally.nanoseconds - start) / 1e9
        await plain.close()
        return Double(turns) / seconds
    }
}
