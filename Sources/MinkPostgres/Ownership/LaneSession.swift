// The work of one owner: one connection commits it, one thread has it.
//
//   unclaimed ─▶ held ─▶ lost: another process has it, or nobody knows what the last batch did
import MinkEngine
import MinkStore

final class LaneSession {
    let session: Session
    let lease: Lease
    /// Names the process, for people and for the lane's row.
    private let owner: String
    /// The statement that writes turns; tests may weaken its fence.
    let turns: Statement
    var reader = LogReader(at: .start)
    /// The number of the last batch.
    var batch: Int64 = 0
    /// The partitions that are owned.
    private(set) var partitions: [Int16] = []
    /// What is known of instances that were read or written lately: nobody else writes them.
    private var heads: [InstanceID: SagaHead] = [:]
    private static let mostHeads = 20_000
    var numbers = NumberBlock()
    /// The transaction of an open group; `nil` when there is none.
    var group: String?
    /// Where the log was read before the group began.
    var readerBeforeGroup: LogReader?
    /// The connection on which the lane was claimed.
    private var generation = 0

    init(_ session: Session, _ lease: Lease, owner: String, turns: Statement) {
        self.session = session
        self.lease = lease
        self.owner = owner
        self.turns = turns
    }
}

// MARK: - Owning

extension LaneSession {
    /// The lane; it is claimed when nobody has claimed it yet.
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
        guard let lane = lease.lane else { return try claim() }
        if group != nil { return lane }
        _ = try session.connection()
        if session.generation != generation { return try resume(lane) }
        if lease.isDoubtful { try renew(lane) }
        return lane
    }

    /// Takes the work over, if nobody else has it.
    @discardableResult
    func claim() throws(StoreError) -> Lane {
        // Counted from before the call: the server's clock starts later.
        let until = MonotonicTime.now + session.address.options.leaseTime
        let lane = try LaneTable.claim(session, by: owner)
        try hold(lane, until: until)
        return lane
    }

    /// Goes on after the connection was lost: what the old one still tries is fenced off.
    private func resume(_ lane: Lane) throws(StoreError) -> Lane {
        let until = MonotonicTime.now + session.address.options.leaseTime
        guard let next = try LaneTable.resume(lane, by: owner, session) else {
            lease.lose(lane)
            throw StoreError(
                code: .occupied,
                message: "another process has taken over this work; stop this one, or start it anew"
            )
        }
        try hold(next, until: until)
        return next
    }

    private func hold(_ lane: Lane, until: MonotonicTime) throws(StoreError) {
        let (batch, place) = try CursorTable.newest(of: lane, session)
        partitions = try LaneTable.partitions(of: lane, session)
        self.batch = batch
        reader = LogReader(at: place)
        heads = [:]
        generation = session.generation
        lease.hold(lane, until: until)
    }

    private func renew(_ lane: Lane) throws(StoreError) {
        let until = MonotonicTime.now + session.address.options.leaseTime
        if try LaneTable.renew(lane, session) { return lease.extend(lane, until: until) }
        lease.lose(lane)
        _ = try owned()
    }

    /// Ends the work, so that the next process has it at once.
    func handBack() {
        session.rollback()
        group = nil
        if let lane = lease.lane {
            // A lease that is not handed back runs out by itself.
            do { try LaneTable.handBack(lane, session) } catch {}
        }
        lease.release()
        session.disconnect()
    }
}

// MARK: - What is known of instances

extension LaneSession {
    /// What is stored of the instances of a batch; those that are not stored are left out.
    func heads(of ids: Set<InstanceID>) throws(StoreError) -> [InstanceID: SagaHead] {
        var known: [InstanceID: SagaHead] = [:]
        var unknown: [InstanceID] = []
        for id in ids {
            if let head = heads[id] { known[id] = head } else { unknown.append(id) }
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

    /// Forgets what may have been undone.
    func forgetAll() {
        heads = [:]
        reader.rewind()
    }
}
