// How far a lane has judged the log. A row for each batch, the newest wins; the number of the batch
// also tells, after a connection was lost, whether it was written.
import MinkStore

/// A place in the log: a window between two snapshots, and how far it was read.
///
/// The window holds what is visible in the second snapshot and was not in the first. Without a
/// second one, the next read opens the window up to its own moment.
struct LogPlace: Sendable, Hashable {
    var from: String
    var to: String?
    var position: Int64

    /// Before everything: no transaction was visible yet.
    static let start = LogPlace(from: "1:1:", to: nil, position: 0)
}

enum CursorTable {
    /// The number of the last batch of a lane, and its place.
    static func newest(
        of lane: Lane, _ session: Session
    ) throws(StoreError) -> (batch: Int64, place: LogPlace) {
        try session.run(.newestCursor, Parameters().add(lane.number)).first { row in
            (
                row.integer(),
                LogPlace(from: row.text(), to: row.textOrNil(), position: row.integer())
            )
        } ?? (0, .start)
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
        select seq, s1::text, s2::text, position from cursors
        where lane = $1::bigint order by seq desc limit 1
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
