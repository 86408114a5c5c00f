// Events that nobody could use, and why.
import MinkEngine
import MinkStore

enum DeadLetterTable {
    static func appending(_ letters: [DeadLetter]) throws(StoreError) -> Call {
        var bodies: [[UInt8]] = []
        for letter in letters { bodies.append(try StoredForm.encode(letter)) }
        return Statement.insertDeadLetters.with(
            Parameters().add(letters.map(\.event.metadata.tenant)).add(letters.map(\.event.id))
                .add(bodies))
    }

    static func read(
        after number: Int64, limit: Int, _ session: Session
    ) throws(StoreError) -> [(number: Int64, letter: DeadLetter)] {
        try session.read(.deadLetters, Parameters().add(number).add(limit)).map {
            row throws(StoreError) in
            (row.integer(), try StoredForm.decode(DeadLetter.self, from: row.bytes()))
        }
    }
}

extension Statement {
    static let insertDeadLetters = Statement(
        "insert_dead_letters",
        """
        insert into dead_letters(tenant, event, body)
        select * from unnest($1::text[], $2::text[], $3::bytea[])
        """)

    static let deadLetters = Statement(
        "dead_letters",
        """
        select number, body from dead_letters where number > $1::bigint
        order by number limit $2::bigint
        """)
}
