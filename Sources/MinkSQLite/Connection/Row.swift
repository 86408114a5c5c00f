// The row that a statement stands on. Columns are read one after the other, in the order of the
// query.
import CSQLite
import MinkExpression
import MinkStore

/// One row of a result, valid until the statement goes on.
final class Row {
    private var handle: OpaquePointer?
    private var column: Int32 = 0

    func start(_ handle: OpaquePointer?) {
        self.handle = handle
        column = 0
    }

    private func next() -> Int32 {
        defer { column += 1 }
        return column
    }

    private var isNull: Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func integer() -> Int64 { sqlite3_column_int64(handle, next()) }

    func int() -> Int { Int(integer()) }

    func flag() -> Bool { integer() != 0 }

    /// The text, whatever its bytes are; empty when it is null.
    func text() -> String {
        let column = next()
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// The bytes of a text.
    func utf8() -> [UInt8] {
        let column = next()
        guard let start = sqlite3_column_text(handle, column) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, column))
        return [UInt8](UnsafeBufferPointer(start: start, count: count))
    }

    func textOrNil() -> String? {
        guard !isNull else {
            column += 1
            return nil
        }
        return text()
    }

    /// A moment in two columns; `nil` when they are null.
    func momentOrNil() throws(StoreError) -> Timestamp? {
        guard !isNull else {
            column += 2
            return nil
        }
        return try moment()
    }

    /// A moment in two columns.
    func moment() throws(StoreError) -> Timestamp {
        let (seconds, nanoseconds) = (integer(), integer())
        guard let nanoseconds = Int32(exactly: nanoseconds),
            let moment = Timestamp(seconds: seconds, nanoseconds: nanoseconds)
        else {
            throw StoreError(
                code: .corrupt,
                message: "a stored moment (\(seconds) s, \(nanoseconds) ns) is outside the calendar"
            )
        }
        return moment
    }
}
