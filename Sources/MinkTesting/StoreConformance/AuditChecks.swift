// The promises about the record of what people changed.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

extension StoreConformance {
    static let auditChecks = [
        Check("what people changed is recorded with the change, and listed newest first") { bench in
            let entries = [
                AuditEntry.sample("instances skip", person: "ann", key: .string("a"), second: 1),
                AuditEntry.sample("outbox retry", person: "bob", key: .int(7), second: 2),
                AuditEntry.sample("events send", person: "ann", key: nil, second: 3),
            ]
            try await bench.commit { $0.audit = Array(entries.prefix(2)) }
            try await bench.commit { $0.audit = [entries[2]] }
            let later = try await bench.reopened()
            var filters = Array(repeating: AuditFilter(), count: 6)
            filters[1].person = "ann"
            filters[2].verb = "outbox retry"
            filters[3].key = .int(7)
            filters[4].limit = 1
            filters[5].tenant = "t"
            filters[5].workflow = "Order"
            filters[5].key = .string("a")
            let expected = [[2, 1, 0], [2, 0], [1], [1], [2], [0]]

            for (filter, places) in zip(filters, expected) {
                let found = try await later.store.audit(filter)
                try bench.demand(
                    found.map(\.entry), equals: places.map { entries[$0] }, "\(filter)")
            }
            let all = try await later.store.audit(AuditFilter())
            var behind = AuditFilter()
            behind.before = all[1].number
            let rest = try await later.store.audit(behind)
            try bench.demand(rest, equals: [all[2]], "the next page")
        },
        Check("a batch that is refused leaves nothing in the record") { bench in
            try await bench.demand(.conflict, "a turn from another version") {
                try await bench.commit {
                    $0.turns = [StoreBench.turn(StoreBench.instance(), from: 4)]
                    $0.audit = [.sample("instances skip", person: "ann", key: nil, second: 1)]
                }
            }

            let found = try await bench.store.audit(AuditFilter())
            try bench.demand(found, equals: [], "the record")
        },
    ]
}

extension AuditEntry {
    fileprivate static func sample(
        _ verb: String, person: String, key: InstanceKey?, second: Int64
    ) -> AuditEntry {
        AuditEntry(
            at: StoreBench.second(second), person: person, verb: verb, reason: "it \"had\" to be",
            tenant: "t", workflow: key == nil ? nil : "Order", key: key, subject: "Order",
            before: ["status": "running"], after: key == nil ? nil : ["status": .null],
            refusal: second == 2 ? "it is over" : nil)
    }
}
