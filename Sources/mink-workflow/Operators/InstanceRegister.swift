// Sagas as a list for operators.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

struct InstanceRegister: Register {
    let store: any AnyStore
    let filter: InstanceFilter
    /// Only sagas with this incident open; `any` for all that have one.
    let incident: String?

    var nouns: (one: String, many: String) { ("saga", "sagas") }

    static var variables: [(name: String, type: ExpressionType)] {
        [
            (
                "saga",
                .row(
                    "saga",
                    [
                        ("workflow", .string), ("key", .dynamic), ("tenant", .string),
                        ("version", .int), ("status", .dynamic), ("state", .dynamic),
                        ("startedAt", .dynamic), ("endedAt", .dynamic),
                        ("incidents", .list(.string)), ("held", .int),
                        ("failureReason", .dynamic),
                    ])
            ), ("data", .dynamic),
        ]
    }

    func visit(
        _ body: (InstanceRow) async throws(StoreError) -> Bool
    ) async throws(StoreError) {
        var page = filter
        page.limit = 1_000
        if incident != nil { page.having = .incidents }
        while true {
            let rows = try await store.instances(page)
            for row in rows where hasIncident(row.instance) {
                guard try await body(row) else { return }
            }
            guard let last = rows.last, rows.count == page.limit else { return }
            page.after = last.sequence
        }
    }

    private func hasIncident(_ instance: Instance) -> Bool {
        switch incident {
        case nil: true
        case "any": !instance.incidents.isEmpty
        case let code?: instance.incidents.contains { $0.code.rawValue == code }
        }
    }

    func find(_ name: String) async throws(StoreError) -> InstanceRow? { nil }

    func text(_ row: InstanceRow) -> String {
        let instance = row.instance
        let key =
            instance.id.tenant.isEmpty
            ? instance.id.key.description : "\(instance.id.tenant)/\(instance.id.key)"
        let began = instance.startedAt.map(\.description) ?? "-"
        let columns = [
            (began, 20), ("\(instance.id.workflow) v\(instance.definition.version)", 24),
            (key, 12), (instance.status?.rawValue ?? "held", 12), (instance.state ?? "-", 1),
        ]
        let line = columns.map { $0.0.padded(to: $0.1) }.joined(separator: "  ")
        let codes = instance.incidents.map(\.code.rawValue)
        return line + (codes.isEmpty ? "" : "  incident \(codes.joined(separator: ", "))")
    }

    /// The saga as JSON; the data of sagas are not in a list.
    func value(_ row: InstanceRow) -> Value { Self.value(row.instance) }

    /// What a condition sees: unmasked, because it only says which sagas are meant.
    func variables(of row: InstanceRow) -> Value {
        ["saga": Self.value(row.instance), "data": row.instance.data]
    }

    static func value(_ instance: Instance) -> Value {
        [
            "workflow": .string(instance.id.workflow), "key": instance.id.key.value,
            "tenant": .string(instance.id.tenant),
            "version": .int(Int64(instance.definition.version)),
            "status": instance.status.map { .string($0.rawValue) } ?? .null,
            "state": instance.state.map(Value.string) ?? .null,
            "startedAt": instance.startedAt.map(Value.timestamp) ?? .null,
            "endedAt": instance.endedAt.map(Value.timestamp) ?? .null,
            "incidents": .list(instance.incidents.map { .string($0.code.rawValue) }),
            "held": .int(Int64(instance.held.count)),
            "failureReason": instance.failure?.reason.map(Value.string) ?? .null,
        ]
    }
}
