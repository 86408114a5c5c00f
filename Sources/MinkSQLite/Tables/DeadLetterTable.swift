// Events that nobody could use, and why.
import MinkEngine
import MinkStore

final class DeadLetterTable {
    private let insert: Statement
    private let select: Statement

    init(_ connection: Connection) {
        insert = connection.statement(
            "insert into dead_letters(tenant, event, body) values (?, ?, ?)")
        select = connection.statement(
            "select number, body from dead_letters where number > ? order by number limit ?")
    }

    func append(_ letter: DeadLetter) throws(StoreError) {
        let text = try StoredForm.encode(letter)
        try insert.bind(letter.event.metadata.tenant).bind(letter.event.id).bind(utf8: text).run()
    }

    func read(
        after number: Int64, limit: Int
    ) throws(StoreError) -> [(number: Int64, letter: DeadLetter)] {
        try select.bind(number).bind(limit).rows { row throws(StoreError) in
            (row.integer(), try StoredForm.decode(DeadLetter.self, from: row.utf8()))
        }
    }
}
