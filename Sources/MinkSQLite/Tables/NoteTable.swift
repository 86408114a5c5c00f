// Small texts that are committed with the work, and how far the log was judged.
import MinkStore

final class NoteTable {
    private let upsert: Statement
    private let select: Statement
    private let updateCursor: Statement
    private let selectCursor: Statement

    init(_ connection: Connection) {
        upsert = connection.statement(
            """
            insert into notes(name, value) values (?, ?)
            on conflict(name) do update set value = excluded.value
            """)
        select = connection.statement("select name, value from notes")
        updateCursor = connection.statement("update cursor set position = ?")
        selectCursor = connection.statement("select position from cursor")
    }

    func save(_ notes: [String: String]) throws(StoreError) {
        for (name, value) in notes { try upsert.bind(name).bind(value).run() }
    }

    func all() throws(StoreError) -> [String: String] {
        var notes: [String: String] = [:]
        try select.forEach { row in
            notes[row.text()] = row.text()
            return true
        }
        return notes
    }

    func moveCursor(to position: Int64) throws(StoreError) {
        try updateCursor.bind(position).run()
    }

    func cursor() throws(StoreError) -> Int64 {
        try selectCursor.first { $0.integer() } ?? 0
    }
}
