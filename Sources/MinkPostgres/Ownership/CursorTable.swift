// How far each lane has judged the log. A row for each batch, the newest wins; the number of the
// batch also tells, after a connection was lost, whether it was written.
import MinkStore

enum CursorTable {
    /// The number of the last batch of a lane, and how far its partitions were judged.
    static func newest(
        of lane: Int64, with partitions: PartitionSet, _ session: Session
    ) throws(StoreError) -> (batch: Int64, progress: LogProgress) {
        try session.run(.newestCursor, Parameters().add(lane)).first {
            row throws(StoreError) in
            let batch = row.integer()
            let place = LogPlace(
                from: row.text(), to: row.textOrNil(), position: row.integer())
            return (batch, try LogProgress(place, others: row.textOrNil(), of: partitions))
        } ?? (0, LogProgress())
    }

    /// Notes how far the partitions of a lane were judged, where no batch does.
    static func add(
        _ progress: LogProgress, batch: Int64, of lane: Lane, _ session: Session
    ) throws(StoreError) {
        let place = progress.fronts.first?.place ?? .start
        try session.run(
            .addCursor,
            Parameters().add(lane.number).add(batch).add(place.from).add(place.to)
                .add(place.position).add(progress.othersText))
    }

    /// The transaction that wrote a batch; `nil` when it was not written.
    static func transaction(
        of batch: Int64, of lane: Lane, _ session: Session
    ) throws(StoreError) -> String? {
        try session.run(.cursorTransaction, Parameters().add(lane.number).add(batch))
            .first { $0.text() }
    }

    /// Removes what newer rows have outdated, except the last few.
    static func trim(_ lane: Lane, _ session: Session) throws(StoreError) {
        try session.run(.trimCursors, Parameters().add(lane.number))
    }
}

extension Statement {
    static let newestCursor = Statement(
        "newest_cursor",
        """
        select seq, s1::text, s2::text, position, apart from cursors
        where lane = $1::bigint order by seq desc limit 1
        """)

    static let addCursor = Statement(
        "add_cursor",
        """
        insert into cursors(lane, seq, s1, s2, position, apart)
        values ($1::bigint, $2::bigint, $3::text::pg_snapshot, $4::text::pg_snapshot, $5::bigint,
            $6::text)
        """)

    static let cursorTransaction = Statement(
        "cursor_transaction",
        "select tx::text from cursors where lane = $1::bigint and seq = $2::bigint")

    static let trimCursors = Statement(
        "trim_cursors",
        """
        delete from cursors where lane = $1::bigint and seq < (
            select seq - 100 from cursors where lane = $1::bigint order by seq desc limit 1)
        """)
}
