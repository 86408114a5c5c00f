// What happened to each instance, one row per turn. An event of the log is not written again.
import MinkEngine
import MinkExpression
import MinkStore

enum HistoryTable {
    static func rows(
        of id: InstanceID, after version: Int64, _ session: Session
    ) throws(StoreError) -> [HistoryRow] {
        try session.read(
            .history,
            Parameters().add(id.tenant).add(id.workflow).add(id.key.stored)
                .add(version)
        ).map { row throws(StoreError) in
            let version = row.integer()
            let at = try row.moment()
            let body = try StoredForm.decode(TurnRecord.self, from: row.bytes())
            let isSeen = row.flag()
            return HistoryRow(
                version: version, at: at,
                input: try body.input ?? .event(event(in: &row), isSeen: isSeen),
                facts: body.facts)
        }
    }

    private static func event(in row: inout Row) throws(StoreError) -> EventRecord {
        let event = try EventTable.event(in: &row)
        guard event.position > 0 else {
            throw StoreError(
                code: .corrupt, message: "the log has lost an event that a history names")
        }
        return event
    }
}

extension Statement {
    static let history = Statement(
        "history",
        """
        select h.version, h.at, h.at_nanos, h.body, h.is_seen,
            e.position, e.tenant, e.id, e.type, e.stream, e.time, e.time_nanos, e.correlation,
            e.causation, e.entries, e.data
        from (select saga from sagas
                where tenant = $1::text and workflow = $2::text and key = $3::text) s
            cross join lateral (select * from history z where z.saga = s.saga
                and z.version > $4::bigint offset 0) h
            left join lateral
                (select * from events z where z.position = h.event offset 0) e on true
        order by h.version
        """)
}
