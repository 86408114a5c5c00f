// Events of the log, each with what became of it.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

/// An event and what became of it.
struct EventThing: Sendable {
    let event: EventRecord
    let fates: [EventFates.Fate]
}

struct EventRegister: Register {
    let store: any AnyStore
    let catalog: Catalog
    let mask: PersonalMask
    let filter: EventFilter
    /// Only events about this workflow, or about this saga of it.
    let workflow: String?
    let key: String?

    var nouns: (one: String, many: String) { ("event", "events") }

    static var variables: [(name: String, type: ExpressionType)] {
        [
            (
                "event",
                .row(
                    "event",
                    [
                        ("id", .string), ("type", .string), ("time", .timestamp),
                        ("position", .int), ("stream", .string), ("tenant", .string),
                        ("correlationId", .dynamic), ("causationId", .dynamic), ("data", .dynamic),
                    ])
            ), ("became", .list(.dynamic)),
        ]
    }

    func visit(
        _ body: (EventThing) async throws(StoreError) -> Bool
    ) async throws(StoreError) {
        var fates = EventFates(store, catalog: catalog)
        var page = filter
        page.limit = 500
        while true {
            let events = try await store.events(page)
            for event in events where isMeant(event) {
                let thing = EventThing(event: event, fates: try await fates.fates(of: event))
                guard try await body(thing) else { return }
            }
            guard let last = events.last, events.count == page.limit else { return }
            page.before = last.position
        }
    }

    /// Whether an event is about the saga that was named.
    private func isMeant(_ event: EventRecord) -> Bool {
        guard let workflow else { return true }
        return catalog.definitions(listing: event.type).contains { definition in
            guard definition.identity.workflow == workflow else { return false }
            guard let key else { return true }
            guard case .instance(let id, _, _) = route(event, by: definition) else { return false }
            return id.key.description == key
        }
    }

    func find(_ name: String) async throws(StoreError) -> EventThing? {
        guard let event = try await store.event(id: name, tenant: filter.tenant ?? "") else {
            return nil
        }
        var fates = EventFates(store, catalog: catalog)
        return EventThing(event: event, fates: try await fates.fates(of: event))
    }

    func text(_ thing: EventThing) -> String {
        let event = thing.event
        let became = thing.fates.map { fate in
            let saga = fate.instance.map { "\($0.workflow) \($0.key): " } ?? ""
            return saga + fate.word + (fate.details.isEmpty ? "" : " (\(fate.details))")
        }
        let columns = [(event.time.toTheSecond, 20), (event.type, 24), (event.id, 12)]
        return columns.map { $0.0.padded(to: $0.1) }.joined(separator: "  ") + "  "
            + became.joined(separator: "; ")
    }

    func value(_ thing: EventThing) -> Value {
        let (event, metadata) = (thing.event, thing.event.metadata)
        let became = thing.fates.map { fate -> Value in
            [
                "saga": fate.instance?.value ?? .null, "judged": .string(fate.word),
                "why": .string(fate.details),
            ]
        }
        return [
            "event": [
                "id": .string(event.id), "type": .string(event.type),
                "time": .timestamp(event.time), "position": .int(event.position),
                "stream": .string(event.stream), "tenant": .string(metadata.tenant),
                "correlationId": metadata.correlationID.map(Value.string) ?? .null,
                "causationId": metadata.causationID.map(Value.string) ?? .null,
                "data": mask.data(of: event),
            ],
            "became": .list(became),
        ]
    }
}
