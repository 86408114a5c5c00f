// Chaos: engines as processes, a server and a client under load; then kills, restarts and cuts;
// then calm; then three logs are compared.
//
//   client ──▶ proxy ──▶ server ◀── proxy ◀── engine, engine, engine ──▶ sink
//     │                    │                                              │
//     └── acknowledged ────┴──────────────── oracle ◀─────────────────────┘
import Glibc
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

/// One chaos run, on a server of its own.
package struct ChaosRun: Sendable {
    /// Opens a schema of the server.
    package typealias Opening =
        @Sendable (_ url: String, _ schema: String) async throws -> any ChaosStore

    private static let schema = "chaos"

    private let plan: ChaosPlan
    private let engine: String
    private let open: Opening

    /// A run.
    ///
    /// - Parameters:
    ///   - plan: What it does.
    ///   - engine: The program of an engine.
    ///   - open: Opens a schema of the server, for the client and for what is verified.
    package init(_ plan: ChaosPlan, engine: String, open: @escaping Opening) {
        self.plan = plan
        self.engine = engine
        self.open = open
    }

    /// Carries the run out.
    ///
    /// - Returns: How it went.
    /// - Throws: What keeps it from beginning: no server, no folder.
    package func perform() async throws -> ChaosReport {
        let server = try ScratchPostgres(["fsync=on"])
        defer { server.stop() }
        let proxy = try CuttingProxy(to: server)
        defer { proxy.close() }
        let folder = try ChaosFolder(plan.keep)
        defer { folder.remove() }
        folder.publishNext()
        let verified = try await open(server.url, Self.schema)
        let sender = try await open(proxy.url, Self.schema)
        let client = ChaosClient(sender, plan)
        var storm = ChaosStorm(
            plan: plan, server: server, proxy: proxy, folder: folder,
            fleet: EngineFleet(
                count: plan.engines, words: words(proxy, folder), folder: folder.path,
                points: plan.points, meetsBrokenFiles: plan.reloads > 0 || plan.duration != nil))
        async let orders: Void = client.run()
        await storm.rage(verified)
        client.stop()
        await storm.settle(until: client)
        await orders
        let report = await conclude(&storm, client, verified, folder)
        await sender.close()
        await verified.close()
        return report
    }

    private func words(_ proxy: CuttingProxy, _ folder: ChaosFolder) -> [String] {
        [
            engine, "chaos-engine", "--definitions", folder.definitions, "--database", proxy.url,
            "--schema", Self.schema, "--lease", "\(Int(plan.lease / .milliseconds(1)))ms",
            "--sink", folder.sink, "--seed", "\(plan.seed)",
        ]
    }

    /// Waits until all is quiet, stops the engines, and looks at what is left.
    private func conclude(
        _ storm: inout ChaosStorm, _ client: ChaosClient, _ store: any ChaosStore,
        _ folder: ChaosFolder
    ) async -> ChaosReport {
        var report = storm.report
        let began = ContinuousClock.now
        do throws(StoreError) {
            let isQuiet = try await storm.waitUntilQuiet(
                store, client, atMost: plan.patience)
            report.calmMilliseconds = Int64((ContinuousClock.now - began) / .milliseconds(1))
            await storm.fleet.stop()
            let evidence = try await ChaosEvidence.read(store)
            if !isQuiet { report.violations += evidence.unrest }
            let sink = folder.sinkLines
            report.tell(client.acknowledged.count, sink, evidence)
            report.versions = try await store.definitions().count
            report.violations += storm.fleet.problems + client.problems
            report.violations += ChaosOracle(
                acknowledged: client.acknowledged, sink: sink, evidence: evidence
            ).violations()
            let verified = try await StoreVerification(of: store).run()
            if verified.count > 0 { report.violations += verified.lines }
        } catch {
            await storm.fleet.abandon()
            report.violations.append("the database can not be read: \(error.message)")
        }
        return report
    }
}

extension ChaosReport {
    fileprivate mutating func tell(
        _ acknowledged: Int, _ sink: [SinkLine], _ evidence: ChaosEvidence
    ) {
        self.acknowledged = acknowledged
        sagas = evidence.orders.count
        completed = evidence.orders.values.count { $0.status == .completed }
        undone = evidence.orders.values.count { $0.status == .compensated || $0.status == .failed }
        let effects = sink.filter(\.isEffect)
        delivered = Set(effects.map(\.key)).count
        redelivered = effects.count - delivered
    }
}

extension ChaosEvidence {
    /// What is not over, in sentences.
    var unrest: [String] {
        orders.sorted { $0.key < $1.key }.filter { !$0.value.isQuiet }.prefix(20).map {
            key, order in
            let commands = order.outstanding.count
            return "I9: order \(key) is \(order.status.map { "\($0)" } ?? "only held") and has "
                + "\(commands) commands outstanding, long after all was calm"
        }
    }
}
