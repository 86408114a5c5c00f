// Looks for events that were passed over: the log was judged beyond them, and nothing tells what
// became of them.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

/// The events of which something tells what became of them.
struct EventTraces {
    /// One bit for each position of the log.
    private var words: [UInt64] = []

    /// Notes that something tells of an event.
    mutating func add(_ event: EventRecord) {
        guard event.position > 0, let word = Int(exactly: event.position / 64) else { return }
        if word >= words.count {
            words += [UInt64](repeating: 0, count: word + 1 - words.count + words.count / 2)
        }
        words[word] |= 1 << UInt64(event.position % 64)
    }

    /// Notes the events that a saga has judged, holds, or keeps behind a pause.
    mutating func add(_ dossier: SagaDossier) {
        for turn in dossier.history {
            if case .event(let event, _) = turn.input { add(event) }
            if case .unwritable(.event(let event, _), _) = turn.input { add(event) }
        }
        for held in dossier.row.instance.held { add(held.event) }
    }

    func contains(_ event: EventRecord) -> Bool {
        guard event.position > 0, let word = Int(exactly: event.position / 64),
            word < words.count
        else { return false }
        return words[word] & 1 << UInt64(event.position % 64) != 0
    }
}

/// The checks of the log.
struct EventChecks {
    let store: any StoreVerification.Store
    let catalog: Catalog
    /// How far the log was judged when the verification began.
    let judged: JudgedPlaces
    /// When each definition was published, by its fingerprint.
    let published: [String: Timestamp]
    let now: Timestamp
    let pageSize: Int

    /// How long it may take until every engine knows a definition that was published.
    private static let spreading = Duration.seconds(10)

    func run(
        _ traces: EventTraces, _ report: inout VerificationReport
    ) async throws(StoreError) {
        var last: Int64 = 0
        while true {
            let page = try await store.inspectEvents(
                after: last, limit: pageSize, judgedBy: judged)
            for inspected in page {
                report.check(.eventsAreJudged)
                if inspected.judgedIn.isEmpty { report.pendingEvents += 1 }
                let definitions = definitions(for: inspected)
                // An event for several workflows may have reached one of them alone.
                guard !traces.contains(inspected.event) || definitions.count > 1 else { continue }
                report.add(try await losses(inspected, definitions, traces))
            }
            guard let end = page.last, page.count == pageSize else { return }
            last = end.event.position
        }
    }

    /// The definitions that listed an event when it was judged; no event is judged anew when its
    /// type is listed later.
    private func definitions(for inspected: InspectedEvent) -> [Definition] {
        let type = inspected.event.type
        return catalog.definitions(listing: type).filter { newest in
            let listing = catalog.versions(of: newest.identity.workflow)
                .filter { $0.events[type] != nil }
            let first = listing.compactMap { published[$0.identity.fingerprint] }.min()
            guard let first, let known = first.adding(Self.spreading) else { return true }
            // With the first definitions of a store its first engine began to work.
            let beginning = published.values.min()?.adding(Self.spreading) ?? first
            return inspected.appended > known
                || inspected.appended >= first && first <= beginning
        }
    }

    /// The sagas that should have judged an event, and have no trace of it.
    private func losses(
        _ inspected: InspectedEvent, _ definitions: [Definition], _ traces: EventTraces
    ) async throws(StoreError) -> [Breach] {
        let event = inspected.event
        var breaches: [Breach] = []
        for definition in definitions {
            switch route(event, by: definition) {
            case .notListed: continue
            case .deadLetter(let reason, _):
                guard inspected.judgedIn.contains(Partition.number(of: event)),
                    !traces.contains(event)
                else { continue }
                breaches.append(
                    Breach(
                        .eventsAreJudged, nil,
                        "event \(event.id) (\(event.type)) should be a dead letter (\(reason)), "
                            + "and is not"))
            case .instance(let id, _, _):
                guard inspected.judgedIn.contains(id),
                    try await isLost(inspected, for: id, definition, traces)
                else { continue }
                breaches.append(
                    Breach(
                        .eventsAreJudged, id,
                        "event \(event.id) (\(event.type)) was passed over: nothing tells what "
                            + "became of it"))
            }
        }
        return breaches
    }

    /// Whether a saga has no trace of an event that it should have judged, on a second look.
    private func isLost(
        _ inspected: InspectedEvent, for id: InstanceID, _ definition: Definition,
        _ traces: EventTraces
    ) async throws(StoreError) -> Bool {
        guard let dossier = try await store.dossier(of: id) else {
            if traces.contains(inspected.event) { return false }
            // What ended long ago was removed, and what came for it then left with it.
            return inspected.appended.adding(definition.retain).map { $0 > now } ?? true
        }
        var own = EventTraces()
        own.add(dossier)
        if own.contains(inspected.event) { return false }
        // The beginning of a long history may have been removed.
        return dossier.history.first?.version == 1
    }
}
