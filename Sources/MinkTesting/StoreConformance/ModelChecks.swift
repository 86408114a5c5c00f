// Random batches against the model: what no single check thinks of.
import MinkEngine
import MinkExpression
import MinkStore

extension StoreConformance {
    static let modelChecks = (1...5).map { seed in
        Check("random batches leave what the model says (seed \(seed))") { bench in
            var drawing = Drawing(seed: UInt64(seed))
            var model = StoreModel()
            var bench = bench
            for step in 1...150 {
                if drawing.draw(10) == 0 {
                    try await drawing.append(to: bench, &model)
                } else {
                    try await drawing.commit(to: bench, &model)
                }
                if step % 50 == 0 { bench = try await bench.reopened() }
                if step % 30 == 0 { try await model.compare(with: bench, step: step) }
            }
        }
    }
}

/// Draws batches: mostly right ones, with few keys, so that they meet.
private struct Drawing {
    private var state: UInt64
    private var nextCommand = 0

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    /// A number from 0 up to but not including a bound.
    mutating func draw(_ bound: Int) -> Int {
        // xorshift64*: seeded, so that a failure can be run again.
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Int((state &* 0x2545_F491_4F6C_DD1D) >> 33) % bound
    }

    mutating func append(to bench: StoreBench, _ model: inout StoreModel) async throws {
        let events = (0...draw(3)).map { _ in
            StoreBench.event("e\(draw(40))", tenant: draw(2) == 0 ? "" : "t")
        }
        let appended = try await bench.store.append(events, at: StoreBench.second(0), notes: [:])
        try bench.demand(appended.map(\.isAppended), equals: model.append(events), "the outcomes")
    }

    mutating func commit(to bench: StoreBench, _ model: inout StoreModel) async throws {
        let batch = batch(model)
        let isRight = model.commit(batch)
        do {
            _ = try await bench.store.commit(batch)
            try bench.demand(isRight, "a batch with a wrong version is refused")
        } catch let error as StoreError where error.code == .conflict {
            try bench.demand(!isRight, "a batch with right versions is taken: \(error.message)")
        }
    }

    private mutating func batch(_ model: StoreModel) -> TurnBatch {
        var batch = TurnBatch()
        var versions = model.sagas.mapValues(\.version)
        for _ in 0..<draw(4) {
            let id = StoreBench.id(.int(Int64(draw(6))), tenant: draw(3) == 0 ? "t" : "")
            let isWrong = draw(30) == 0
            let version = (versions[id] ?? 0) + (isWrong ? 1 : 0)
            batch.turns.append(turn(of: id, from: version, model))
            versions[id] = version + 1
        }
        for pending in model.commands where draw(4) == 0 {
            let id = pending.command.id
            switch draw(3) {
            case 0:
                batch.settled.append(id)
                batch.answers.append(Answer(command: id, event: StoreBench.event("a-" + id)))
            case 1: batch.answers.append(Answer(command: id, event: StoreBench.event("b-" + id)))
            default:
                let due = draw(3) == 0 ? nil : StoreBench.second(Int64(draw(20)))
                batch.failedAttempts.append(
                    FailedAttempt(
                        command: id, attempts: draw(9), nextDue: due, error: "error \(draw(9))"))
            }
        }
        if draw(5) == 0 { batch.settled.append("unknown") }
        if draw(5) == 0 { batch.deadLetters = [.sample] }
        if draw(3) == 0 { batch.cursor = model.cursor + Int64(draw(5)) }
        if draw(3) == 0 { batch.notes = ["n\(draw(3))": "\(draw(100))"] }
        return batch
    }

    private mutating func turn(
        of id: InstanceID, from version: Int64, _ model: StoreModel
    ) -> Turn {
        var instance = StoreBench.instance(id)
        instance.visit = draw(1_000)
        instance.signatures = Set((0..<draw(4)).map { "signature \($0)" })
        let kinds: [Timer.Kind] = [.deadline, .timeout, .reminder, .heldExpiry]
        instance.timers = (0..<draw(4)).map { number in
            .sample(number, kinds[draw(kinds.count)], Int64(draw(5)))
        }
        var decision = Decision(instance: instance)
        for _ in 0..<draw(3) {
            nextCommand += 1
            let due = draw(2) == 0 ? nil : StoreBench.second(Int64(draw(20)))
            decision.commands.append(StoreBench.command("k\(nextCommand)", of: id, due: due))
        }
        if draw(4) == 0, let some = model.commands.first { decision.withdrawn = [some.command.id] }
        return Turn(
            id: id, expectedVersion: version, input: .timer(number: 1), decision: decision,
            at: StoreBench.second(1))
    }
}

extension StoreModel {
    /// Holds a store against the model.
    func compare(with bench: StoreBench, step: Int) async throws {
        let store = bench.store
        let stored = try await store.load(Array(sagas.keys))
        try bench.demand(stored.count, equals: sagas.count, "step \(step): instances")
        for (id, saga) in sagas {
            var instance = saga.instance
            instance.outstanding = outstanding(of: id)
            try bench.demand(
                stored[id], equals: StoredInstance(version: saga.version, instance: instance),
                "step \(step): \(id)")
            let rows = try await store.history(of: id).map(\.version)
            try bench.demand(
                rows, equals: saga.rows == 0 ? [] : Array(1...Int64(saga.rows)),
                "step \(step): history")
        }
        for second: Int64 in [0, 3, 9, 99] {
            let now = StoreBench.second(second)
            let offered = try await bench.offered(at: now)
            try bench.demand(offered, equals: self.offered(at: now), "step \(step): commands")
            let due = try await bench.due(at: now)
            try bench.demand(due, equals: self.due(at: now), "step \(step): timers")
        }
        let log = try await store.read(after: 0, limit: .max).map(\.unplaced)
        try bench.demand(log, equals: events, "step \(step): the log")
        let claim = try await store.claim()
        try bench.demand(
            claim, equals: Claim(cursor: cursor, notes: notes, share: claim.share),
            "step \(step): claim")
        let found = try await store.deadLetters(after: 0, limit: .max).map(\.letter)
        try bench.demand(found, equals: letters, "step \(step): dead letters")
    }
}
