// A filter as SQL: fixed fragments, and every value bound.
import MinkDefinition
import MinkEngine
import MinkStore

struct InstanceQuery {
    private let filter: InstanceFilter
    private let statuses: [String]

    init(_ filter: InstanceFilter) {
        self.filter = filter
        statuses = (filter.statuses ?? []).map(\.rawValue).sorted()
    }

    private var text: String {
        var conditions = ["place > ?"]
        if filter.tenant != nil { conditions.append("tenant = ?") }
        if filter.workflow != nil { conditions.append("workflow = ?") }
        if filter.key != nil { conditions.append("key = ?") }
        if filter.correlationID != nil { conditions.append("correlation = ?") }
        if filter.having != nil { conditions.append("instr(body, ?) > 0") }
        if let wanted = filter.statuses {
            let marks = statuses.map { _ in "?" }.joined(separator: ", ")
            conditions.append("status in (\(marks))")
            // Lets the index of live ones be used.
            if !wanted.contains(where: \.isEnded) { conditions.append("ended is null") }
        }
        return """
            select place, version, body from sagas
            where \(conditions.joined(separator: " and ")) order by place limit ?
            """
    }

    func run(on connection: Connection) throws(StoreError) -> [InstanceRow] {
        var statement = Statement(text, on: connection).bind(filter.after)
        for value in [
            filter.tenant, filter.workflow, filter.key?.stored, filter.correlationID,
            filter.having?.mark,
        ] {
            if let value { statement = statement.bind(value) }
        }
        for status in statuses { statement = statement.bind(status) }
        return try statement.bind(filter.limit).rows { row throws(StoreError) in
            InstanceRow(
                sequence: row.integer(), version: row.integer(),
                instance: try StoredForm.decode(Instance.self, from: row.utf8()))
        }
    }
}
