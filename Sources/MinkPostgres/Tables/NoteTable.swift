// Small texts that are committed with the work.
import MinkStore

enum NoteTable {
    static func saving(_ notes: [String: String]) -> Call {
        // In one order everywhere, so that two writers never wait for each other.
        let sorted = notes.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return Statement.saveNotes.with(
            Parameters().add(sorted.map(\.key)).add(sorted.map(\.value)))
    }

    static func all(_ session: Session) throws(StoreError) -> [String: String] {
        var notes: [String: String] = [:]
        for (name, value) in try session.read(.notes).map({ row in (row.text(), row.text()) }) {
            notes[name] = value
        }
        return notes
    }
}

extension Statement {
    static let saveNotes = Statement(
        "save_notes",
        """
        insert into notes(name, value) select * from unnest($1::text[], $2::text[])
        on conflict (name) do update set value = excluded.value
        """)

    static let notes = Statement("notes", "select name, value from notes order by name")
}
