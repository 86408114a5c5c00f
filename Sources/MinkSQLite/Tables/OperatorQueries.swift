// Lists of events and dead letters as SQL: fixed fragments, and every value bound.
import MinkEngine
import MinkStore

/// Events of the log, the newest first.
struct EventQuery {
    private let filter: EventFilter

    init(_ filter: EventFilter) { self.filter = filter }

    func run(on connection: Connection) throws(StoreError) -> [EventRecord] {
        let wanted = [
            ("tenant", filter.tenant), ("type", filter.type), ("correlation", filter.correlationID),
        ].compactMap { name, value in value.map { (name, $0) } }
        let conditions =
            ["position < ?", "(appended, appended_nanos) >= (?, ?)"]
            + wanted.map { "\($0.0) = ?" }
        let text = """
            select position, tenant, id, type, stream, time, time_nanos, correlation, causation,
                entries, data
            from events where \(conditions.joined(separator: " and "))
            order by position desc limit ?
            """
        var statement = Statement(text, on: connection).bind(filter.before).bind(filter.since)
        for (_, value) in wanted { statement = statement.bind(value) }
        return try statement.bind(filter.limit).rows { row throws(StoreError) in
            try EventTable.event(in: row)
        }
    }
}

/// Dead letters, oldest first.
struct LetterQuery {
    private let filter: LetterFilter

    init(_ filter: LetterFilter) { self.filter = filter }

    func run(on connection: Connection) throws(StoreError) -> [LetterRow] {
        var conditions = ["number > ?"]
        if filter.tenant != nil { conditions.append("tenant = ?") }
        if filter.event != nil { conditions.append("event = ?") }
        if filter.number != nil { conditions.append("number = ?") }
        if !filter.withSettled { conditions.append("outcome is null") }
        let text = """
            select number, outcome, body from dead_letters
            where \(conditions.joined(separator: " and ")) order by number limit ?
            """
        var statement = Statement(text, on: connection).bind(filter.after)
        if let tenant = filter.tenant { statement = statement.bind(tenant) }
        if let event = filter.event { statement = statement.bind(event) }
        if let number = filter.number { statement = statement.bind(number) }
        return try statement.bind(filter.limit).rows { row throws(StoreError) in
            let (number, outcome) = (row.integer(), row.textOrNil())
            return LetterRow(
                number: number,
                letter: try StoredForm.decode(DeadLetter.self, from: row.utf8()), outcome: outcome)
        }
    }
}
