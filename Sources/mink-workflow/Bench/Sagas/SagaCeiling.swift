// What the store could carry if deciding cost nothing: the same statements, encodings and
// connections as the engine's, over decisions that were made before.
//
//   log ─▶ look up the decision ─▶ commit, with the answers of the last batch ─▶ log
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkPostgres
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

    /// The turns as plain arrays hold them.
    func plainOrders() throws(StoreError) -> [[PlainTurn]] {
        var orders: [[PlainTurn]] = []
        for event in first {
            var turns: [PlainTurn] = []
            var next: EventRecord? = event
            while let event = next, let part = parts[event.id] {
                turns.append(try part.plain(event))
                next = part.answer?.event
            }
            orders.append(turns)
        }
        return orders
    }

    /// Carries all orders through the stores of a database, side by side.
    ///
    /// - Returns: How many turns were written.
    func run(_ stores: [any AnyStore]) async throws(StoreError) -> Int {
        let scopes = try await Self.share(stores)
        let tally = Tally()
        let outcomes = await withTaskGroup(of: Result<Int, StoreError>.self) { group in
            group.addTask {
                await self.result { () throws(StoreError) in try await self.send(stores, tally) }
            }
            for (store, claim) in zip(stores, scopes) {
                group.addTask {
                    await self.result { () throws(StoreError) in
                        try await self.carry(store, from: claim.cursor, claim.share.owned, tally)
                    }
                }
            }
            var outcomes: [Result<Int, StoreError>] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        var turns = 0
        for outcome in outcomes { turns += try outcome.get() }
        return turns
    }

    private func result(
        _ body: () async throws(StoreError) -> Int
    ) async -> Result<Int, StoreError> {
        do throws(StoreError) { return .success(try await body()) } catch { return .failure(error) }
    }

    /// Shares the work out evenly, as engines do.
    private static func share(_ stores: [any AnyStore]) async throws(StoreError) -> [Claim] {
        var claims: [Claim] = []
        for store in stores { claims.append(try await store.claim(.share)) }
        // The first has all of it until the others are there.
        for _ in 0..<2 {
            for (index, store) in stores.enumerated() {
                var share = try await store.tend(releasing: .none)
                share = try await store.tend(releasing: share.surplus)
                claims[index] = Claim(
                    cursor: share.cursor ?? claims[index].cursor, notes: [:], share: share)
            }
        }
        return claims
    }

    /// Sends as the client of an engine does; no turn is written here.
    private func send(_ stores: [any AnyStore], _ tally: Tally) async throws(StoreError) -> Int {
        for start in stride(from: 0, to: first.count, by: SagaRun.sending) {
            let end = min(start + SagaRun.sending, first.count)
            await tally.wait(for: end - SagaRun.window)
            let store = stores[start / SagaRun.sending % stores.count]
            _ = try await store.append(Array(first[start..<end]), at: now, notes: [:])
        }
        return 0
    }

    private func carry(
        _ store: any AnyStore, from start: Int64, _ owned: PartitionSet, _ tally: Tally
    ) async throws(StoreError) -> Int {
        let clock = SystemClock()
        var cursor = start
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
                guard let part = parts[event.id], owned.contains(part.id) else { continue }
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

extension SagaCeiling.Part {
    /// The turn with the bodies that the engine writes.
    fileprivate func plain(_ event: EventRecord) throws(StoreError) -> PlainTurn {
        var state: [UInt8] = []
        if let instance = decision.instance { state = try StoredForm.encode(instance) }
        let history = try StoredForm.encode(TurnRecord(input: nil, facts: decision.facts))
        var command = (id: event.id, name: "", body: [UInt8]())
        if let sent = decision.commands.first {
            command = (sent.id, sent.name, try StoredForm.encode(sent))
        }
        return PlainTurn(
            event: (event.id, event.type, Array(event.data.utf8)),
            order: (id.key.description, version), bodies: (state, history), command: command)
    }
}
