// What became of an event of the log: which saga judged it and how, who holds it, whether it is a
// dead letter.
import MinkDefinition
package import MinkEngine
import MinkExpression
package import MinkStore

/// Finds out what became of events.
///
/// Remembers the sagas that it has read.
package struct EventFates {
    /// What became of one event at one saga.
    package struct Fate: Sendable, Hashable {
        /// The saga; `nil` when there is none that it is about.
        package let instance: InstanceID?
        /// One word: `handled`, `held`, `deadLetter`, `waiting`, `notListed`, ….
        package let word: String
        /// More for people; empty when there is nothing to add.
        package let details: String
    }

    private let store: any WorkflowQueries & OperatorStore
    private let catalog: Catalog
    private var known: [InstanceID: (instance: Instance?, history: [HistoryRow])] = [:]

    package init(_ store: any WorkflowQueries & OperatorStore, catalog: Catalog) {
        self.store = store
        self.catalog = catalog
    }

    /// What became of an event, at each workflow that lists it.
    package mutating func fates(of event: EventRecord) async throws(StoreError) -> [Fate] {
        var filter = LetterFilter()
        (filter.tenant, filter.event, filter.withSettled) = (event.metadata.tenant, event.id, true)
        let letter = try await store.letters(filter).last
        let definitions = catalog.definitions(listing: event.type)
        guard !definitions.isEmpty else {
            return [Fate(instance: nil, word: "notListed", details: "no workflow lists it")]
        }
        var fates: [Fate] = []
        for definition in definitions {
            guard case .instance(let id, _, _) = route(event, by: definition) else { continue }
            fates.append(try await fate(of: event, at: id, letter))
        }
        if fates.isEmpty { fates.append(Self.fate(of: nil, letter)) }
        return fates
    }

    private mutating func fate(
        of event: EventRecord, at id: InstanceID, _ letter: LetterRow?
    ) async throws(StoreError) -> Fate {
        let (instance, history) = try await read(id)
        if let held = instance?.held.first(where: { $0.event.id == event.id }) {
            return Fate(instance: id, word: "held", details: "until \(held.until)")
        }
        if let pause = instance?.pause, pause.waits(for: event.id) {
            return Fate(
                instance: id, word: "waiting", details: "behind incident \(pause.incident)")
        }
        let judged = history.lazy.flatMap(\.facts).compactMap { fact in
            if case .event(event.id, _, let judged, let why) = fact { (judged, why) } else { nil }
        }.last
        if let letter, letter.letter.instance == nil || letter.letter.instance == id,
            judged == nil || letter.outcome != "requeued"
        {
            return Self.fate(of: id, letter)
        }
        guard let (judgement, why) = judged else { return Self.fate(of: id, nil) }
        return Fate(instance: id, word: judgement.rawValue, details: why ?? "")
    }

    private static func fate(of id: InstanceID?, _ letter: LetterRow?) -> Fate {
        guard let letter else {
            return Fate(
                instance: id, word: "waiting", details: "it was not judged, or its saga is gone")
        }
        let outcome = letter.outcome.map { ", \($0)" } ?? ""
        return Fate(
            instance: id, word: "deadLetter",
            details: "dead letter \(letter.number)\(outcome): \(letter.letter.message)")
    }

    private mutating func read(
        _ id: InstanceID
    ) async throws(StoreError) -> (instance: Instance?, history: [HistoryRow]) {
        if let known = known[id] { return known }
        let instance = try await store.snapshot(of: id)?.instance
        let found = (instance: instance, history: try await store.history(of: id, after: 0))
        known[id] = found
        return found
    }
}

extension Pause {
    /// Whether an event waits behind the pause.
    fileprivate func waits(for event: String) -> Bool {
        ([unjudged].compactMap(\.self) + kept).contains { input in
            switch input {
            case .event(let kept, _): kept.id == event
            case .unwritable(.event(let kept, _), _): kept.id == event
            default: false
            }
        }
    }
}
