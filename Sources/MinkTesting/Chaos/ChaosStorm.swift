// What happens to engines, server and connections of a chaos run, and when: drawn from the seed.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

/// Disturbs a run, then lets it rest.
struct ChaosStorm {
    private enum Blow: Sendable {
        case kill, restart, cut, pause, reload
    }

    let plan: ChaosPlan
    let server: ScratchPostgres
    let proxy: CuttingProxy
    let folder: ChaosFolder
    var fleet: EngineFleet
    private var draw: Draw
    private(set) var report: ChaosReport
    /// When a cut that found no connection of its kind takes any.
    private var cutWaits: ContinuousClock.Instant?

    private static let tick = Duration.milliseconds(10)

    init(
        plan: ChaosPlan, server: ScratchPostgres, proxy: CuttingProxy, folder: ChaosFolder,
        fleet: EngineFleet
    ) {
        self.plan = plan
        self.server = server
        self.proxy = proxy
        self.folder = folder
        self.fleet = fleet
        draw = Draw(seed: plan.seed ^ 0x5708)
        report = ChaosReport(seed: plan.seed)
    }

    /// Disturbs until all that was planned has happened.
    mutating func rage(_ store: any ChaosStore) async {
        while fleet.hasPoints { await tend(store) }
        var blows = plannedBlows()
        let end = plan.duration.map { ContinuousClock.now + $0 }
        var next = ContinuousClock.now
        while true {
            await tend(store)
            guard ContinuousClock.now >= next else { continue }
            if let end, .now < end, blows.isEmpty { blows = [drawnBlow()] }
            if blows.isEmpty, proxy.cuts < plan.cuts { blows = [.cut] }
            guard let blow = blows.popLast(), !fleet.cannotStart else { break }
            if !strike(blow) { blows.append(blow) }
            next = .now + .milliseconds(50 + draw.below(blow == .cut ? 100 : 450))
        }
        report.pointsHit = fleet.hit.map(\.rawValue).sorted()
        report.pointsMissed = fleet.missed.map(\.rawValue).sorted()
        report.kills = fleet.deaths
        report.cuts = proxy.cuts
    }

    private mutating func plannedBlows() -> [Blow] {
        var blows =
            [Blow](repeating: .kill, count: plan.kills)
            + [Blow](repeating: .restart, count: plan.restarts)
            + [Blow](repeating: .cut, count: plan.cuts)
            + [Blow](repeating: .pause, count: plan.pauses)
            + [Blow](repeating: .reload, count: plan.reloads)
        for index in blows.indices.dropFirst().reversed() {
            blows.swapAt(index, draw.below(index + 1))
        }
        return blows
    }

    private mutating func drawnBlow() -> Blow {
        switch draw.below(100) {
        case ..<50: .kill
        case ..<88: .cut
        case ..<93: .pause
        case ..<96: .reload
        default: .restart
        }
    }

    /// Strikes once; `false` when there was nothing to be hit.
    private mutating func strike(_ blow: Blow) -> Bool {
        switch blow {
        case .kill: return fleet.kill(&draw)
        case .restart:
            server.restart()
            report.restarts += 1
            return true
        case .cut:
            guard !proxy.isArmed else { return false }
            let words = draw.chance(60) ? "turns" : draw.chance(50) ? "append" : ""
            proxy.cutNext(draw.pick(CuttingProxy.Cut.allCases), holding: words)
            cutWaits = .now + .milliseconds(300)
            return true
        case .pause:
            let time = plan.lease * (2 + draw.below(3))
            guard fleet.pause(for: time, &draw) else { return false }
            report.pauses += 1
            return true
        case .reload:
            folder.republish(&draw)
            report.reloads += 1
            return true
        }
    }

    /// Keeps the engines running for a moment.
    private mutating func tend(_ store: any ChaosStore) async {
        for provocation in fleet.tend(&draw) { await provoke(provocation, store) }
        if let waits = cutWaits, waits < .now, proxy.isArmed {
            proxy.cutNext(draw.pick(CuttingProxy.Cut.allCases))
            cutWaits = nil
        }
        try? await Task.sleep(for: Self.tick)
    }

    private mutating func provoke(
        _ provocation: CrashPoint.Provocation, _ store: any ChaosStore
    ) async {
        switch provocation {
        case .cutAnswer: proxy.cutNext(.beforeAnswer, holding: "turns")
        case .cutRequest: proxy.cutNext(.beforeRequest, holding: "turns")
        case .action:
            // Refused or carried out: an engine judges it in either case.
            let action = OperatorAction(verb: .compensate, reason: "chaos")
            let id = InstanceID(
                tenant: "", workflow: ChaosWorkflow.name,
                key: .string("o\(String(plan.seed, radix: 16))-1"))
            _ = try? await store.request(
                action, on: id, by: "chaos", at: SystemClock().now(), notes: [:])
        default: break
        }
    }

    /// Disturbs no more, and keeps the engines running until the client is done.
    mutating func settle(until client: ChaosClient) async {
        proxy.disarm()
        fleet.calm()
        folder.publishLast()
        while !client.isDone {
            _ = fleet.tend(&draw)
            try? await Task.sleep(for: Self.tick)
        }
    }

    /// Keeps the engines running until nothing is left to do.
    mutating func waitUntilQuiet(
        _ store: any ChaosStore, _ client: ChaosClient, atMost limit: Duration
    ) async throws(StoreError) -> Bool {
        var live = InstanceFilter()
        live.statuses = Set(SagaStatus.allCases.filter { !$0.isEnded })
        live.limit = 1
        let deadline = ContinuousClock.now + limit
        var nextLook = ContinuousClock.now
        while ContinuousClock.now < deadline {
            _ = fleet.tend(&draw)
            try? await Task.sleep(for: Self.tick)
            guard ContinuousClock.now >= nextLook else { continue }
            nextLook = .now + .milliseconds(200)
            guard try await store.instances(live).isEmpty else { continue }
            let evidence = try await ChaosEvidence.read(store)
            let isJudged = evidence.events.isSuperset(of: client.acknowledged.keys)
            if isJudged, evidence.isQuiet { return true }
        }
        return false
    }
}
