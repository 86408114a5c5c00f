// The record of what people changed, as a list.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

struct AuditRegister: Register {
    let store: any AnyStore
    let filter: AuditFilter

    var nouns: (one: String, many: String) { ("entry", "entries") }

    static var variables: [(name: String, type: ExpressionType)] {
        [
            (
                "entry",
                .row(
                    "entry",
                    [
                        ("number", .int), ("at", .timestamp), ("person", .string),
                        ("verb", .string), ("reason", .string), ("subject", .string),
                        ("workflow", .dynamic), ("key", .dynamic), ("tenant", .string),
                        ("before", .dynamic), ("after", .dynamic), ("refusal", .dynamic),
                    ])
            )
        ]
    }

    func visit(
        _ body: (AuditRow) async throws(StoreError) -> Bool
    ) async throws(StoreError) {
        var page = filter
        page.limit = 1_000
        while true {
            let rows = try await store.audit(page)
            for row in rows {
                guard try await body(row) else { return }
            }
            guard let last = rows.last, rows.count == page.limit else { return }
            page.before = last.number
        }
    }

    func find(_ name: String) async throws(StoreError) -> AuditRow? {
        guard let number = Int64(name), number > 0, number < .max else { return nil }
        var one = AuditFilter()
        (one.before, one.limit) = (number + 1, 1)
        return try await store.audit(one).first { $0.number == number }
    }

    func text(_ row: AuditRow) -> String {
        let entry = row.entry
        let saga = entry.key.map { "\(entry.workflow ?? "") \($0)" } ?? ""
        let what =
            saga.isEmpty || saga == entry.subject ? entry.subject : "\(entry.subject) of \(saga)"
        let columns = [
            ("\(row.number)", 5), (entry.at.toTheSecond, 20), (entry.person, 10), (entry.verb, 20),
            (what, 24),
        ]
        let line = columns.map { $0.0.padded(to: $0.1) }.joined(separator: "  ")
        return "\(line)  \(entry.reason)" + (entry.refusal.map { "  refused: \($0)" } ?? "")
    }

    func value(_ row: AuditRow) -> Value {
        let entry = row.entry
        return [
            "entry": [
                "number": .int(row.number), "at": .timestamp(entry.at),
                "person": .string(entry.person), "verb": .string(entry.verb),
                "reason": .string(entry.reason), "subject": .string(entry.subject),
                "workflow": entry.workflow.map(Value.string) ?? .null,
                "key": entry.key?.value ?? .null, "tenant": .string(entry.tenant),
                "before": entry.before ?? .null, "after": entry.after ?? .null,
                "refusal": entry.refusal.map(Value.string) ?? .null,
            ]
        ]
    }
}
