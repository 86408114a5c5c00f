// Holds a whole store against the rules, a page at a time, while engines may be working on it.
//
//   how far the log is judged ─▶ dead letters ─▶ sagas, page by page ─▶ events, page by page
//
// The order matters: what was judged at the beginning has left its traces before they are read, so
// work that goes on meanwhile is never mistaken for a loss. No transaction is longer than a page.
import MinkDefinition
import MinkEngine
import MinkExpression
package import MinkStore

/// Verifies a store.
package struct StoreVerification: Sendable {
    /// What is read of a store.
    package typealias Store = StoreInspection & WorkflowQueries & DefinitionStore

    private let store: any Store
    private let clock: any WorkflowClock
    private let pageSize: Int

    /// A verification that reads so many rows at a time.
    package init(
        of store: any Store, clock: any WorkflowClock = SystemClock(), pageSize: Int = 200
    ) {
        self.store = store
        self.clock = clock
        self.pageSize = pageSize
    }

    /// Reads everything once.
    package func run() async throws(StoreError) -> VerificationReport {
        var report = VerificationReport()
        let judged = try await store.judgedPlaces()
        let definitions = try await store.definitions()
        var catalog = Catalog()
        try DefinitionLoader.add(definitions, to: &catalog)
        var traces = EventTraces()
        try await readDeadLetters(into: &traces)
        try await verifySagas(catalog, &traces, &report)
        let events = EventChecks(
            store: store, catalog: catalog, judged: judged, published: try await store.published(),
            now: clock.now(), pageSize: pageSize)
        try await events.run(traces, &report)
        for disorder in try await store.disorder() {
            report.add([Breach(disorder.kind.rule, nil, disorder.what)])
        }
        report.check(.versionsGrow)
        return report
    }

    private func readDeadLetters(into traces: inout EventTraces) async throws(StoreError) {
        var last: Int64 = 0
        while true {
            let page = try await store.deadLetters(after: last, limit: pageSize)
            for (_, letter) in page { traces.add(letter.event) }
            guard let end = page.last, page.count == pageSize else { return }
            last = end.number
        }
    }

    private func verifySagas(
        _ catalog: Catalog, _ traces: inout EventTraces, _ report: inout VerificationReport
    ) async throws(StoreError) {
        var last: Int64 = 0
        while true {
            let page = try await store.dossiers(after: last, limit: pageSize)
            for dossier in page {
                traces.add(dossier)
                verify(dossier, catalog, &report)
            }
            guard let end = page.last, page.count == pageSize else { return }
            last = end.row.sequence
        }
    }

    private func verify(
        _ dossier: SagaDossier, _ catalog: Catalog, _ report: inout VerificationReport
    ) {
        let id = dossier.row.instance.id
        let definition = catalog.definition(for: dossier.row.instance.definition)
        let checks = SagaChecks(dossier: dossier, definition: definition, now: clock.now())
        report.add(checks.breaches())
        report.check(.eventsCountOnce, dossier.history.count)
        for rule in [.undoIsReversed, .waitsHaveCauses, .versionsGrow] as [StoreRule] {
            report.check(rule)
        }
        report.check(.commandsAreKept, dossier.row.instance.counters.commands)
        let replay = SagaReplay(of: dossier, by: catalog)
        guard replay.hasBeginning else {
            report.withoutBeginning += 1
            return
        }
        report.check(.historyReplays)
        if let difference = replay.difference() {
            report.add([Breach(.historyReplays, id, difference)])
        }
    }
}

extension StoreDisorder.Kind {
    fileprivate var rule: StoreRule {
        switch self {
        case .commands: .commandsAreKept
        case .timers: .waitsHaveCauses
        case .owners: .versionsGrow
        }
    }
}
