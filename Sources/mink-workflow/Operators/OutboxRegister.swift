// Commands that are not settled, as a list for operators.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

struct OutboxRegister: Register {
    let store: any AnyStore
    let mask: PersonalMask
    let tenant: String?

    var nouns: (one: String, many: String) { ("command", "commands") }

    static var variables: [(name: String, type: ExpressionType)] {
        [
            (
                "command",
                .row(
                    "command",
                    [
                        ("id", .string), ("name", .string), ("attempts", .int), ("due", .dynamic),
                        ("lastError", .dynamic), ("isExhausted", .bool), ("role", .string),
                        ("to", .string), ("with", .dynamic),
                    ])
            ),
            sagaVariable,
        ]
    }

    func visit(
        _ body: (OutboxRow) async throws(StoreError) -> Bool
    ) async throws(StoreError) {
        var last: Int64 = 0
        while true {
            let rows = try await store.outbox(after: last, id: nil, limit: 1_000)
            for row in rows {
                if let tenant, row.pending.command.instance.tenant != tenant { continue }
                guard try await body(row) else { return }
            }
            guard let end = rows.last, rows.count == 1_000 else { return }
            last = end.pending.sequence
        }
    }

    func find(_ name: String) async throws(StoreError) -> OutboxRow? {
        try await store.outbox(after: 0, id: name, limit: 1).first
    }

    func text(_ row: OutboxRow) -> String {
        let (pending, command) = (row.pending, row.pending.command)
        let tries = pending.attempts == 1 ? "1 try" : "\(pending.attempts) tries"
        let next =
            row.isExhausted
            ? "given up" : pending.due.map { "due \($0.toTheSecond)" } ?? "to be delivered"
        let columns = [
            (command.id, 36), (command.name, 20),
            ("\(command.instance.workflow) \(command.instance.key)", 24), (tries, 8), (next, 1),
        ]
        let line = columns.map { $0.0.padded(to: $0.1) }.joined(separator: "  ")
        return line + (pending.lastError.map { "  \($0)" } ?? "")
    }

    func value(_ row: OutboxRow) -> Value {
        let (pending, command) = (row.pending, row.pending.command)
        return [
            "command": [
                "id": .string(command.id), "name": .string(command.name),
                "attempts": .int(Int64(pending.attempts)),
                "due": pending.due.map(Value.timestamp) ?? .null,
                "lastError": pending.lastError.map(Value.string) ?? .null,
                "isExhausted": .bool(row.isExhausted), "role": .string(command.role.rawValue),
                "to": .string(command.delivery.destination.name),
                "with": mask.arguments(of: command),
            ],
            "saga": command.instance.value,
        ]
    }
}

extension Delivery.Destination {
    /// The destination in one word.
    fileprivate var name: String {
        switch self {
        case .handler: "handler"
        case .events: "events"
        case .named(let name): name
        }
    }
}

extension InstanceID {
    /// The name as conditions and JSON see it.
    var value: Value {
        ["workflow": .string(workflow), "key": key.value, "tenant": .string(tenant)]
    }
}

/// The variable of conditions that names a saga.
let sagaVariable: (name: String, type: ExpressionType) = (
    "saga", .row("saga", [("workflow", .string), ("key", .dynamic), ("tenant", .string)])
)
