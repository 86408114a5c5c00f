// One SQL statement with its parameters. Values are bound in the order of their question marks:
//
//   try update.bind(version).bind(text).run()
import CSQLite
import MinkExpression
import MinkStore

/// A statement that is compiled once and run often.
final class Statement {
    private let text: String
    private let connection: Connection
    private var handle: OpaquePointer?
    private let row = Row()
    private var bound: Int32 = 0
    /// What went wrong while values were bound; thrown by the run that follows.
    private var failure: StoreError?

    init(_ text: String, on connection: Connection) {
        self.text = text
        self.connection = connection
    }

    deinit {
        sqlite3_finalize(handle)
    }

    private func prepared() throws(StoreError) -> OpaquePointer {
        if let handle { return handle }
        let handle = try connection.prepare(text)
        self.handle = handle
        return handle
    }

    private func bind(_ set: (OpaquePointer, Int32) -> Int32) -> Statement {
        guard failure == nil else { return self }
        do throws(StoreError) {
            let handle = try prepared()
            bound += 1
            try connection.check(set(handle, bound))
        } catch {
            failure = error
        }
        return self
    }

    /// Runs the statement to its end.
    ///
    /// - Returns: How many rows it changed.
    @discardableResult
    func run() throws(StoreError) -> Int {
        while try step() {}
        return connection.changes
    }

    /// Reads all rows.
    func rows<Element>(
        _ read: (Row) throws(StoreError) -> Element
    ) throws(StoreError) -> [Element] {
        var elements: [Element] = []
        try forEach { row throws(StoreError) in
            elements.append(try read(row))
            return true
        }
        return elements
    }

    /// Reads the first row; `nil` when there is none.
    func first<Element>(
        _ read: (Row) throws(StoreError) -> Element
    ) throws(StoreError) -> Element? {
        var element: Element?
        try forEach { row throws(StoreError) in
            element = try read(row)
            return false
        }
        return element
    }

    /// Visits rows until the visitor has enough.
    func forEach(_ visit: (Row) throws(StoreError) -> Bool) throws(StoreError) {
        defer { rewind() }
        while try step() {
            row.start(handle)
            guard try visit(row) else { return }
        }
    }

    /// Goes to the next row; false, and ready for the next run, when there is none.
    private func step() throws(StoreError) -> Bool {
        do throws(StoreError) {
            if let failure { throw failure }
            let result = sqlite3_step(try prepared())
            if result == SQLITE_ROW { return true }
            if result != SQLITE_DONE { try connection.check(result) }
            rewind()
            return false
        } catch {
            rewind()
            throw error
        }
    }

    private func rewind() {
        sqlite3_reset(handle)
        bound = 0
        failure = nil
    }
}

extension Statement {
    func bind(_ number: Int64) -> Statement {
        bind { sqlite3_bind_int64($0, $1, number) }
    }

    func bind(_ number: Int) -> Statement { bind(Int64(number)) }

    func bind(_ flag: Bool) -> Statement { bind(flag ? 1 : 0 as Int64) }

    func bind(_ text: String) -> Statement {
        bind { handle, place in
            var text = text
            return text.withUTF8 { bytes in
                // An empty text has no address, and no address would mean null.
                guard let start = bytes.baseAddress else {
                    return sqlite3_bind_text(handle, place, "", 0, nil)
                }
                return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                    sqlite3_bind_text64(
                        handle, place, $0, UInt64(bytes.count), Self.copied, UInt8(SQLITE_UTF8))
                }
            }
        }
    }

    /// Binds the UTF-8 bytes of a text.
    func bind(utf8 bytes: [UInt8]) -> Statement {
        bind { handle, place in
            bytes.withUnsafeBytes { bytes in
                sqlite3_bind_text64(
                    handle, place, bytes.assumingMemoryBound(to: CChar.self).baseAddress,
                    UInt64(bytes.count), Self.copied, UInt8(SQLITE_UTF8))
            }
        }
    }

    func bind(utf8 bytes: [UInt8]?) -> Statement {
        guard let bytes else { return bindNull() }
        return bind(utf8: bytes)
    }

    func bind(_ text: String?) -> Statement {
        guard let text else { return bindNull() }
        return bind(text)
    }

    func bind(_ number: Int64?) -> Statement {
        guard let number else { return bindNull() }
        return bind(number)
    }

    /// Binds two columns: seconds and nanoseconds.
    func bind(_ moment: Timestamp?) -> Statement {
        guard let moment else { return bindNull().bindNull() }
        return bind(moment.seconds).bind(Int64(moment.nanoseconds))
    }

    func bindNull() -> Statement {
        bind { sqlite3_bind_null($0, $1) }
    }

    /// Tells SQLite to copy the text before the call returns.
    private static var copied: sqlite3_destructor_type {
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }
}
