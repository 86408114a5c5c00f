// Who may write. The row of a lane is the fence of all its commits.
//
//   claim ─▶ renew, renew, … ─▶ hand back
//     ▲                             │
//     └── another process, when the lease has run out or was handed back
import MinkStore

/// Claims, renews and hands back lanes.
enum LaneTable {
    /// Takes the work over for an owner, or makes the first lane.
    ///
    /// Until the lanes of several processes share the partitions, one lane has them all.
    ///
    /// - Throws: ``StoreError`` with code `occupied` while another owner's lease runs.
    static func claim(_ session: Session, by owner: String) throws(StoreError) -> Lane {
        let lease = session.address.options.leaseTime.milliseconds
        return try session.transaction { () throws(StoreError) in
            try session.run(.lockOwnership, Parameters().add(session.address.schema.name))
            let found = try session.run(.lanes).map { row throws(StoreError) in
                (lane: row.integer(), owner: row.text(), isAlive: row.flag())
            }
            for lane in found where lane.isAlive && lane.owner != owner {
                throw StoreError(
                    code: .occupied,
                    message: "another process (\(lane.owner)) works on the schema "
                        + "\"\(session.address.schema.name)\"; stop it, or use another schema")
            }
            if let last = found.last {
                let epoch = try session.run(
                    .takeOver, Parameters().add(last.lane).add(owner).add(lease)
                ).first { $0.integer() }
                if let epoch { return Lane(number: last.lane, epoch: epoch) }
                throw StoreError(
                    code: .occupied,
                    message: "another process has just begun to work on this schema; stop one")
            }
            let made = try session.run(.makeLane, Parameters().add(owner).add(lease))
                .first { $0.integer() }
            guard let made else {
                throw StoreError(code: .corrupt, message: "the database made no lane")
            }
            try session.run(.assignPartitions, Parameters().add(made))
            return Lane(number: made, epoch: 1)
        }
    }

    /// Makes the lease of a lane longer; `false` when it belongs to somebody else.
    static func renew(_ lane: Lane, _ session: Session) throws(StoreError) -> Bool {
        try session.run(
            .renew,
            Parameters().add(lane.number).add(lane.epoch)
                .add(session.address.options.leaseTime.milliseconds)
        ).count > 0
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

    /// Lets the next process have the lane at once.
    static func handBack(_ lane: Lane, _ session: Session) throws(StoreError) {
        try session.run(.handBack, Parameters().add(lane.number).add(lane.epoch))
    }

    static func partitions(of lane: Lane, _ session: Session) throws(StoreError) -> [Int16] {
        try session.run(.partitionsOfLane, Parameters().add(lane.number)).map {
            Int16(truncatingIfNeeded: $0.integer())
        }
    }
}

extension Statement {
    static let lockOwnership = Statement(
        "lock_ownership", "select pg_advisory_xact_lock(1296649804, hashtext($1::text))")

    static let lanes = Statement(
        "lanes", "select lane, owner, lease_until > clock_timestamp() from lanes order by lane")

    static let makeLane = Statement(
        "make_lane",
        """
        insert into lanes(owner, lease_until)
        values ($1::text, clock_timestamp() + $2::bigint * interval '1 ms') returning lane
        """)

    static let assignPartitions = Statement(
        "assign_partitions", "update partitions set lane = $1::bigint")

    static let partitionsOfLane = Statement(
        "partitions_of_lane", "select part from partitions where lane = $1::bigint order by part")

    /// Waits for a batch that is being written under the old epoch: what it wrote counts.
    static let takeOver = Statement(
        "take_over",
        """
        update lanes set epoch = epoch + 1, owner = $2::text,
            lease_until = clock_timestamp() + $3::bigint * interval '1 ms'
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
        where lane = $1::bigint and epoch = $2::bigint returning lane
        """)

    /// Under a new epoch, so that a renewal that is still under way comes too late.
    static let handBack = Statement(
        "hand_back",
        """
        update lanes set lease_until = '-infinity', epoch = epoch + 1
        where lane = $1::bigint and epoch = $2::bigint
        """)
}
