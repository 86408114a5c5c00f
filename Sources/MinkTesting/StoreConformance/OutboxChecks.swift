// The promises about commands and their answers.
import MinkEngine
import MinkExpression
import MinkStore

extension StoreConformance {
    static let outboxChecks = [
        Check("a command is offered as it was emitted, and outstanding until it is settled") {
            bench in
            let command = StoreBench.command("k1")
            try await bench.emit([command])
            let later = try await bench.reopened()

            let pending = try await later.store.outbox(of: StoreBench.id())
            let stored = try await later.load()

            try bench.demand(pending.map(\.command), equals: [command], "the command")
            try bench.demand(pending.first?.attempts, equals: 0, "the tries")
            try bench.demand(
                stored?.instance.outstanding, equals: [OutstandingCommand(command)], "outstanding")
            try await later.commit { $0.settled = ["k1"] }
            let offered = try await later.offered()
            try bench.demand(offered, equals: [], "what is offered")
            let after = try await later.load()
            try bench.demand(after?.instance.outstanding, equals: [], "outstanding")
        },
        Check("an answer is appended once, when its command leaves the outbox") { bench in
            try await bench.emit([StoreBench.command("k1")])
            let answer = Answer(command: "k1", event: StoreBench.event("a1"))

            let first = try await bench.commit {
                $0.settled = ["k1"]
                $0.answers = [answer]
            }
            let second = try await bench.reopened().commit {
                $0.settled = ["k1"]
                $0.answers = [Answer(command: "k1", event: StoreBench.event("a2"))]
            }

            try bench.demand(first.map(\.unplaced), equals: [answer.event], "the answer")
            try bench.demand((first.first?.position ?? 0) > 0, "the answer has a position")
            try bench.demand(second, equals: [], "the second answer")
        },
        Check("an answer whose command is not settled with it is left out") { bench in
            try await bench.emit([StoreBench.command("k1")])

            let appended = try await bench.commit {
                $0.answers = [Answer(command: "k1", event: StoreBench.event("a1"))]
            }

            try bench.demand(appended, equals: [], "the answer")
            let log = try await bench.store.read(after: 0, limit: 9)
            try bench.demand(log, equals: [], "the log")
        },
        Check("an answer that the log knows is left out") { bench in
            _ = try await bench.append(StoreBench.event("a1"))
            try await bench.emit([StoreBench.command("k1")])

            let appended = try await bench.commit {
                $0.settled = ["k1"]
                $0.answers = [
                    Answer(command: "k1", event: StoreBench.event("a1")),
                    Answer(command: "k1", event: StoreBench.event("a2")),
                ]
            }

            try bench.demand(appended.map(\.id), equals: ["a2"], "the answers")
        },
        Check("commands are offered delayed ones first, by moment, then in order of emission") {
            bench in
            let delays: [(String, Int64?)] = [
                ("k1", nil), ("k2", 9), ("k3", 5), ("k4", nil), ("k5", 5), ("k6", 60),
            ]
            try await bench.emit(
                delays.map { id, second in
                    StoreBench.command(id, due: second.map { StoreBench.second($0) })
                })

            let early = try await bench.offered(at: StoreBench.second(4))
            let all = try await bench.offered(at: StoreBench.second(9))
            let two = try await bench.offered(at: StoreBench.second(9), limit: 2)

            try bench.demand(early, equals: ["k1", "k4"], "before any delay is over")
            try bench.demand(all, equals: ["k3", "k5", "k2", "k1", "k4"], "the order")
            try bench.demand(two, equals: ["k3", "k5"], "the first two")
            let due = try await bench.store.nextDue()
            try bench.demand(due, equals: StoreBench.second(5), "the next moment")
        },
        Check("a failed try is offered again when it is due, an exhausted one never") { bench in
            try await bench.emit([StoreBench.command("k1"), StoreBench.command("k2")])
            try await bench.commit {
                $0.failedAttempts = [
                    FailedAttempt(
                        command: "k1", attempts: 2, nextDue: StoreBench.second(30, nanoseconds: 5),
                        error: "closed"),
                    FailedAttempt(command: "k2", attempts: 5, nextDue: nil, error: "gone"),
                ]
            }
            let later = try await bench.reopened()

            let early = try await later.offered(at: StoreBench.second(30, nanoseconds: 4))
            let then = try await later.offered(at: StoreBench.second(30, nanoseconds: 5))
            let pending = try await later.store.outbox(of: StoreBench.id())
            let outstanding = try await later.load()?.instance.outstanding

            try bench.demand(early, equals: [], "before it is due")
            try bench.demand(then, equals: ["k1"], "when it is due")
            try bench.demand(pending.map(\.attempts), equals: [2, 5], "the tries")
            try bench.demand(pending.map(\.lastError), equals: ["closed", "gone"], "the errors")
            try bench.demand(
                outstanding?.map(\.isExhausted), equals: [false, true], "what is exhausted")
            try bench.demand(outstanding?.map(\.attempts), equals: [2, 5], "outstanding tries")
            let due = try await later.store.nextDue()
            try bench.demand(due, equals: StoreBench.second(30, nanoseconds: 5), "the next moment")
        },
        Check("a turn takes commands back, marks a last try, parks, releases and redelivers") {
            bench in
            let ids = ["k1", "k2", "k3", "k4", "k5"]
            try await bench.emit(ids.map { StoreBench.command($0) })
            try await bench.commit {
                $0.failedAttempts = [
                    FailedAttempt(command: "k3", attempts: 5, nextDue: nil, error: "gone")
                ]
            }
            var decision = Decision(instance: StoreBench.instance())
            decision.withdrawn = ["k1"]
            decision.lastAttempts = ["k2"]
            decision.redelivered = ["k3"]
            decision.released = ["k4"]
            decision.parked = ["k5"]
            try await bench.commit(
                Turn(
                    id: StoreBench.id(), expectedVersion: 1, input: .timer(number: 1),
                    decision: decision, at: StoreBench.second(1)))

            let later = try await bench.reopened()
            let pending = try await later.store.outbox(of: StoreBench.id())
            let offered = try await later.offered()

            try bench.demand(pending.map(\.command.id), equals: ["k2", "k3", "k5"], "what is left")
            try bench.demand(offered, equals: ["k2", "k3"], "what is offered")
            try bench.demand(pending[0].isLastAttempt, "the last try is marked")
            try bench.demand(pending[1].attempts, equals: 0, "the tries of the redelivered one")
        },
        Check("a command that is accepted and taken back in one batch has its answer") { bench in
            try await bench.emit([StoreBench.command("k1")])
            var decision = Decision(instance: StoreBench.instance())
            decision.withdrawn = ["k1"]

            let appended = try await bench.commit {
                $0.turns = [
                    Turn(
                        id: StoreBench.id(), expectedVersion: 1, input: .timer(number: 1),
                        decision: decision, at: StoreBench.second(1))
                ]
                $0.settled = ["k1"]
                $0.answers = [Answer(command: "k1", event: StoreBench.event("a1"))]
            }

            try bench.demand(appended.map(\.id), equals: ["a1"], "the answer")
        },
        Check("a command may be emitted and settled in one batch") { bench in
            let appended = try await bench.commit {
                $0.turns = [
                    StoreBench.turn(
                        StoreBench.instance(), from: 0, commands: [StoreBench.command("k1")])
                ]
                $0.settled = ["k1"]
                $0.answers = [Answer(command: "k1", event: StoreBench.event("a1"))]
            }

            try bench.demand(appended.count, equals: 1, "the answers")
            let offered = try await bench.offered()
            try bench.demand(offered, equals: [], "what is offered")
        },
        Check("the order of emission holds over instances and restarts") { bench in
            try await bench.emit([StoreBench.command("k1")])
            let other = StoreBench.id(.string("o2"))
            let later = try await bench.reopened()
            try await later.emit([StoreBench.command("k2", of: other)], of: other)
            try await later.emit([StoreBench.command("k3")], from: 1)

            let offered = try await later.offered()

            try bench.demand(offered, equals: ["k1", "k2", "k3"], "the order")
        },
    ]
}

extension StoreBench {
    /// Commits a turn that emits commands.
    func emit(
        _ commands: [CommandRecord], of id: InstanceID = StoreBench.id(), from version: Int64 = 0
    ) async throws {
        try await commit(Self.turn(Self.instance(id), from: version, commands: commands))
    }
}
