// Commands on their way. The row is the token: who deletes it may append the answer.
import MinkEngine
import MinkExpression
import MinkStore

final class OutboxTable {
    private let insert: Statement
    private let delete: Statement
    private let recordFailure: Statement
    private let markLast: Statement
    private let park: Statement
    private let reset: Statement
    private let selectOutstanding: Statement
    private let selectDelayed: Statement
    private let selectImmediate: Statement
    private let selectAll: Statement
    private let selectNextDue: Statement
    private let selectList: Statement
    private var next: Int64

    init(_ connection: Connection) throws(StoreError) {
        insert = connection.statement(
            """
            insert into outbox(sequence, saga, id, name, due, due_nanos, body)
            values (?, ?, ?, ?, ?, ?, ?)
            """)
        delete = connection.statement("delete from outbox where id = ?")
        recordFailure = connection.statement(
            """
            update outbox set attempts = ?, due = ?, due_nanos = ?, is_exhausted = ?, error = ?
            where id = ?
            """)
        markLast = connection.statement("update outbox set is_last = 1 where id = ?")
        park = connection.statement("update outbox set is_exhausted = 1 where id = ?")
        reset = connection.statement(
            """
            update outbox set attempts = 0, due = null, due_nanos = null, is_exhausted = 0,
                is_last = 0
            where id = ?
            """)
        selectOutstanding = connection.statement(
            """
            select attempts, is_exhausted, body from outbox where saga = ? order by sequence
            """)
        selectDelayed = connection.statement(
            """
            select sequence, attempts, due, due_nanos, is_last, error, body from outbox
            where due is not null and is_exhausted = 0 and (due, due_nanos) <= (?, ?)
            order by due, due_nanos, sequence
            """)
        selectImmediate = connection.statement(
            """
            select sequence, attempts, due, due_nanos, is_last, error, body from outbox
            where due is null and is_exhausted = 0 order by sequence
            """)
        selectAll = connection.statement(
            """
            select sequence, attempts, due, due_nanos, is_last, error, outbox.body
            from outbox join sagas on sagas.id = saga
            where tenant = ? and workflow = ? and key = ? order by sequence
            """)
        selectList = connection.statement(
            """
            select is_exhausted, sequence, attempts, due, due_nanos, is_last, error, body
            from outbox where sequence > ? and (? is null or id = ?) order by sequence limit ?
            """)
        selectNextDue = connection.statement(
            """
            select due, due_nanos from outbox where due is not null and is_exhausted = 0
            order by due, due_nanos limit 1
            """)
        next = try connection.integer("select coalesce(max(sequence), 0) + 1 from outbox")
    }

    func append(_ command: CommandRecord, of saga: Int64) throws(StoreError) {
        let text = try StoredForm.encode(command)
        try insert.bind(next).bind(saga).bind(command.id).bind(command.name).bind(command.due)
            .bind(utf8: text).run()
        next += 1
    }

    /// Takes a command out.
    ///
    /// - Returns: Whether it was still there.
    @discardableResult
    func remove(_ id: String) throws(StoreError) -> Bool {
        try delete.bind(id).run() > 0
    }

    func record(_ failure: FailedAttempt) throws(StoreError) {
        try recordFailure.bind(failure.attempts).bind(failure.nextDue)
            .bind(failure.nextDue == nil).bind(failure.error).bind(failure.command).run()
    }

    func markLastAttempt(_ id: String) throws(StoreError) {
        try markLast.bind(id).run()
    }

    /// Keeps a command without offering it, until a person acts.
    func park(_ id: String) throws(StoreError) {
        try park.bind(id).run()
    }

    /// Offers a command again, as if it had never been tried.
    func redeliver(_ id: String) throws(StoreError) {
        try reset.bind(id).run()
    }

    func outstanding(of saga: Int64) throws(StoreError) -> [OutstandingCommand] {
        try selectOutstanding.bind(saga).rows { row throws(StoreError) in
            let (attempts, isExhausted) = (row.int(), row.flag())
            return OutstandingCommand(
                try StoredForm.decode(CommandRecord.self, from: row.utf8()),
                attempts: attempts, isExhausted: isExhausted)
        }
    }

    /// Commands to hand out now: those that waited for a moment before the others, so that no
    /// flood of new ones can keep them waiting.
    func ready(at now: Timestamp, limit: Int) throws(StoreError) -> [PendingCommand] {
        var commands: [PendingCommand] = []
        func take(_ row: Row) throws(StoreError) -> Bool {
            guard commands.count < limit else { return false }
            commands.append(try Self.command(in: row))
            return true
        }
        try selectDelayed.bind(now).forEach(take)
        try selectImmediate.forEach(take)
        return commands
    }

    func commands(of id: InstanceID) throws(StoreError) -> [PendingCommand] {
        try selectAll.bind(id).rows { row throws(StoreError) in try Self.command(in: row) }
    }

    /// Commands of all instances, for people.
    func list(after sequence: Int64, id: String?, limit: Int) throws(StoreError) -> [OutboxRow] {
        try selectList.bind(sequence).bind(id).bind(id).bind(limit).rows {
            row throws(StoreError) in
            let isExhausted = row.flag()
            return OutboxRow(pending: try Self.command(in: row), isExhausted: isExhausted)
        }
    }

    /// Reads the columns in the order of the queries above.
    private static func command(in row: Row) throws(StoreError) -> PendingCommand {
        let (sequence, attempts) = (row.integer(), row.int())
        let due = try row.momentOrNil()
        let (isLast, error) = (row.flag(), row.textOrNil())
        return PendingCommand(
            sequence: sequence,
            command: try StoredForm.decode(CommandRecord.self, from: row.utf8()),
            attempts: attempts, due: due, isLastAttempt: isLast, lastError: error)
    }

    func nextDue() throws(StoreError) -> Timestamp? {
        try selectNextDue.first { row throws(StoreError) in try row.moment() }
    }
}
