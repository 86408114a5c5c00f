// The store of a run: everything that a line leads to becomes durable at once, and while a line is
// written the next one is decided.
//
//   line 2:            decide ─▶ …
//   line 1:  decide ─▶ write ─▶ tell
//
// A handler of a run is a script: nobody outside sees a command before the line is over, and the
// transcript tells of a line only once it is durable. So a turn need not be on the disk before its
// commands are delivered, and a command that is emitted and acknowledged by the same line never
// stands in the outbox.
import MinkEngine
import MinkExpression
package import MinkStore
import Synchronization

/// What a run needs of a store.
package typealias PlaybackStore = WorkflowStore & EventLog & WorkflowQueries & CommitGrouping

/// Gathers what belongs to a line and writes it together, behind the lines before it.
///
/// One task calls it. A question that the gathered lines may have an answer to waits until they are
/// written; any other goes to the store at once.
final class LineStore: Sendable {
    private struct State {
        var line = GatheredLine()
        /// Whether the line was begun in the store itself, because something needs its answer.
        var isOpen = false
        /// Lines that ended and wait to be written.
        var ended: [EndedLine] = []
        /// Lines that are being written, oldest first.
        var underWay: [LinesUnderWay] = []
        /// Why lines could not be written; no later one is.
        var failure: StoreError?
        /// Events that the store did not have when it was asked ahead.
        var foreseen: Set<EventName> = []
        /// The position of the next event; `nil` when only the store knows.
        var nextPosition: Int64?

        /// Whether something fits of all that the store may not have yet.
        func hasLine(_ fits: (GatheredLine) -> Bool) -> Bool {
            fits(line) || ended.contains { fits($0.line) }
                || underWay.contains { $0.lines.contains { fits($0.line) } }
        }
    }

    private let store: any PlaybackStore
    private let state = Mutex(State())

    /// How many lines may wait until somebody looks ahead or settles.
    private static let mostEnded = 64
    /// How many lots of lines may wait for the store.
    private static let mostUnderWay = 2

    init(_ store: any PlaybackStore) {
        self.store = store
    }

    /// Keeps notes with the line.
    func keep(_ notes: [String: String]) {
        state.withLock { $0.line.keep(notes) }
    }

    /// Asks ahead which events the store knows, then begins to write the lines that ended.
    ///
    /// Asked one by one, each event would wait for a line that is being written.
    func foresee(_ events: [EventRecord]) async throws(StoreError) {
        var new: Set<EventName> = []
        for event in events {
            let known = try await store.event(id: event.id, tenant: event.metadata.tenant)
            if known == nil { new.insert(EventName(event)) }
        }
        state.withLock { [new] in $0.foreseen = new }
        try await writeEnded()
    }

    /// Ends a line; the body runs once all that the line led to is durable.
    func endLine(_ whenDurable: @escaping @Sendable () -> Void) async throws(StoreError) {
        if isOpen {
            try await open()
            try await store.endGroup()
            state.withLock { $0.isOpen = false }
            return whenDurable()
        }
        let isEnough = state.withLock { state in
            state.ended.append(EndedLine(state.line, whenDurable))
            state.line = GatheredLine()
            return state.ended.count >= Self.mostEnded
        }
        if isEnough { try await writeEnded() }
    }

    /// Begins to write the lines that ended, as soon as those before them are durable.
    private func writeEnded() async throws(StoreError) {
        state.withLock { state in
            guard !state.ended.isEmpty else { return }
            let lines = LinesUnderWay(state.ended, behind: state.underWay.last, in: store)
            state.ended = []
            state.underWay.append(lines)
        }
        try await wait(untilLeft: Self.mostUnderWay)
    }

    /// Waits until all lines that ended are durable.
    func settle() async throws(StoreError) {
        try await writeEnded()
        try await wait(untilLeft: 0)
    }

    private func wait(untilLeft limit: Int) async throws(StoreError) {
        while let oldest = state.withLock({ state in
            state.underWay.count > limit ? state.underWay.first : nil
        }) {
            let failure = await oldest.failure()
            state.withLock { state in
                state.underWay.removeFirst()
                state.failure = state.failure ?? failure
            }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Begins the line in the store itself: what was gathered until now is written there.
    private func open() async throws(StoreError) {
        try await settle()
        if !isOpen {
            try await store.beginGroup()
            state.withLock { $0.isOpen = true }
        }
        let line = state.withLock { state in
            defer { state.line = GatheredLine() }
            return state.line
        }
        try await line.write(to: store)
    }

    /// Lets the store answer, if what is gathered or under way may belong to the answer.
    private func openIfTouched(
        _ isTouched: (GatheredLine) -> Bool
    ) async throws(StoreError) {
        let isTouched = state.withLock { state in
            state.hasLine(isTouched)
        }
        if isTouched { try await open() }
    }
}

extension LineStore: WorkflowStore {
    func claim(_ kind: ClaimKind) async throws(StoreError) -> Claim {
        try await settle()
        return try await store.claim(kind)
    }

    func ready(_ request: ReadyRequest) async throws(StoreError) -> ReadyWork {
        try await openIfTouched { !$0.isEmpty }
        return try await store.ready(request)
    }

    func nextDue() async throws(StoreError) -> Timestamp? {
        try await openIfTouched { !$0.isEmpty }
        return try await store.nextDue()
    }

    func load(_ ids: [InstanceID]) async throws(StoreError) -> [InstanceID: StoredInstance] {
        try await openIfTouched { line in ids.contains(where: line.touches) }
        return try await store.load(ids)
    }

    func seen(
        _ values: [SeenValue], by id: InstanceID
    ) async throws(StoreError) -> Set<SeenValue> {
        let gathered = state.withLock { state in
            values.filter { value in state.hasLine { $0.sees(value, by: id) } }
        }
        // Values only ever come to be seen, so both answers together are right.
        return try await store.seen(values, by: id).union(gathered)
    }

    func commit(_ batch: TurnBatch) async throws(StoreError) -> [EventRecord] {
        if batch.canBeGathered, let answers = try await placedAnswers(of: batch) {
            state.withLock { $0.line.gather(batch, answers) }
            return answers
        }
        try await open()
        let answers = try await store.commit(batch)
        for answer in answers { didAppend(answer, at: answer.position) }
        return answers
    }

    /// The answers with the positions that the log will give them; `nil` when only the store knows.
    private func placedAnswers(of batch: TurnBatch) async throws(StoreError) -> [EventRecord]? {
        // Nobody but this line has seen the command, so nothing can have answered it before.
        let isOfLine = state.withLock { state in
            batch.answers.allSatisfy { state.line.emits($0.command) || batch.emits($0.command) }
        }
        guard isOfLine else { return nil }
        var answers: [EventRecord] = []
        for answer in batch.answers {
            guard let position = try await nextPosition(for: answer.event) else { return nil }
            var event = answer.event
            event.position = position
            didAppend(event, at: position)
            answers.append(event)
        }
        return answers
    }
}

extension LineStore {
    /// Appends an event; see ``MinkStore/EventLog/append(_:at:notes:)``.
    func append(_ event: EventRecord, at now: Timestamp) async throws(StoreError) -> Appended? {
        let isFirst = state.withLock { $0.line.batch.answers.isEmpty }
        if isFirst, let position = try await nextPosition(for: event) {
            state.withLock { $0.line.events.append((event, position, now)) }
            didAppend(event, at: position)
            return .appended(position: position)
        }
        try await open()
        let appended = try await store.append([event], at: now, notes: [:]).first
        if case .appended(let position) = appended { didAppend(event, at: position) }
        return appended
    }

    /// The position that the log will give to an event; `nil` when only the store knows.
    private func nextPosition(for event: EventRecord) async throws(StoreError) -> Int64? {
        let name = EventName(event)
        let (position, isForeseen) = state.withLock { state in
            let isKnown = state.isOpen || state.hasLine { $0.holds(name) }
            let isNew = state.foreseen.contains(name)
            return (isKnown ? nil : state.nextPosition, isNew)
        }
        guard let position, !isForeseen else { return position }
        let known = try await store.event(id: event.id, tenant: event.metadata.tenant)
        return known == nil ? position : nil
    }

    private func didAppend(_ event: EventRecord, at position: Int64) {
        state.withLock { state in
            state.foreseen.remove(EventName(event))
            state.nextPosition = position + 1
        }
    }

    /// Hands in what a person decided, as part of the line.
    func request(
        _ action: OperatorAction, on id: InstanceID, by person: String, at now: Timestamp
    ) async throws(StoreError) -> Int64 {
        try await open()
        return try await store.request(action, on: id, by: person, at: now, notes: [:])
    }
}
