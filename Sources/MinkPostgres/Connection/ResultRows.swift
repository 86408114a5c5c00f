// What a statement returned, in binary form. Columns are read one after the other, in the order of
// the query.
import CLibpq
import MinkExpression
import MinkStore

/// The rows of one statement.
final class ResultRows {
    private let handle: OpaquePointer

    /// Takes over a result of libpq.
    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        PQclear(handle)
    }

    var count: Int { Int(PQntuples(handle)) }

    /// Reads all rows.
    func map<Element>(
        _ read: (inout Row) throws(StoreError) -> Element
    ) throws(StoreError) -> [Element] {
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for number in 0..<PQntuples(handle) {
            var row = Row(handle, number)
            elements.append(try read(&row))
        }
        return elements
    }

    /// Visits all rows.
    func forEach(_ visit: (inout Row) -> Void) {
        for number in 0..<PQntuples(handle) {
            var row = Row(handle, number)
            visit(&row)
        }
    }

    /// Reads the first row; `nil` when there is none.
    func first<Element>(
        _ read: (inout Row) throws(StoreError) -> Element
    ) throws(StoreError) -> Element? {
        guard count > 0 else { return nil }
        var row = Row(handle, 0)
        return try read(&row)
    }
}

/// One row, valid as long as its result.
struct Row {
    private let handle: OpaquePointer
    private let number: Int32
    private var column: Int32 = 0

    init(_ handle: OpaquePointer, _ number: Int32) {
        self.handle = handle
        self.number = number
    }

    private mutating func next() -> UnsafeBufferPointer<UInt8> {
        defer { column += 1 }
        let count = Int(PQgetlength(handle, number, column))
        guard let start = PQgetvalue(handle, number, column) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(
            start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: count)
    }

    private var isNull: Bool { PQgetisnull(handle, number, column) == 1 }

    /// A number of any width, or a truth value; 0 when it is null.
    mutating func integer() -> Int64 {
        let bytes = next()
        guard let first = bytes.first else { return 0 }
        // A truth value is one byte without a sign; so is its 1.
        var value = Int64(Int8(bitPattern: first))
        for byte in bytes.dropFirst().prefix(7) { value = value << 8 | Int64(byte) }
        return value
    }

    mutating func int() -> Int { Int(integer()) }

    mutating func flag() -> Bool { integer() != 0 }

    /// The text; empty when it is null.
    mutating func text() -> String { ServerText.text(next()) }

    mutating func textOrNil() -> String? {
        guard !isNull else {
            column += 1
            return nil
        }
        return text()
    }

    mutating func bytes() -> [UInt8] { Array(next()) }

    mutating func integerOrNil() -> Int64? {
        guard !isNull else {
            column += 1
            return nil
        }
        return integer()
    }

    /// A moment in two columns; `nil` when they are null.
    mutating func momentOrNil() throws(StoreError) -> Timestamp? {
        guard !isNull else {
            column += 2
            return nil
        }
        return try moment()
    }

    /// A moment in two columns.
    mutating func moment() throws(StoreError) -> Timestamp {
        let (microseconds, nanoseconds) = (integer(), integer())
        guard
            let moment = Timestamp(serverMicroseconds: microseconds, nanoseconds: nanoseconds)
        else {
            throw StoreError(
                code: .corrupt,
                message: "a stored moment (\(microseconds) µs since 2000) is outside the calendar")
        }
        return moment
    }
}
