// What a line of a run led to, until it is in the store.
import MinkEngine
import MinkExpression
import MinkStore

/// Events and turns of one line that are not written yet.
struct GatheredLine: Sendable {
    /// Events to append, the positions that they have to get, and when they came.
    var events: [(event: EventRecord, position: Int64, at: Timestamp)] = []
    /// What is written after the events.
    private(set) var batch = TurnBatch()
    /// The answers of the batch, with the positions that they have to get.
    private var answers: [EventRecord] = []

    var isEmpty: Bool { events.isEmpty && batch.isEmpty }

    func touches(_ id: InstanceID) -> Bool { batch.turns.contains { $0.id == id } }

    func sees(_ value: SeenValue, by id: InstanceID) -> Bool {
        batch.turns.contains { $0.id == id && $0.decision.seenValues.contains(value) }
    }

    func holds(_ name: EventName) -> Bool {
        events.contains { EventName($0.event) == name }
            || answers.contains { EventName($0) == name }
    }

    func emits(_ command: String) -> Bool { batch.emits(command) }

    mutating func keep(_ notes: [String: String]) {
        batch.notes.merge(notes) { _, new in new }
    }

    /// Takes in a commit, and the positions that its answers have to get.
    mutating func gather(_ batch: TurnBatch, _ answers: [EventRecord]) {
        self.batch.gather(batch)
        self.answers += answers
    }

    /// Writes everything; the caller has begun a group.
    func write(to store: any PlaybackStore) async throws(StoreError) {
        for (event, position, at) in events {
            let appended = try await store.append([event], at: at, notes: [:])
            guard appended == [.appended(position: position)] else { throw Self.isShared }
        }
        guard !batch.isEmpty else { return }
        guard try await store.commit(batch) == answers else { throw Self.isShared }
    }

    private static let isShared = StoreError(
        code: .conflict,
        message: "someone else writes to this store while the run goes on; run again")
}

/// What no two events share.
struct EventName: Hashable, Sendable {
    private let id: String
    private let tenant: String

    init(_ event: EventRecord) {
        id = event.id
        tenant = event.metadata.tenant
    }
}

/// A line that ended, and what has to be told once it is durable.
///
/// A class, because many wait at once and are looked through.
final class EndedLine: Sendable {
    let line: GatheredLine
    let whenDurable: @Sendable () -> Void

    init(_ line: GatheredLine, _ whenDurable: @escaping @Sendable () -> Void) {
        self.line = line
        self.whenDurable = whenDurable
    }
}

/// Lines that are being written, each in a transaction of its own.
struct LinesUnderWay: Sendable {
    let lines: [EndedLine]
    private let task: Task<StoreError?, Never>

    /// Begins to write lines as soon as those before them are durable; behind a line that could
    /// not be written, none is.
    init(_ lines: [EndedLine], behind previous: LinesUnderWay?, in store: any PlaybackStore) {
        self.lines = lines
        task = Task { [before = previous?.task] in
            if let failure = await before?.value { return failure }
            do throws(StoreError) {
                for ended in lines {
                    try await store.beginGroup()
                    try await ended.line.write(to: store)
                    try await store.endGroup()
                    ended.whenDurable()
                }
            } catch {
                return error
            }
            return nil
        }
    }

    /// Waits until the lines are durable, or until one could not be written: then says why.
    func failure() async -> StoreError? { await task.value }
}

extension TurnBatch {
    /// Whether later commits can join this one without changing what comes of them: it only adds
    /// commands, or takes them away.
    var canBeGathered: Bool {
        failedAttempts.isEmpty
            && turns.allSatisfy { turn in
                let decision = turn.decision
                return decision.redelivered.isEmpty && decision.lastAttempts.isEmpty
                    && decision.parked.isEmpty
            }
    }

    func emits(_ command: String) -> Bool {
        turns.contains { $0.decision.commands.contains { $0.id == command } }
    }

    fileprivate mutating func gather(_ batch: TurnBatch) {
        turns += batch.turns
        settled += batch.settled
        answers += batch.answers
        deadLetters += batch.deadLetters
        judgedActions += batch.judgedActions
        refusals.merge(batch.refusals) { _, new in new }
        audit += batch.audit
        cursor = batch.cursor ?? cursor
        notes.merge(batch.notes) { _, new in new }
    }
}
