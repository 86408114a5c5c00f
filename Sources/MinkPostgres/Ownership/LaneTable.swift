// The rows of lanes. The row of a lane is the fence of all its commits: written only when the lane
// begins, is renewed, is taken over or ends.
import MinkStore

/// A lane as others see it.
struct LaneRow {
    let number: Int64
    let owner: String
    /// Whether it has all the work, or none.
    let isWhole: Bool
    /// Whether its lease runs.
    let isAlive: Bool
}

enum LaneTable {
    static func all(_ session: Session) throws(StoreError) -> [LaneRow] {
        try session.run(.lanes).map { row in
            LaneRow(
                number: row.integer(), owner: row.text(), isWhole: row.flag(),
                isAlive: row.flag())
        }
    }

    static func make(
        by owner: String, isWhole: Bool, _ session: Session
    ) throws(StoreError) -> Lane {
        let made = try session.run(
            .makeLane,
            Parameters().add(owner).add(session.address.options.leaseTime.milliseconds)
                .add(isWhole)
        ).first { $0.integer() }
        guard let made else {
            throw StoreError(code: .corrupt, message: "the database made no lane")
        }
        return Lane(number: made, epoch: 1)
    }

    /// Ends a lane whose lease has run out, or that the same owner has left behind.
    ///
    /// Waits for a batch that is being written under the old epoch: what it wrote counts.
    ///
    /// - Returns: Whether the lane has ended; not when it was renewed meanwhile.
    static func takeOver(
        _ lane: Int64, by owner: String, _ session: Session
    ) throws(StoreError) -> Bool {
        try session.run(.takeOver, Parameters().add(lane).add(owner)).count > 0
    }

    /// Makes the lease of a lane longer; `nil` when it belongs to somebody else.
    ///
    /// - Returns: The time of the database.
    static func renew(_ lane: Lane, _ session: Session) throws(StoreError) -> Int64? {
        try session.run(
            .renew,
            Parameters().add(lane.number).add(lane.epoch)
                .add(session.address.options.leaseTime.milliseconds)
        ).first { $0.integer() }
    }

    /// Goes on with a lane over a new connection, under a new epoch; `nil` when somebody has it.
    static func resume(
        _ lane: Lane, by owner: String, _ session: Session
    ) throws(StoreError) -> Lane? {
        try session.run(
            .resume,
            Parameters().add(lane.number).add(owner)
                .add(session.address.options.leaseTime.milliseconds).add(lane.epoch)
        ).first { Lane(number: lane.number, epoch: $0.integer()) }
    }

    /// Ends a lane of one's own.
    static func end(_ lane: Lane, _ session: Session) throws(StoreError) {
        try session.run(.endLane, Parameters().add(lane.number).add(lane.epoch))
    }

    /// Removes the rows of lanes that have ended and have no partitions any more.
    static func forgetEnded(_ session: Session) throws(StoreError) {
        try session.run(.forgetCursors)
        try session.run(.forgetLanes)
    }
}

extension Statement {
    static let lockOwnership = Statement(
        "lock_ownership", "select pg_advisory_xact_lock(1296649804, hashtext($1::text))")

    static let lanes = Statement(
        "lanes",
        """
        select lane, owner, is_whole, lease_until > clock_timestamp() from lanes
        where lease_until > '-infinity' order by lane
        """)

    static let makeLane = Statement(
        "make_lane",
        """
        insert into lanes(owner, lease_until, is_whole)
        values ($1::text, clock_timestamp() + $2::bigint * interval '1 ms', $3::boolean)
        returning lane
        """)

    static let takeOver = Statement(
        "take_over",
        """
        update lanes set epoch = epoch + 1, lease_until = '-infinity'
        where lane = $1::bigint and (lease_until < clock_timestamp() or owner = $2::text)
        returning epoch
        """)

    static let resume = Statement(
        "resume",
        """
        update lanes set epoch = epoch + 1,
            lease_until = clock_timestamp() + $3::bigint * interval '1 ms'
        where lane = $1::bigint and owner = $2::text and epoch = $4::bigint
        returning epoch
        """)

    /// A lease that has run out is renewed too, as long as nobody has taken the lane over.
    static let renew = Statement(
        "renew",
        """
        update lanes set lease_until = clock_timestamp() + $3::bigint * interval '1 ms'
        where lane = $1::bigint and epoch = $2::bigint
        returning (extract(epoch from clock_timestamp()) * 1000000)::bigint
        """)

    /// Under a new epoch, so that a renewal that is still under way comes too late.
    static let endLane = Statement(
        "end_lane",
        """
        update lanes set lease_until = '-infinity', epoch = epoch + 1
        where lane = $1::bigint and epoch = $2::bigint
        """)

    private static let ended = """
        select l.lane from lanes l where l.lease_until = '-infinity'
            and not exists (select 1 from partitions p where p.lane = l.lane)
        """

    static let forgetCursors = Statement(
        "forget_cursors", "delete from cursors where lane = any(array(\(ended)))")

    static let forgetLanes = Statement(
        "forget_lanes", "delete from lanes where lane = any(array(\(ended)))")
}
