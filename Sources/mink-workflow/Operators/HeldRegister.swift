// Events that came before their time and are held, as a list for operators.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

/// An event and the saga that holds it.
struct HeldThing: Sendable {
    let instance: InstanceID
    let held: HeldEvent
}

struct HeldRegister: Register {
    let store: any AnyStore
    let mask: PersonalMask
    let tenant: String?

    var nouns: (one: String, many: String) { ("held event", "held events") }

    static var variables: [(name: String, type: ExpressionType)] {
        [
            (
                "event",
                .row(
                    "event",
                    [
                        ("id", .string), ("type", .string), ("time", .timestamp),
                        ("until", .timestamp), ("data", .dynamic),
                    ])
            ), sagaVariable,
        ]
    }

    func visit(
        _ body: (HeldThing) async throws(StoreError) -> Bool
    ) async throws(StoreError) {
        try await store.visitInstances(having: .heldEvents, tenant: tenant) {
            row throws(StoreError) in
            for held in row.instance.held {
                let thing = HeldThing(instance: row.instance.id, held: held)
                guard try await body(thing) else { return false }
            }
            return true
        }
    }

    func find(_ name: String) async throws(StoreError) -> HeldThing? {
        var found: HeldThing?
        try await visit { thing in
            if thing.held.event.id == name { found = thing }
            return found == nil
        }
        return found
    }

    func text(_ thing: HeldThing) -> String {
        let event = thing.held.event
        let columns = [
            (event.id, 36), (event.type, 24),
            ("\(thing.instance.workflow) \(thing.instance.key)", 24),
        ]
        return columns.map { $0.0.padded(to: $0.1) }.joined(separator: "  ")
            + "  until \(thing.held.until.toTheSecond)"
    }

    func value(_ thing: HeldThing) -> Value {
        let event = thing.held.event
        return [
            "event": [
                "id": .string(event.id), "type": .string(event.type),
                "time": .timestamp(event.time), "until": .timestamp(thing.held.until),
                "data": mask.data(of: event),
            ],
            "saga": thing.instance.value,
        ]
    }
}

extension WorkflowQueries {
    /// Visits instances that have something of a kind, until the visitor has enough.
    func visitInstances(
        having content: InstanceFilter.Content, tenant: String?,
        _ body: (InstanceRow) async throws(StoreError) -> Bool
    ) async throws(StoreError) {
        var filter = InstanceFilter()
        (filter.having, filter.tenant) = (content, tenant)
        while true {
            let rows = try await instances(filter)
            for row in rows {
                guard try await body(row) else { return }
            }
            guard let last = rows.last, rows.count == filter.limit else { return }
            filter.after = last.sequence
        }
    }
}
