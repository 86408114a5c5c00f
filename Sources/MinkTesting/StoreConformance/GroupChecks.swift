// The promises about calls that become durable together, and about what passes through one batch.
import MinkEngine
import MinkExpression
import MinkStore

extension StoreConformance {
    static let groupChecks = [
        Check("calls of a group see what earlier ones wrote, and all of it stays when it ends") {
            bench in
            try await bench.store.beginGroup()
            _ = try await bench.append(StoreBench.event("e1"))
            try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 0))
            let within = try await bench.load()
            try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 1))
            try await bench.store.endGroup()

            let later = try await bench.reopened()
            let (stored, log) = (
                try await later.load(), try await later.store.read(after: 0, limit: 9)
            )

            try bench.demand(within?.version, equals: 1, "the version within the group")
            try bench.demand(stored?.version, equals: 2, "the version afterwards")
            try bench.demand(log.map(\.id), equals: ["e1"], "the log")
        },
        Check("a group that never ended leaves nothing") { bench in
            try await bench.store.beginGroup()
            _ = try await bench.append(StoreBench.event("e1"))
            try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 0))

            guard let later = try await bench.reopenedIfKept() else { return }

            let log = try await later.store.read(after: 0, limit: 9)
            try bench.demand(log, equals: [], "the log")
            let stored = try await later.load()
            try bench.demand(stored, equals: nil, "the instance")
        },
        Check("a call that fails undoes its whole group; later calls stand alone") { bench in
            try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 0))
            try await bench.store.beginGroup()
            _ = try await bench.append(StoreBench.event("e1"))
            try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 1))
            try await bench.demand(.conflict, "a wrong version") {
                try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 7))
            }
            // What the store knew from the group is gone with it.
            try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 1))
            _ = try await bench.append(StoreBench.event("e2"))
            try await bench.store.endGroup()

            let later = try await bench.reopened()
            let (stored, log) = (
                try await later.load(), try await later.store.read(after: 0, limit: 9)
            )

            try bench.demand(stored?.version, equals: 2, "the version")
            try bench.demand(log.map(\.id), equals: ["e2"], "the log")
        },
        Check("a command that is emitted and settled by one batch is never offered") { bench in
            let turn = StoreBench.turn(
                StoreBench.instance(), from: 0,
                commands: [StoreBench.command("k1"), StoreBench.command("k2")])
            let answer = Answer(command: "k1", event: StoreBench.event("a1"))

            let appended = try await bench.commit { batch in
                batch.turns = [turn]
                batch.settled = ["k1"]
                batch.answers = [answer]
            }

            let later = try await bench.reopened()
            try bench.demand(appended.map(\.unplaced), equals: [answer.event], "the answer")
            let offered = try await later.offered()
            try bench.demand(offered, equals: ["k2"], "what is offered")
        },
    ]
}
