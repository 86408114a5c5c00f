// What only a file can suffer: a second opener, foreign files, newer files, torn ends.
import CSQLite
import MinkExpression
import MinkSQLite
import MinkStore
import Testing

@testable import MinkEngine

@Suite("A database file")
struct FileTests {
    private func error(opening file: String) -> StoreError? {
        do {
            _ = try SQLiteStore(file: file)
            return nil
        } catch {
            return error
        }
    }

    private func append(_ id: String, to store: SQLiteStore) async throws {
        let event = EventRecord(id: id, type: "Paid", data: "{}", time: try #require(.sample))
        _ = try await store.append([event], at: event.time, notes: [:])
    }

    @Test func `is open once at a time`() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let file = folder.file("a.db")
        let store = try SQLiteStore(file: file)
        try await append("e1", to: store)

        let refused = error(opening: file)
        try await append("e2", to: store)
        store.close()

        #expect(refused?.code == .occupied)
        #expect(
            refused?.message
                == "\"\(file)\" is in use by another process; stop it, or name another file")
        #expect(error(opening: file) == nil)
    }

    @Test func `can not be opened by another program while the store lives`() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try SQLiteStore(file: folder.file("a.db"))

        #expect(execute("select count(*) from events", in: folder.file("a.db")) == SQLITE_BUSY)
        store.close()
        #expect(execute("select count(*) from events", in: folder.file("a.db")) == SQLITE_OK)
    }

    @Test func `answers every call with a sentence once it is closed`() async throws {
        let store = try SQLiteStore(file: ":memory:")
        store.close()

        let error = await #expect(throws: StoreError.self) { try await store.claim() }
        #expect(error?.message == "the store is closed")
    }

    @Test func `is refused when it is no database`() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let text = String(repeating: "This is a letter, not a database.\n", count: 100)
        try folder.write(text.utf8, to: "letter.txt")

        let error = error(opening: folder.file("letter.txt"))

        #expect(error?.code == .corrupt)
        #expect(error?.message.hasSuffix("is no database; name another file") == true)
        #expect(try folder.bytes(of: "letter.txt") == Array(text.utf8))
    }

    @Test(arguments: [
        ("create table mine(a)", "is a database of another program; name another file"),
        (
            "pragma application_id = 1296649803; pragma user_version = 99; create table x(a)",
            "was written by a newer version of mink-workflow (format 99, known up to 1); "
                + "use that version"
        ),
    ])
    func `is refused, and not changed, when it is not for us`(
        script: String, message: String
    ) throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        #expect(execute(script, in: folder.file("other.db")) == SQLITE_OK)
        let before = try folder.bytes(of: "other.db")

        let error = error(opening: folder.file("other.db"))

        #expect(error?.code == .corrupt)
        #expect(error?.message == "\"\(folder.file("other.db"))\" " + message)
        #expect(try folder.bytes(of: "other.db") == before)
    }

    @Test func `is refused with a sentence where it can not be made`() {
        #expect(error(opening: "/nowhere/at/all.db")?.code == .unavailable)
        #expect(error(opening: "/tmp")?.code == .unavailable)
        #expect(error(opening: "")?.code == .unavailable)
    }

    @Test func `keeps what was committed when its log is torn at any place`() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try SQLiteStore(file: folder.file("a.db"))
        var sizes: [Int] = []
        for number in 1...8 {
            try await append("e\(number)", to: store)
            sizes.append(try folder.bytes(of: "a.db-wal").count)
        }
        let (main, log) = (try folder.bytes(of: "a.db"), try folder.bytes(of: "a.db-wal"))

        for cut in stride(from: sizes[0], through: log.count, by: 1_777) {
            try folder.write(main, to: "b.db")
            try folder.write(log.prefix(cut), to: "b.db-wal")
            let torn = try SQLiteStore(file: folder.file("b.db"))
            let ids = try await torn.read(after: 0, limit: 99).map(\.id)
            torn.close()
            let whole = sizes.count { $0 <= cut }
            #expect(ids.count >= whole)
            #expect(ids == (1..<(ids.count + 1)).map { "e\($0)" })
        }
    }

    @Test func `keeps what was committed before a byte of its log went bad`() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try SQLiteStore(file: folder.file("a.db"))
        try await append("e1", to: store)
        let good = try folder.bytes(of: "a.db-wal").count
        try await append("e2", to: store)
        var log = try folder.bytes(of: "a.db-wal")
        log[good + 100] ^= 0xFF
        try folder.write(try folder.bytes(of: "a.db"), to: "b.db")
        try folder.write(log, to: "b.db-wal")

        let damaged = try SQLiteStore(file: folder.file("b.db"))

        #expect(try await damaged.read(after: 0, limit: 99).map(\.id) == ["e1"])
    }

    /// Runs a script through a connection of its own.
    private func execute(_ script: String, in file: String) -> Int32 {
        var handle: OpaquePointer?
        defer { sqlite3_close_v2(handle) }
        guard sqlite3_open(file, &handle) == SQLITE_OK else { return SQLITE_CANTOPEN }
        return sqlite3_exec(handle, script, nil, nil, nil)
    }
}

extension Timestamp {
    fileprivate static let sample = Timestamp(seconds: 1_800_000_000)
}
