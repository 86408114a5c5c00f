// One connection to a SQLite database, held for the life of the store. Not for use by two threads
// at once: the store guards it.
import CSQLite
import MinkStore

/// An open database that no other process can open.
final class Connection {
    private let handle: OpaquePointer
    /// Sets SQLite up for the process, once; where the host has done so before, its choice stays.
    private static let configured = mink_sqlite_without_memory_statistics()
    /// The name of the file, for messages.
    let file: String

    /// Opens a file, which may be new, or `:memory:`.
    ///
    /// The lock on the file lasts until the process ends, however it ends, or the connection goes.
    ///
    /// - Throws: ``StoreError`` with code `occupied` if another connection holds the file.
    init(file: String) throws(StoreError) {
        guard !file.isEmpty else {
            throw StoreError(code: .unavailable, message: "the name of the database is empty")
        }
        _ = Self.configured
        var handle: OpaquePointer?
        let flags =
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
            | SQLITE_OPEN_EXRESCODE
        let result = sqlite3_open_v2(file, &handle, flags, nil)
        guard let handle else {
            throw StoreError(code: .unavailable, message: "no memory to open \"\(file)\"")
        }
        self.handle = handle
        self.file = file
        // A moment, because the process before this one may be about to end.
        sqlite3_busy_timeout(handle, 300)
        try check(result)
    }

    deinit {
        // Statements may outlive the connection; SQLite then closes with the last of them.
        sqlite3_close_v2(handle)
    }

    /// A statement that is compiled when it is first used, and then kept.
    func statement(_ text: StaticString) -> Statement {
        Statement(text.description, on: self)
    }

    /// Compiles one statement.
    func prepare(_ text: String, isKept: Bool = true) throws(StoreError) -> OpaquePointer {
        var prepared: OpaquePointer?
        let flags = isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        try check(sqlite3_prepare_v3(handle, text, -1, flags, &prepared, nil))
        guard let prepared else {
            throw StoreError(code: .corrupt, message: "\"\(file)\": an empty statement")
        }
        return prepared
    }

    /// Runs statements that return nothing.
    func execute(_ script: String) throws(StoreError) {
        try check(sqlite3_exec(handle, script, nil, nil, nil))
    }

    /// The first column of the first row of a query without parameters.
    func integer(_ query: String) throws(StoreError) -> Int64 {
        try Statement(query, on: self).first { $0.integer() } ?? 0
    }

    /// How many rows the last statement changed.
    var changes: Int { Int(sqlite3_changes(handle)) }

    /// Throws what a result code says, unless it says that all is well.
    func check(_ result: Int32) throws(StoreError) {
        guard result != SQLITE_OK else { return }
        throw StoreError(
            sqlite: result, detail: String(cString: sqlite3_errmsg(handle)), file: file)
    }

    /// Whether a transaction is open.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }
}

extension StoreError {
    /// What a result code of SQLite means to the caller.
    init(sqlite result: Int32, detail: String, file: String) {
        let name = file == ":memory:" ? "the database in memory" : "\"\(file)\""
        switch result & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED:
            self.init(
                code: .occupied,
                message: "\(name) is in use by another process; stop it, or name another file")
        case SQLITE_NOTADB:
            self.init(code: .corrupt, message: "\(name) is no database; name another file")
        case SQLITE_CORRUPT:
            self.init(
                code: .corrupt, message: "\(name) is damaged (\(detail)); restore a copy of it")
        case SQLITE_CANTOPEN:
            self.init(
                code: .unavailable,
                message: "\(name) can not be opened; check that its folder exists and is writable")
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            self.init(
                code: .unavailable, message: "\(name) can not be written; check its permissions")
        case SQLITE_FULL:
            self.init(code: .unavailable, message: "\(name) has no room left; free disk space")
        case SQLITE_IOERR, SQLITE_NOMEM, SQLITE_INTERRUPT:
            self.init(code: .unavailable, message: "\(name) can not be used: \(detail)")
        default:
            self.init(code: .corrupt, message: "\(name) refused a statement: \(detail)")
        }
    }
}
