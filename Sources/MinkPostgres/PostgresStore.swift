// The store of production: one PostgreSQL database, a schema of it, and any number of readers.
//
//   engine ──▶ lane: one thread, one connection that commits, behind a fence
//   people ──▶ pool: a few threads with a connection each
//              renewer: keeps the lease · housekeeper: cleans up behind the work
package import MinkEngine
package import MinkExpression
package import MinkStore
import Synchronization

/// Keeps everything in one schema of a PostgreSQL database.
///
/// Calls wait in threads of the store's own. The connections are made when they are first needed,
/// and made again when they are lost.
package final class PostgresStore: Sendable {
    private let lane: Worker<LaneSession>
    private let pool: SessionPool
    private let renewer: Renewer
    private let housekeeper: Housekeeper
    private let messenger: Messenger
    private let serverClock: ServerClock
    private let isGroupOpen = Mutex(false)

    /// Opens a schema, which may be new.
    ///
    /// - Throws: ``StoreError`` with code `unavailable` if the database can not be reached or may
    ///   lose what it confirms, `corrupt` if the schema is not ours or of a newer version.
    package convenience init(
        _ url: String, schema: String, options: PostgresOptions = PostgresOptions()
    ) async throws(StoreError) {
        try await self.init(url, schema: schema, options: options, turns: .turns)
    }

    /// Opens a schema, with the statement that writes turns.
    init(
        _ url: String, schema: String, options: PostgresOptions, turns: Statement
    ) async throws(StoreError) {
        let address = Address(url: url, schema: Schema(name: schema), options: options)
        let lease = Lease()
        let owner = ProcessName.make()
        let serverClock = ServerClock()
        self.serverClock = serverClock
        lane = try Worker {
            LaneSession(Session(address), lease, serverClock, owner: owner, turns: turns)
        }
        pool = try SessionPool(address)
        renewer = try Renewer(lease, serverClock, at: address)
        messenger = try Messenger(address)
        housekeeper = try Housekeeper(lease, at: address)
        do throws(StoreError) {
            try await lane.run { lane throws(StoreError) in
                lane.session.checksIdentity = false
                try address.schema.migrate(lane.session)
                lane.session.checksIdentity = true
                try ServerIdentity.check(lane.session)
            }
        } catch {
            end()
            throw error
        }
    }

    deinit {
        end()
    }

    private func end() {
        renewer.end()
        housekeeper.end()
        messenger.end()
        pool.close()
        lane.submit { $0.handBack() }
        lane.close()
    }

    /// Lets the lease run out, as it does for a process that is held.
    func stopRenewing() {
        renewer.end()
    }

    /// Hands the work back and closes the connections; every later call fails.
    package func close() async {
        do throws(StoreError) {
            if try await lane.run({ $0.handBack() }) { tell(.owners) }
        } catch {}
        end()
        await messenger.ended()
    }

    /// Runs a body on the connection that commits.
    func owned<Result: Sendable>(
        _ body: @escaping @Sendable (LaneSession) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        try await lane.run { lane throws(StoreError) in
            lane.lease.note(busySince: .now)
            defer { lane.lease.note(busySince: nil) }
            return try body(lane)
        }
    }

    /// Runs a body that only reads; the server gives it up when the task is cancelled.
    func asked<Result: Sendable>(
        _ body: @escaping @Sendable (Session) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        guard isGroupOpen.withLock(\.self) else { return try await pool.runCancellable(body) }
        return try await lane.run { lane throws(StoreError) in try lane.grouped(body) }
    }

    /// Runs a body on a connection of the pool, or as part of the open group.
    func shared<Result: Sendable>(
        _ body: @escaping @Sendable (Session) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        guard isGroupOpen.withLock(\.self) else { return try await pool.run(body) }
        return try await lane.run { lane throws(StoreError) in try lane.grouped(body) }
    }
}

extension PostgresStore: WorkflowStore {
    package func claim(_ kind: ClaimKind) async throws(StoreError) -> Claim {
        let claim = try await owned { lane throws(StoreError) in try lane.claimed(kind) }
        if kind == .share { tell(.owners) }
        return claim
    }

    package func tend(releasing: PartitionSet) async throws(StoreError) -> WorkShare {
        let share = try await owned { lane throws(StoreError) in
            try lane.tend(releasing: releasing)
        }
        if !releasing.isEmpty { tell(.owners) }
        return share
    }

    package func listen(_ hear: @escaping @Sendable (StoreSignal) -> Void) async {
        messenger.listen(hear)
    }

    package func tell(_ signal: StoreSignal) { messenger.tell(signal) }

    /// Tells of work that was written; what an open group has written nobody can see yet.
    func tellOfWork() {
        if !isGroupOpen.withLock(\.self) { tell(.work) }
    }

    package var time: Timestamp? { serverClock.now }

    package func ready(_ request: ReadyRequest) async throws(StoreError) -> ReadyWork {
        try await owned { lane throws(StoreError) in try lane.ready(request) }
    }

    package func nextDue() async throws(StoreError) -> Timestamp? {
        try await owned { lane throws(StoreError) in try lane.nextDue() }
    }

    package func load(
        _ ids: [InstanceID]
    ) async throws(StoreError) -> [InstanceID: StoredInstance] {
        try await owned { lane throws(StoreError) in try lane.load(ids) }
    }

    package func seen(
        _ values: [SeenValue], by id: InstanceID
    ) async throws(StoreError) -> Set<SeenValue> {
        try await owned { lane throws(StoreError) in
            try SagaTable.seen(values, by: id, lane.session)
        }
    }

    package func commit(_ batch: TurnBatch) async throws(StoreError) -> [EventRecord] {
        try await owned { lane throws(StoreError) in try lane.commit(batch) }
    }
}

extension PostgresStore: ClosableStore {}

extension PostgresStore: CommitGrouping {
    package func beginGroup() async throws(StoreError) {
        try await owned { lane throws(StoreError) in try lane.beginGroup() }
        isGroupOpen.withLock { $0 = true }
    }

    package func endGroup() async throws(StoreError) {
        isGroupOpen.withLock { $0 = false }
        try await owned { lane throws(StoreError) in try lane.endGroup() }
        tellOfWork()
    }
}

extension PostgresStore: EventLog {
    package func append(
        _ events: [EventRecord], at now: Timestamp, notes: [String: String]
    ) async throws(StoreError) -> [Appended] {
        var tries = 1
        while true {
            do throws(StoreError) {
                CrashPoint.eventBeforeAppend.reach()
                let appended = try await shared { session throws(StoreError) in
                    try EventTable.append(events, at: now, notes: notes, session)
                }
                CrashPoint.eventAppended.reach()
                tellOfWork()
                return appended
            } catch {
                // Two calls with the same events in another order have waited for each other.
                guard error.code == .conflict, tries < 5, !isGroupOpen.withLock(\.self) else {
                    throw error
                }
                tries += 1
            }
        }
    }

    package func read(
        after position: Int64, limit: Int
    ) async throws(StoreError) -> [EventRecord] {
        try await asked { session throws(StoreError) in
            try EventTable.read(after: position, limit: limit, session)
        }
    }

    package func event(id: String, tenant: String) async throws(StoreError) -> EventRecord? {
        try await asked { session throws(StoreError) in
            try EventTable.event(id: id, tenant: tenant, session)
        }
    }
}
