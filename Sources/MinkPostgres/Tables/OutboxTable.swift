// Commands on their way. The row is the token: who deletes it may append the answer.
import MinkEngine
import MinkExpression
import MinkStore

enum OutboxTable {
    /// Commands to hand out now: those that waited for a moment before the others, so that no
    /// flood of new ones can keep them waiting.
    static func ready(
        at now: Timestamp, in partitions: [Int16], limit: Int, _ session: Session
    ) throws(StoreError) -> [PendingCommand] {
        let delayed = try session.read(
            .delayedCommands, Parameters().add(partitions).add(now).add(limit)
        ).map { row throws(StoreError) in try command(in: &row) }
        guard delayed.count < limit else { return delayed }
        let immediate = try session.read(
            .immediateCommands, Parameters().add(partitions).add(limit - delayed.count)
        ).map { row throws(StoreError) in try command(in: &row) }
        return delayed + immediate
    }

    static func commands(
        of id: InstanceID, _ session: Session
    ) throws(StoreError) -> [PendingCommand] {
        try session.read(
            .commandsOfInstance,
            Parameters().add(id.tenant).add(id.workflow).add(id.key.stored)
        ).map { row throws(StoreError) in try command(in: &row) }
    }

    /// Commands of all instances, for people.
    static func list(
        after sequence: Int64, id: String?, limit: Int, _ session: Session
    ) throws(StoreError) -> [OutboxRow] {
        let statement: Statement = id == nil ? .allCommands : .commandByID
        return try session.read(
            statement, Parameters().add(sequence).add(limit).add(id)
        ).map { row throws(StoreError) in
            let isExhausted = row.flag()
            return OutboxRow(pending: try command(in: &row), isExhausted: isExhausted)
        }
    }

    /// Reads the columns in the order of the queries below.
    private static func command(in row: inout Row) throws(StoreError) -> PendingCommand {
        let (sequence, attempts) = (row.integer(), row.int())
        let due = try row.momentOrNil()
        let (isLast, error) = (row.flag(), row.textOrNil())
        return PendingCommand(
            sequence: sequence,
            command: try StoredForm.decode(CommandRecord.self, from: row.bytes()),
            attempts: attempts, due: due, isLastAttempt: isLast, lastError: error)
    }

    static func nextDue(
        in partitions: [Int16], _ session: Session
    ) throws(StoreError) -> Timestamp? {
        try session.read(.nextCommand, Parameters().add(partitions))
            .first { row throws(StoreError) in try row.moment() }
    }
}

extension Statement {
    private static let columns = "sequence, attempts, due, due_nanos, is_last, error, body"

    static let delayedCommands = Statement(
        "delayed_commands",
        """
        select \(columns) from unnest($1::smallint[]) p,
            lateral (select * from outbox z
                where z.part = p and z.due is not null and not z.is_exhausted
                    and (z.due, z.due_nanos) <= ($2::timestamptz, $3::smallint)
                order by z.due, z.due_nanos, z.sequence limit $4::bigint) o
        order by due, due_nanos, sequence limit $4::bigint
        """)

    static let immediateCommands = Statement(
        "immediate_commands",
        """
        select \(columns) from unnest($1::smallint[]) p,
            lateral (select * from outbox z
                where z.part = p and z.due is null and not z.is_exhausted
                order by z.sequence limit $2::bigint) o
        order by sequence limit $2::bigint
        """)

    static let commandsOfInstance = Statement(
        "commands_of_instance",
        """
        select \(columns) from
            (select saga from sagas
                where tenant = $1::text and workflow = $2::text and key = $3::text) s,
            lateral (select * from outbox z where z.saga = s.saga offset 0) o
        order by sequence
        """)

    /// Reads all that waits, and orders it: an index for that would cost every command.
    static let allCommands = Statement(
        "all_commands",
        """
        select is_exhausted, \(columns) from outbox
        where sequence > $1::bigint and $3::text is null order by sequence limit $2::bigint
        """)

    static let commandByID = Statement(
        "command_by_id",
        """
        select is_exhausted, \(columns) from (select * from outbox z where z.id = $3::text offset 0) o
        where sequence > $1::bigint order by sequence limit $2::bigint
        """)

    static let nextCommand = Statement(
        "next_command",
        """
        select o.due, o.due_nanos from unnest($1::smallint[]) p,
            lateral (select * from outbox z
                where z.part = p and z.due is not null and not z.is_exhausted
                order by z.due, z.due_nanos limit 1) o
        order by o.due, o.due_nanos limit 1
        """)
}
