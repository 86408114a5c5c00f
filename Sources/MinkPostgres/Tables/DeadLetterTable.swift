// Events that nobody could use, and why.
import MinkEngine
import MinkStore

enum DeadLetterTable {
    static func appending(_ letters: [DeadLetter]) throws(StoreError) -> Call {
        var bodies: [[UInt8]] = []
        for letter in letters { bodies.append(try StoredForm.encode(letter)) }
        return Statement.insertDeadLetters.with(
            Parameters().add(letters.map(\.event.metadata.tenant)).add(letters.map(\.event.id))
                .add(letters.map(\.firstOutcome)).add(bodies))
    }

    /// Notes what a person decided about a letter.
    ///
    /// - Returns: Whether it was open.
    static func settle(
        _ number: Int64, as outcome: String, _ session: Session
    ) throws(StoreError) -> Bool {
        try session.run(.settleLetter, Parameters().add(number).add(outcome)).count > 0
    }

    static func list(_ filter: LetterFilter, _ session: Session) throws(StoreError) -> [LetterRow] {
        let statement: Statement =
            filter.event != nil ? .lettersOfEvent : filter.withSettled ? .letters : .openLetters
        return try session.read(
            statement,
            Parameters().add(filter.after).add(filter.limit).add(filter.tenant)
                .add(filter.number ?? 0).add(filter.withSettled).add(filter.event)
        ).map { row throws(StoreError) in
            let (number, outcome) = (row.integer(), row.textOrNil())
            return LetterRow(
                number: number,
                letter: try StoredForm.decode(DeadLetter.self, from: row.bytes()), outcome: outcome)
        }
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
        insert into dead_letters(tenant, event, outcome, body)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[])
        """)

    static let settleLetter = Statement(
        "settle_letter",
        """
        update dead_letters set outcome = $2::text
        where number = $1::bigint and outcome is null returning number
        """)

    /// A list of letters, with one more condition that an index knows.
    private static func listing(
        _ name: String, of letters: String = "dead_letters", where condition: String
    ) -> Statement {
        Statement(
            name,
            """
            select number, outcome, body from \(letters)
            where number > $1::bigint and ($3::text is null or tenant = $3::text)
                and ($4::bigint = 0 or number = $4::bigint) and \(condition)
            order by number limit $2::bigint
            """)
    }

    static let letters = listing("letters", where: "$5::boolean and $6::text is null")

    static let openLetters = listing(
        "open_letters", where: "not $5::boolean and $6::text is null and outcome is null")

    static let lettersOfEvent = listing(
        "letters_of_event",
        of: "(select * from dead_letters z where z.tenant = $3::text and z.event = $6::text "
            + "offset 0) l",
        where: "($5::boolean or outcome is null)")

    static let deadLetters = Statement(
        "dead_letters",
        """
        select number, body from dead_letters where number > $1::bigint
        order by number limit $2::bigint
        """)
}
