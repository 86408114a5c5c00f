// Timers: a copy of what the instances hold, in the order in which they are due.
import MinkEngine
import MinkExpression
import MinkStore

enum TimerTable {
    static func due(
        at now: Timestamp, in partitions: [Int16], limit: Int, _ session: Session
    ) throws(StoreError) -> [DueTimer] {
        try session.read(
            .dueTimers, Parameters().add(partitions).add(now).add(limit)
        ).map { row throws(StoreError) in
            let timer = try timer(in: &row)
            return DueTimer(instance: row.instanceID(), timer: timer)
        }
    }

    private static func timer(in row: inout Row) throws(StoreError) -> Timer {
        let (number, kind) = (row.int(), row.int())
        guard let kind = Timer.Kind(rawValue: kind) else {
            throw StoreError(
                code: .corrupt, message: "a stored timer has the unknown kind \(kind)")
        }
        return Timer(
            number: number, kind: kind, due: try row.moment(), visit: row.int(),
            reminders: row.int())
    }

    /// The rows of one instance.
    static func stored(
        of saga: Int64, in partition: Int16, _ session: Session
    ) throws(StoreError) -> [Timer] {
        try session.read(.timersOfSaga, Parameters().add([partition]).add(saga))
            .map { row throws(StoreError) in try timer(in: &row) }
    }

    static func nextDue(
        in partitions: [Int16], _ session: Session
    ) throws(StoreError) -> Timestamp? {
        try session.read(.nextTimer, Parameters().add(partitions))
            .first { row throws(StoreError) in try row.moment() }
    }
}

extension Statement {
    /// Each partition is a range of the index; what a partition can give is taken from its head.
    ///
    /// Timers of one moment go by kind, then by order of arming.
    static let dueTimers = Statement(
        "due_timers",
        """
        select t.number, t.kind, t.due, t.due_nanos, t.visit, t.reminders,
            s.tenant, s.workflow, s.key
        from (select t.* from unnest($1::smallint[]) p,
                lateral (select * from timers z
                    where z.part = p and (z.due, z.due_nanos) <= ($2::timestamptz, $3::smallint)
                    order by z.due, z.due_nanos, z.kind, z.armed limit $4::bigint) t
                order by t.due, t.due_nanos, t.kind, t.armed limit $4::bigint) t,
            lateral (select * from sagas z where z.saga = t.saga offset 0) s
        order by t.due, t.due_nanos, t.kind, t.armed
        """)

    /// For people: within a partition all timers are looked at.
    static let timersOfSaga = Statement(
        "timers_of_saga",
        """
        select number, kind, due, due_nanos, visit, reminders from timers
        where part = any($1::smallint[]) and saga = $2::bigint order by armed
        """)

    static let nextTimer = Statement(
        "next_timer",
        """
        select t.due, t.due_nanos from unnest($1::smallint[]) p,
            lateral (select * from timers z where z.part = p
                order by z.due, z.due_nanos limit 1) t
        order by t.due, t.due_nanos limit 1
        """)
}
