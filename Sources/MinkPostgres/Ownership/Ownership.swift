// Who owns which part of the work. One process at a time changes that, under a lock; each change is
// one transaction.
//
//   begin ─▶ share out, share out, … ─▶ end
//              ▲
//              └── takes what dead owners have left, gives up what others should have
import MinkStore

/// The changes of ownership.
struct Ownership {
    let session: Session
    /// Names the process.
    let owner: String

    /// What a process owns of the log's partitions, and how far it has judged them.
    struct Holding {
        var lane: Lane
        var batch: Int64
        var progress: LogProgress
    }

    /// How the work is shared out at the moment.
    struct Balance {
        var owners: Int
        /// How many partitions the asking lane should have.
        var target: Int
    }

    /// Begins a lane: with all partitions or with those that are free and its due.
    ///
    /// - Throws: ``StoreError`` with code `occupied` where all are wanted while another owner lives.
    func begin(_ kind: ClaimKind) throws(StoreError) -> (holding: Holding, balance: Balance) {
        try locked { () throws(StoreError) in
            let alive = try buryTheDead(except: nil)
            if kind == .whole, let other = alive.first { throw occupied(by: other) }
            let lane = try LaneTable.make(by: owner, isWhole: kind == .whole, session)
            var holding = Holding(lane: lane, batch: 0, progress: LogProgress())
            let balance = Self.balance(alive.map(\.number) + [lane.number], of: lane.number)
            if !alive.contains(where: \.isWhole) { try take(upTo: balance.target, &holding) }
            try note(&holding)
            CrashPoint.laneInClaim.reach()
            return (holding, balance)
        }
    }

    /// Gives up what is told, and takes what is free up to the fair share.
    func shareOut(
        _ held: Holding, releasing: PartitionSet
    ) throws(StoreError) -> (holding: Holding, balance: Balance) {
        try locked { () throws(StoreError) in
            try session.run(
                .checkFence, Parameters().add(held.lane.number).add(held.lane.epoch))
            var holding = held
            let alive = try buryTheDead(except: held.lane)
            let balance = Self.balance(
                alive.map(\.number) + [held.lane.number], of: held.lane.number)
            let released = holding.progress.remove(releasing)
            try PartitionTable.release(released, session)
            if !alive.contains(where: \.isWhole) { try take(upTo: balance.target, &holding) }
            if holding.progress != held.progress { try note(&holding) }
            CrashPoint.shareInTaking.reach()
            return (holding, balance)
        }
    }

    /// Ends a lane, so that others have its partitions at once.
    func end(_ held: Holding) throws(StoreError) {
        try locked { () throws(StoreError) in
            try session.run(
                .checkFence, Parameters().add(held.lane.number).add(held.lane.epoch))
            try PartitionTable.release(held.progress.fronts, session)
            try LaneTable.end(held.lane, session)
        }
    }

    /// What a lane owns, as the database knows.
    func holding(of lane: Lane) throws(StoreError) -> Holding {
        let partitions = try PartitionTable.owned(by: lane.number, session)
        let (batch, progress) = try CursorTable.newest(
            of: lane.number, with: partitions, session)
        return Holding(lane: lane, batch: batch, progress: progress)
    }

    /// Whether somebody has come or gone, or something is free: a cheap look, without the lock.
    func isUnbalanced(_ held: Holding) throws(StoreError) -> Bool {
        let (free, dead, alive) =
            try session.read(.ownershipGlance).first { row throws(StoreError) in
                (row.int(), row.int(), row.int())
            } ?? (0, 0, 1)
        let owned = held.progress.partitions.count
        let most = (Int(Partition.count) + max(alive, 1) - 1) / max(alive, 1)
        return free > 0 || dead > 0 || owned > most
    }
}

// MARK: - Steps of a change

extension Ownership {
    private func locked<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try session.transaction { () throws(StoreError) in
            try session.run(
                .lockOwnership, Parameters().add(session.address.schema.name))
            return try body()
        }
    }

    /// Frees the partitions of lanes whose lease has run out, and of those that this very process
    /// has left behind; the lanes of others that live are left.
    private func buryTheDead(except own: Lane?) throws(StoreError) -> [LaneRow] {
        try LaneTable.forgetEnded(session)
        var alive: [LaneRow] = []
        for lane in try LaneTable.all(session) where lane.number != own?.number {
            let isDead = !lane.isAlive || lane.owner == owner
            guard isDead, try LaneTable.takeOver(lane.number, by: owner, session) else {
                alive.append(lane)
                continue
            }
            CrashPoint.deadInBurial.reach()
            let partitions = try PartitionTable.owned(by: lane.number, session)
            let progress = try CursorTable.newest(
                of: lane.number, with: partitions, session
            ).progress
            try PartitionTable.release(progress.fronts, session)
        }
        return alive
    }

    private func take(upTo target: Int, _ holding: inout Holding) throws(StoreError) {
        let room = target - holding.progress.partitions.count
        guard room > 0 else { return }
        let free = try PartitionTable.free(session)
        let taken = PartitionSet(free.partitions.numbers.prefix(room))
        guard !taken.isEmpty else { return }
        var rest = free
        holding.progress.add(rest.remove(taken))
        try PartitionTable.assign(taken, to: holding.lane.number, session)
    }

    private func note(_ holding: inout Holding) throws(StoreError) {
        holding.batch += 1
        try CursorTable.add(holding.progress, batch: holding.batch, of: holding.lane, session)
    }

    /// The fair share of a lane: all have as many, the oldest ones one more where that leaves a rest.
    static func balance(_ lanes: [Int64], of lane: Int64) -> Balance {
        let (each, rest) = Int(Partition.count).quotientAndRemainder(dividingBy: lanes.count)
        let rank = lanes.sorted().firstIndex(of: lane) ?? 0
        return Balance(owners: lanes.count, target: each + (rank < rest ? 1 : 0))
    }

    private func occupied(by lane: LaneRow) -> StoreError {
        StoreError(
            code: .occupied,
            message: "another process (\(lane.owner)) works on the schema "
                + "\"\(session.address.schema.name)\"; stop it, or use another schema")
    }
}

extension Statement {
    /// How many partitions are free, how many lanes are dead and how many live.
    static let ownershipGlance = Statement(
        "ownership_glance",
        """
        select (select count(*) from partitions where lane is null),
            (select count(*) from lanes
                where lease_until < clock_timestamp() and lease_until > '-infinity'),
            (select count(*) from lanes where lease_until >= clock_timestamp())
        """)
}
