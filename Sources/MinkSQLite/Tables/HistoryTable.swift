// What happened to each instance, one row per turn. An event of the log is not written again.
import MinkEngine
import MinkExpression
import MinkStore

final class HistoryTable {
    private let insert: Statement
    private let selectAll: Statement
    private let delete: Statement

    init(_ connection: Connection) {
        insert = connection.statement(
            """
            insert into history(saga, version, at, at_nanos, event, is_seen, body)
            values (?, ?, ?, ?, ?, ?, ?)
            """)
        selectAll = connection.statement(
            """
            select history.version, at, at_nanos, history.body, is_seen, position, events.tenant, events.id, type,
                stream, time, time_nanos, events.correlation, causation, entries, data
            from history join sagas on sagas.id = saga
                left join events on position = history.event
            where sagas.tenant = ? and workflow = ? and key = ?
                and history.version > ?
            order by history.version
            """)
        delete = connection.statement("delete from history where saga = ?")
    }

    /// Writes a turn; without its input when that is an event that the log has.
    func append(_ turn: Turn, of saga: Int64, version: Int64) throws(StoreError) {
        var input: Input? = turn.input
        var position: Int64?
        var isSeen: Int64?
        if case .event(let event, let seen) = turn.input, event.position > 0 {
            input = nil
            position = event.position
            isSeen = seen ? 1 : 0
        }
        let text = try StoredForm.encode(
            TurnRecord(input: input, facts: turn.decision.facts))
        try insert.bind(saga).bind(version).bind(turn.at).bind(position).bind(isSeen)
            .bind(utf8: text).run()
    }

    func rows(of id: InstanceID, after version: Int64) throws(StoreError) -> [HistoryRow] {
        try selectAll.bind(id).bind(version).rows { row throws(StoreError) in
            let version = row.integer()
            let at = try row.moment()
            let body = try StoredForm.decode(TurnRecord.self, from: row.utf8())
            let isSeen = row.flag()
            return HistoryRow(
                version: version, at: at,
                input: try body.input ?? .event(Self.event(in: row), isSeen: isSeen),
                facts: body.facts)
        }
    }

    private static func event(in row: Row) throws(StoreError) -> EventRecord {
        let event = try EventTable.event(in: row)
        guard event.position > 0 else {
            throw StoreError(
                code: .corrupt, message: "the log has lost an event that a history names")
        }
        return event
    }

    func remove(_ saga: Int64) throws(StoreError) {
        try delete.bind(saga).run()
    }
}
