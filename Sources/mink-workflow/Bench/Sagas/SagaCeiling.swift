// What the store could carry if deciding cost nothing: the same statements, encodings and
// connections as the engine's, over decisions that were made before.
//
//   log ─▶ look up the decision ─▶ commit, with the answers of the last batch ─▶ log
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

/// Orders whose every turn was decided before.
struct SagaCeiling: Sendable {
    /// One turn of an order, as it was decided.
    struct Part: Sendable {
        /// The id of the event that was judged.
        let event: String
        let id: InstanceID
        let version: Int64
        let decision: Decision
        /// The answer of the turn's command; `nil` for the last.
        let answer: Answer?
    }

    private let first: [EventRecord]
    /// By the id of the event.
    private let parts: [String: Part]
    private let batchLimit: Int
    private let now: Timestamp

    /// Decides all turns of some orders.
    ///
    /// - Parameters:
    ///   - numbers: The orders.
    ///   - batchLimit: The most turns in one transaction.
    init(orders numbers: Range<Int>, batchLimit: Int) {
        let now = SystemClock().now()
        self.now = now
        self.batchLimit = batchLimit
        first = numbers.map { BenchOrders.order($0, at: now) }
        let catalog = DefinitionLoader.load(BenchOrders.files()).catalog
        var parts: [String: Part] = [:]
        parts.reserveCapacity(BenchOrders.turns * first.count)
        for event in first {
            for part in Self.life(from: event, catalog, at: now) { parts[part.event] = part }
        }
        self.parts = parts
    }

    /// All turns of one order.
    static func life(from event: EventRecord, _ catalog: Catalog, at now: Timestamp) -> [Part] {
        var parts: [Part] = []
        var (next, instance): (EventRecord?, Instance?) = (event, nil)
        while let event = next, let definition = catalog.active(BenchOrders.workflow),
            case .instance(let id, _, let payload) = route(event, by: definition)
        {
            let decision = decide(
                definition, instance, id: id, .event(event, isSeen: false), payload: payload,
                at: now)
            var answer: Answer?
            if let command = decision.commands.first { answer = Self.answer(to: command, at: now) }
            parts.append(
                Part(
                    event: event.id, id: id, version: Int64(parts.count), decision: decision,
                    answer: answer))
            instance = decision.instance
            instance?.outstanding = []
            next = answer?.event
        }
        return parts
    }

    private static func answer(to command: CommandRecord, at now: Timestamp) -> Answer? {
        BenchOrders.answer(to: command.name, command.arguments, id: command.id).map { event in
            var metadata = command.metadata
            metadata.causationID = command.id
            return Answer(
                command: command.id,
                event: EventRecord(
                    id: DerivedID.make(parent: command.id, parts: ["answer", "0"]),
                    type: event.name, data: event.payload.json, metadata: metadata, time: now,
                    stream: "\(command.instance.workflow)/\(command.instance.key)"))
        }
    }

    /// Carries all orders through a store.
    ///
    /// - Returns: How many turns were written.
    func run(
        _ store: any WorkflowStore, _ log: any EventLog
    ) async throws(StoreError) -> Int {
        let tally = Tally()
        async let sending = send(log, tally)
        let turns = try await carry(store, tally)
        if let error = await sending { throw error }
        return turns
    }

    /// Sends as the client of an engine does; what went wrong, if anything did.
    private func send(_ log: any EventLog, _ tally: Tally) async -> StoreError? {
        for start in stride(from: 0, to: first.count, by: SagaRun.sending) {
            let end = min(start + SagaRun.sending, first.count)
            await tally.wait(for: end - SagaRun.window)
            do throws(StoreError) {
                _ = try await log.append(Array(first[start..<end]), at: now, notes: [:])
            } catch {
                return error
            }
        }
        return nil
    }

    private func carry(_ store: any WorkflowStore, _ tally: Tally) async throws(StoreError) -> Int {
        let clock = SystemClock()
        var cursor = try await store.claim().cursor
        var turns = 0
        var settled: [String] = []
        var answers: [Answer] = []
        while tally.ended < first.count {
            var request = ReadyRequest(after: cursor, now: clock.now())
            request.events = batchLimit
            var batch = TurnBatch()
            swap(&batch.settled, &settled)
            swap(&batch.answers, &answers)
            var ended = 0
            for event in try await store.ready(request).events {
                cursor = event.position
                batch.cursor = cursor
                guard let part = parts[event.id] else { continue }
                batch.turns.append(
                    Turn(
                        id: part.id, expectedVersion: part.version,
                        input: .event(event, isSeen: false), decision: part.decision,
                        at: request.now))
                settled += part.decision.commands.map(\.id)
                if let answer = part.answer { answers.append(answer) } else { ended += 1 }
            }
            turns += batch.turns.count
            _ = try await store.commit(batch)
            for _ in 0..<ended { tally.didEnd() }
        }
        return turns
    }
}
