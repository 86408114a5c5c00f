// The work of one owner: one connection commits it, one thread has it.
//
//   unclaimed ─▶ held ─▶ lost: another process has it, or nobody knows what the last batch did
import MinkEngine
import MinkStore

final class LaneSession {
    let session: Session
    let lease: Lease
    private let ownership: Ownership
    /// The statement that writes turns; tests may weaken its fence.
    let turns: Statement
    /// The database's time, as it was when the lease was renewed last.
    private let serverClock: ServerClock
    var reader = LogReader(at: LogProgress())
    /// Whether events were given out whose places in the log went with a lost connection.
    ///
    /// A batch that was decided from them can not say how far it has judged: it is decided again.
    private(set) var hasLostReading = false
    /// The number of the last batch.
    var batch: Int64 = 0
    /// The partitions that are owned.
    private(set) var partitions: PartitionSet = .none
    /// What is known of instances that were read or written lately: nobody else writes them.
    private var heads: [InstanceID: SagaHead] = [:]
    private static let mostHeads = 20_000
    var numbers = NumberBlock()
    /// The transaction of an open group; `nil` when there is none.
    var group: String?
    /// Where the log was read before the group began.
    var readerBeforeGroup: LogReader?
    /// How the work was shared out when this was asked last.
    private var lastBalance = Ownership.Balance(owners: 1, target: 0)
    /// Whether all the work was claimed, which is not shared.
    private(set) var isWhole = false
    /// The connection on which the lane was claimed.
    private var generation = 0

    init(
        _ session: Session, _ lease: Lease, _ serverClock: ServerClock, owner: String,
        turns: Statement
    ) {
        self.session = session
        self.lease = lease
        self.serverClock = serverClock
        ownership = Ownership(session: session, owner: owner)
        self.turns = turns
    }
}

// MARK: - Owning

extension LaneSession {
    /// The lane; all the work is claimed when nothing has been claimed yet.
    ///
    /// - Throws: ``StoreError`` with code `occupied` if it went to another process.
    func owned() throws(StoreError) -> Lane {
        if lease.isLost {
            throw StoreError(
                code: .occupied,
                message: "this process has lost its work, most likely to another one; "
                    + "stop it, or start it anew"
            )
        }
        guard let lane = lease.lane else {
            try claim(.whole)
            return try owned()
        }
        if group != nil { return lane }
        _ = try session.connection()
        if session.generation != generation { return try resume(lane) }
        if lease.isDoubtful { try renew(lane) }
        return lane
    }

    /// Takes the work, or a share of it.
    @discardableResult
    func claim(_ kind: ClaimKind) throws(StoreError) -> WorkShare {
        // Counted from before the call: the server's clock starts later.
        let until = MonotonicTime.now + session.address.options.leaseTime
        CrashPoint.laneBeforeClaim.reach()
        let (holding, balance) = try ownership.begin(kind)
        CrashPoint.laneClaimed.reach()
        hold(holding, until: until)
        isWhole = kind == .whole
        try serverClock.read(session)
        return share(balance)
    }

    /// Goes on after the connection was lost: what the old one still tries is fenced off.
    private func resume(_ lane: Lane) throws(StoreError) -> Lane {
        let until = MonotonicTime.now + session.address.options.leaseTime
        if !reader.read.isEmpty { hasLostReading = true }
        guard let next = try LaneTable.resume(lane, by: ownership.owner, session) else {
            lease.lose(lane)
            throw StoreError(
                code: .occupied,
                message: "another process has taken over this work; stop this one, or start it anew"
            )
        }
        CrashPoint.laneResumed.reach()
        hold(try ownership.holding(of: next), until: until)
        return next
    }

    private func hold(_ holding: Ownership.Holding, until: MonotonicTime) {
        adopt(holding)
        generation = session.generation
        lease.hold(holding.lane, until: until)
    }

    private func adopt(_ holding: Ownership.Holding) {
        batch = holding.batch
        partitions = holding.progress.partitions
        reader = LogReader(at: holding.progress)
        heads = heads.filter { partitions.contains($0.key) }
    }

    private func renew(_ lane: Lane) throws(StoreError) {
        let until = MonotonicTime.now + session.address.options.leaseTime
        if try LaneTable.renew(lane, session) != nil { return lease.extend(lane, until: until) }
        lease.lose(lane)
        _ = try owned()
    }

    /// Gives up partitions, and takes what is free up to the fair share.
    func tend(releasing: PartitionSet) throws(StoreError) -> WorkShare {
        let lane = try owned()
        guard group == nil, !isWhole else { return WorkShare(owned: partitions) }
        let held = Ownership.Holding(lane: lane, batch: batch, progress: reader.judged)
        if releasing.isEmpty, try !ownership.isUnbalanced(held) {
            return WorkShare(
                owned: partitions, owners: lastBalance.owners, lookAgain: lookAgain)
        }
        let (holding, balance) = try ownership.shareOut(held, releasing: releasing)
        CrashPoint.shareTaken.reach()
        if holding.progress != held.progress { adopt(holding) }
        return share(balance)
    }

    private func share(_ balance: Ownership.Balance) -> WorkShare {
        lastBalance = balance
        let excess = partitions.count - balance.target
        return WorkShare(
            owned: partitions, surplus: partitions.suffix(excess), owners: balance.owners,
            cursor: reader.cursor, lookAgain: lookAgain)
    }

    /// What a dead process has left waits no longer than this, beyond its lease.
    private var lookAgain: Duration { min(.seconds(1), session.address.options.leaseTime / 5) }

    /// Ends the work, so that the next process has it at once.
    ///
    /// - Returns: Whether there was any.
    @discardableResult
    func handBack() -> Bool {
        let hadWork = lease.lane != nil
        session.rollback()
        group = nil
        if let lane = lease.lane {
            // A lease that is not handed back runs out by itself.
            do {
                reader.rewind()
                CrashPoint.workBeforeHandBack.reach()
                try ownership.end(try ownership.holding(of: lane))
                CrashPoint.workHandedBack.reach()
            } catch {}
        }
        lease.release()
        session.disconnect()
        return hadWork
    }
}

// MARK: - What is known of instances

extension LaneSession {
    /// What is stored of the instances of some turns; those that are not stored are left out.
    ///
    /// The server is not asked about one that a turn begins: if there is a row all the same, it
    /// refuses the new one.
    func heads(of turns: [Turn]) throws(StoreError) -> [InstanceID: SagaHead] {
        var known: [InstanceID: SagaHead] = [:]
        var unknown: [InstanceID] = []
        var looked: Set<InstanceID> = []
        for turn in turns where looked.insert(turn.id).inserted {
            if let head = heads[turn.id] {
                known[turn.id] = head
            } else if turn.expectedVersion > 0 || turn.decision.instance == nil {
                unknown.append(turn.id)
            }
        }
        if !unknown.isEmpty {
            for (id, saga) in try SagaTable.load(unknown, session) {
                known[id] = SagaHead(saga.instance, saga: saga.saga, version: saga.version)
            }
        }
        return known
    }

    func remember(_ id: InstanceID, _ head: SagaHead) {
        if heads.count >= Self.mostHeads { heads = [:] }
        heads[id] = head
    }

    func forget(_ id: InstanceID) { heads[id] = nil }

    /// Notes that reading goes on from a place that both sides know.
    func didFindPlace() { hasLostReading = false }

    /// Forgets what may have been undone.
    func forgetAll() {
        hasLostReading = false
        heads = [:]
        reader.rewind()
    }
}
