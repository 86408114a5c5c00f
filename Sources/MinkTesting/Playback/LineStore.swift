// The store of a run, in which everything that a line leads to becomes durable at once.
//
// A handler of a run is a script: nobody outside sees a command before the line is over. So a turn
// need not be on the disk before its commands are delivered, and a command that is emitted and
// acknowledged by the same line never stands in the outbox.
import MinkEngine
import MinkExpression
package import MinkStore
import Synchronization

/// What a run needs of a store.
package typealias PlaybackStore = WorkflowStore & EventLog & WorkflowQueries & CommitGrouping

/// Gathers the commits of a line and writes them together.
final class LineStore: Sendable {
    private let store: any PlaybackStore
    /// What was committed and is not written yet.
    private let gathered = Mutex(TurnBatch())

    init(_ store: any PlaybackStore) {
        self.store = store
    }

    /// Begins a line.
    func beginLine() async throws(StoreError) {
        try await store.beginGroup()
    }

    /// Ends a line: all that it led to is durable when this returns.
    func endLine() async throws(StoreError) {
        try await write()
        try await store.endGroup()
    }

    /// Keeps notes with the line.
    func keep(_ notes: [String: String]) {
        gathered.withLock { $0.notes.merge(notes) { _, new in new } }
    }

    /// Writes what was gathered, so that the store can answer.
    private func write() async throws(StoreError) {
        let batch = gathered.withLock { batch in
            defer { batch = TurnBatch() }
            return batch
        }
        if !batch.isEmpty { _ = try await store.commit(batch) }
    }
}

extension LineStore: WorkflowStore {
    func claim() async throws(StoreError) -> Claim {
        try await write()
        return try await store.claim()
    }

    func ready(_ request: ReadyRequest) async throws(StoreError) -> ReadyWork {
        try await write()
        return try await store.ready(request)
    }

    func nextDue() async throws(StoreError) -> Timestamp? {
        try await write()
        return try await store.nextDue()
    }

    func load(_ ids: [InstanceID]) async throws(StoreError) -> [InstanceID: StoredInstance] {
        try await write()
        return try await store.load(ids)
    }

    func seen(
        _ values: [SeenValue], by id: InstanceID
    ) async throws(StoreError) -> Set<SeenValue> {
        try await write()
        return try await store.seen(values, by: id)
    }

    func commit(_ batch: TurnBatch) async throws(StoreError) -> [EventRecord] {
        if batch.canBeGathered {
            gathered.withLock { $0.gather(batch) }
            return []
        }
        try await write()
        return try await store.commit(batch)
    }
}

extension LineStore: EventLog {
    func append(
        _ events: [EventRecord], at now: Timestamp, notes: [String: String]
    ) async throws(StoreError) -> [Appended] {
        keep(notes)
        return try await store.append(events, at: now, notes: [:])
    }

    func read(after position: Int64, limit: Int) async throws(StoreError) -> [EventRecord] {
        try await store.read(after: position, limit: limit)
    }

    func event(id: String, tenant: String) async throws(StoreError) -> EventRecord? {
        try await store.event(id: id, tenant: tenant)
    }
}

extension TurnBatch {
    /// Whether later commits can join this one without changing what comes of them: it only adds,
    /// or acknowledges, and nobody waits for the position of an answer.
    fileprivate var canBeGathered: Bool {
        failedAttempts.isEmpty && answers.isEmpty
            && turns.allSatisfy { turn in
                let decision = turn.decision
                return decision.redelivered.isEmpty && decision.lastAttempts.isEmpty
                    && decision.parked.isEmpty && decision.withdrawn.isEmpty
                    && decision.released.isEmpty
            }
    }

    fileprivate mutating func gather(_ batch: TurnBatch) {
        turns += batch.turns
        settled += batch.settled
        deadLetters += batch.deadLetters
        judgedActions += batch.judgedActions
        refusals.merge(batch.refusals) { _, new in new }
        cursor = batch.cursor ?? cursor
        notes.merge(batch.notes) { _, new in new }
    }
}
