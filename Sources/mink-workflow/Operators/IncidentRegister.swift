// Open incidents of all sagas, each with its age and what to do next.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

/// An incident and its saga.
struct IncidentThing: Sendable {
    let instance: Instance
    let incident: Incident

    /// What a person can type next.
    var nextStep: String {
        let tenant = instance.id.tenant.isEmpty ? "" : " --tenant \(instance.id.tenant)"
        let saga = "\(instance.id.workflow) \(instance.id.key)\(tenant)"
        let number = " --number \(incident.number)"
        return switch incident.code {
        case .expressionError, .limitReached, .poisonedTurn: "instances resume \(saga)"
        case .compensationStuck, .commandExhausted:
            "instances retry|skip|mark-done \(saga)\(number)"
        case .duplicateItem: "instances compensate|cancel \(saga)"
        case .unexpectedSuccess, .deadlinePassed, .compensationSkipped, .unexpectedEvent,
            .lateUndoUnclear, .failAfterNoReturn:
            "instances show \(saga)"
        }
    }
}

struct IncidentRegister: Register {
    let store: any AnyStore
    let tenant: String?
    let now: Timestamp

    var nouns: (one: String, many: String) { ("incident", "incidents") }

    static var variables: [(name: String, type: ExpressionType)] {
        [
            (
                "incident",
                .row(
                    "incident",
                    [
                        ("number", .int), ("code", .string), ("message", .string),
                        ("at", .timestamp), ("pauses", .bool), ("next", .string),
                    ])
            ),
            (
                "saga",
                .row(
                    "saga",
                    [
                        ("workflow", .string), ("key", .dynamic), ("tenant", .string),
                        ("status", .dynamic), ("state", .dynamic),
                    ])
            ),
        ]
    }

    func visit(
        _ body: (IncidentThing) async throws(StoreError) -> Bool
    ) async throws(StoreError) {
        try await store.visitInstances(having: .incidents, tenant: tenant) {
            row throws(StoreError) in
            for incident in row.instance.incidents {
                let thing = IncidentThing(instance: row.instance, incident: incident)
                guard try await body(thing) else { return false }
            }
            return true
        }
    }

    func find(_ name: String) async throws(StoreError) -> IncidentThing? { nil }

    func text(_ thing: IncidentThing) -> String {
        let (instance, incident) = (thing.instance, thing.incident)
        let columns = [
            ("\(instance.id.workflow) \(instance.id.key)", 24), ("\(incident.number)", 3),
            (incident.code.rawValue, 20), ("for \(age(of: incident))", 8),
        ]
        let line = columns.map { $0.0.padded(to: $0.1) }.joined(separator: "  ")
        return "\(line)  \(incident.message)"
    }

    func nextStep(after thing: IncidentThing) -> String? { thing.nextStep }

    /// How long it is open, in its largest unit.
    private func age(of incident: Incident) -> String {
        let seconds = max(0, now.since(incident.at).components.seconds)
        let units: [(Int64, String)] = [(86_400, "d"), (3_600, "h"), (60, "m")]
        let unit = units.first { seconds >= $0.0 } ?? (1, "s")
        return "\(seconds / unit.0)\(unit.1)"
    }

    func value(_ thing: IncidentThing) -> Value {
        let (instance, incident) = (thing.instance, thing.incident)
        let id = instance.id
        return [
            "incident": [
                "number": .int(Int64(incident.number)), "code": .string(incident.code.rawValue),
                "message": .string(incident.message), "at": .timestamp(incident.at),
                "pauses": .bool(incident.code.pauses), "next": .string(thing.nextStep),
            ],
            "saga": [
                "workflow": .string(id.workflow), "key": id.key.value,
                "tenant": .string(id.tenant),
                "status": instance.status.map { .string($0.rawValue) } ?? .null,
                "state": instance.state.map(Value.string) ?? .null,
            ],
        ]
    }
}
