// Events that nobody could use, and why.
import MinkEngine
import MinkStore

final class DeadLetterTable {
    private let insert: Statement
    private let select: Statement
    private let updateOpen: Statement
    private let updateRefused: Statement

    init(_ connection: Connection) {
        insert = connection.statement(
            "insert into dead_letters(tenant, event, outcome, body) values (?, ?, ?, ?)")
        select = connection.statement(
            "select number, body from dead_letters where number > ? order by number limit ?")
        updateOpen = connection.statement(
            "update dead_letters set outcome = ? where number = ? and outcome is null")
        updateRefused = connection.statement(
            """
            update dead_letters set outcome = null
            where number = (select letter from operator_inputs where number = ?)
            """)
    }

    func append(_ letter: DeadLetter) throws(StoreError) {
        let text = try StoredForm.encode(letter)
        try insert.bind(letter.event.metadata.tenant).bind(letter.event.id)
            .bind(letter.firstOutcome).bind(utf8: text).run()
    }

    /// Notes what a person decided about a letter.
    ///
    /// - Returns: Whether it was open.
    func settle(_ number: Int64, as outcome: String) throws(StoreError) -> Bool {
        try updateOpen.bind(outcome).bind(number).run() > 0
    }

    /// Opens the letter again that an input was about.
    func reopen(ofInput number: Int64) throws(StoreError) {
        try updateRefused.bind(number).run()
    }

    func read(
        after number: Int64, limit: Int
    ) throws(StoreError) -> [(number: Int64, letter: DeadLetter)] {
        try select.bind(number).bind(limit).rows { row throws(StoreError) in
            (row.integer(), try StoredForm.decode(DeadLetter.self, from: row.utf8()))
        }
    }
}
