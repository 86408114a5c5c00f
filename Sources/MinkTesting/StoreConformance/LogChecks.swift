// The promises of the event log.
import MinkEngine
import MinkExpression
import MinkStore

extension StoreConformance {
    static let logChecks = [
        Check("events come back as they were appended, in order, with growing positions") { bench in
            let events = (1...5).map { StoreBench.event("e\($0)") }

            let outcomes = try await bench.store.append(
                events, at: StoreBench.second(0), notes: [:])
            let read = try await bench.store.read(after: 0, limit: 10)

            try bench.demand(
                outcomes, equals: read.map { .appended(position: $0.position) }, "what was said")
            try bench.demand(read.map(\.unplaced), equals: events, "what was read")
            try bench.demand(
                zip(read, read.dropFirst()).allSatisfy { $0.position < $1.position },
                "positions grow")
            let behind = try await bench.store.read(after: read[1].position, limit: 2)
            try bench.demand(behind, equals: Array(read[2...3]), "two events behind the second")
        },
        Check("the same event again is a duplicate, another one under its id is refused") { bench in
            var other = StoreBench.event("e1", data: "{\"n\":2}")
            _ = try await bench.append(StoreBench.event("e1"))

            let again = try await bench.append(StoreBench.event("e1"), StoreBench.event("e2"))
            let differs = try await bench.append(other, StoreBench.event("e1", type: "Failed"))
            other = StoreBench.event("e1", tenant: "acme", data: "{\"n\":2}")
            let elsewhere = try await bench.append(other)

            try bench.demand(again.first, equals: .duplicate, "the same event")
            try bench.demand(again.last?.isAppended, equals: true, "the event beside it")
            try bench.demand(differs, equals: [.refused, .refused], "other content")
            try bench.demand(elsewhere.first?.isAppended, equals: true, "another tenant's event")
            let count = try await bench.store.read(after: 0, limit: 10).count
            try bench.demand(count, equals: 3, "the number of events")
        },
        Check("a sender may send an event again with other metadata and time") { bench in
            let event = StoreBench.event("e1")
            let again = EventRecord(
                id: event.id, type: event.type, data: event.data, time: StoreBench.second(9),
                stream: event.stream)
            _ = try await bench.append(event)

            let outcome = try await bench.append(again)

            try bench.demand(outcome, equals: [.duplicate], "the second")
            let kept = try await bench.store.event(id: "e1", tenant: "")
            try bench.demand(kept?.unplaced, equals: event, "what is kept")
        },
        Check("two events with one id in one call are one event") { bench in
            let outcomes = try await bench.append(
                StoreBench.event("e1"), StoreBench.event("e1"), StoreBench.event("e1", data: "{}"))

            try bench.demand(outcomes[1...], equals: [.duplicate, .refused], "the later ones")
        },
        Check("an event is found by tenant and id") { bench in
            _ = try await bench.append(StoreBench.event("e1"), StoreBench.event("e1", tenant: "b"))

            let found = try await bench.store.event(id: "e1", tenant: "b")
            let missing = try await bench.store.event(id: "e1", tenant: "c")

            try bench.demand(found?.metadata.tenant, equals: "b", "the tenant")
            try bench.demand(missing, equals: nil, "another tenant's event")
        },
        Check("notes are kept with the events of a call") { bench in
            _ = try await bench.store.append(
                [StoreBench.event("e1")], at: StoreBench.second(0), notes: ["offset": "7"])
            _ = try await bench.store.append([], at: StoreBench.second(0), notes: ["offset": "8"])

            let claim = try await bench.reopened().store.claim()

            try bench.demand(claim.notes, equals: ["offset": "8"], "the notes")
        },
        Check("positions go on behind what was appended before a restart") { bench in
            _ = try await bench.append(StoreBench.event("e1"))
            let first = try await bench.store.read(after: 0, limit: 1)

            let later = try await bench.reopened()
            _ = try await later.append(StoreBench.event("e2"))

            let both = try await later.store.read(after: 0, limit: 10)
            try bench.demand(both.first, equals: first.first, "the first event")
            try bench.demand(both.map(\.id), equals: ["e1", "e2"], "the ids")
        },
    ]
}

extension EventRecord {
    /// The event as it was before it had a position.
    var unplaced: EventRecord {
        var event = self
        event.position = 0
        return event
    }
}

extension Appended {
    var isAppended: Bool {
        if case .appended = self { true } else { false }
    }
}
