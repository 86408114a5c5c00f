// The promises about turns: versions, atomicity, names, what is kept.
import MinkEngine
import MinkExpression
import MinkStore

extension StoreConformance {
    static let commitChecks = [
        Check("an instance comes back as it was committed, with the version of its commits") {
            bench in
            var instance = StoreBench.instance()
            instance.data = ["total": .decimal(.init(Int64(12))), "list": [1, nil, 2.5]]
            instance.signatures = ["b", "a", "c"]
            instance.visited = ["A", "B"]
            try await bench.commit(StoreBench.turn(instance, from: 0))
            instance.state = "Shipping"
            try await bench.commit(StoreBench.turn(instance, from: 1))

            let stored = try await bench.reopened().load()

            try bench.demand(
                stored, equals: StoredInstance(version: 2, instance: instance), "the instance")
        },
        Check("unknown instances are left out") { bench in
            try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 0))
            let other = StoreBench.id(.string("o2"))

            let found = try await bench.store.load([other, StoreBench.id()])

            try bench.demand(Set(found.keys), equals: [StoreBench.id()], "what was found")
        },
        Check("a batch with a wrong version writes nothing at all") { bench in
            try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 0))
            let before = try await bench.load()
            let other = StoreBench.instance(StoreBench.id(.string("o2")))
            _ = try await bench.append(StoreBench.event("e1"))

            for version: Int64 in [0, 2] {
                try await bench.demand(.conflict, "version \(version)") {
                    try await bench.commit { batch in
                        batch.turns = [
                            StoreBench.turn(
                                other, from: 0, commands: [StoreBench.command("k", of: other.id)]),
                            StoreBench.turn(StoreBench.instance(), from: version),
                        ]
                        batch.cursor = 1
                        batch.notes = ["n": "1"]
                        batch.deadLetters = [.sample]
                    }
                }
            }

            let found = try await bench.store.load([other.id, StoreBench.id()])
            try bench.demand(
                found, equals: [StoreBench.id(): before].compactMapValues { $0 }, "all")
            let claim = try await bench.store.claim()
            try bench.demand(
                claim, equals: Claim(cursor: 0, notes: [:], share: claim.share), "cursor and notes")
            let letters = try await bench.store.deadLetters(after: 0, limit: 9)
            try bench.demand(letters.count, equals: 0, "dead letters")
            let offered = try await bench.offered()
            try bench.demand(offered, equals: [], "commands")
            let history = try await bench.store.history(of: StoreBench.id())
            try bench.demand(history.count, equals: 1, "history rows")
        },
        Check("a new instance must not exist, an old one must") { bench in
            try await bench.demand(.conflict, "a missing instance") {
                try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 1))
            }
            try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 0))
            try await bench.demand(.conflict, "a second start") {
                try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 0))
            }
        },
        Check("several turns of one instance are one state and a history row each") { bench in
            var (first, second) = (StoreBench.instance(), StoreBench.instance())
            first.state = "First"
            second.state = "Second"
            try await bench.commit(
                StoreBench.turn(first, from: 0, facts: [.noted("1")]),
                StoreBench.turn(second, from: 1, facts: [.noted("2")], at: StoreBench.second(2)))

            let stored = try await bench.load()
            let history = try await bench.store.history(of: StoreBench.id())

            try bench.demand(stored?.instance.state, equals: "Second", "the state")
            try bench.demand(stored?.version, equals: 2, "the version")
            try bench.demand(history.map(\.version), equals: [1, 2], "the versions of the rows")
            try bench.demand(
                history.map(\.facts), equals: [[.noted("1")], [.noted("2")]], "the facts")
            try bench.demand(history.last?.at, equals: StoreBench.second(2), "the time")
        },
        Check("a batch whose turns of one instance leave out a version is refused") { bench in
            try await bench.demand(.conflict, "version 2 behind version 0") {
                try await bench.commit(
                    StoreBench.turn(StoreBench.instance(), from: 0),
                    StoreBench.turn(StoreBench.instance(), from: 2))
            }
            let stored = try await bench.load()
            try bench.demand(stored, equals: nil, "the instance")
        },
        Check("tenants, workflows and the keys \"7\", 7 and \"#7\" never meet") { bench in
            let ids = [
                StoreBench.id(.string("7")), StoreBench.id(.int(7)), StoreBench.id(.string("#7")),
                StoreBench.id(.string("##7")), StoreBench.id(.string("7"), tenant: "acme"),
                StoreBench.id(.string("7"), workflow: "Return"), StoreBench.id(.int(-7)),
                StoreBench.id(.string("é")), StoreBench.id(.string("e\u{301}")),
            ]
            for (number, id) in ids.enumerated() {
                var instance = StoreBench.instance(id)
                instance.visit = number
                try await bench.commit(StoreBench.turn(instance, from: 0))
            }

            let found = try await bench.store.load(ids)

            try bench.demand(found.count, equals: ids.count, "the number of instances")
            for (number, id) in ids.enumerated() {
                try bench.demand(found[id]?.instance.visit, equals: number, "\(id)")
                try bench.demand(found[id]?.instance.id, equals: id, "the name")
            }
        },
        Check("the cursor moves with the turns, and stays without") { bench in
            try await bench.commit { batch in
                batch.turns = [StoreBench.turn(StoreBench.instance(), from: 0)]
                batch.cursor = 17
            }
            try await bench.commit { $0.notes = ["a": "1", "b": "2"] }
            try await bench.commit { $0.notes = ["b": "3"] }

            let claim = try await bench.reopened().store.claim()

            try bench.demand(
                claim,
                equals: Claim(cursor: 17, notes: ["a": "1", "b": "3"], share: claim.share),
                "the claim")
        },
        Check("a refused turn writes nothing") { bench in
            try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 0))
            var refused = Decision(instance: nil)
            refused.refusal = "it is over"
            let turn = Turn(
                id: StoreBench.id(), expectedVersion: 1, input: .timer(number: 1),
                decision: refused, at: StoreBench.second(2))

            try await bench.commit(turn, StoreBench.turn(StoreBench.instance(), from: 1))

            let history = try await bench.store.history(of: StoreBench.id())
            try bench.demand(history.map(\.version), equals: [1, 2], "the rows")
        },
        Check("what was only held goes when a turn leaves nothing, what runs never") { bench in
            let held = StoreBench.instance(status: nil)
            try await bench.commit(StoreBench.turn(held, from: 0))
            try await bench.commit(StoreBench.turn(nil, from: 1))
            let gone = try await bench.load()
            try bench.demand(gone, equals: nil, "the instance")

            try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 0))
            try await bench.demand(.corrupt, "removing what runs") {
                try await bench.commit(StoreBench.turn(nil, from: 1))
            }
            let history = try await bench.store.history(of: StoreBench.id())
            try bench.demand(history.map(\.version), equals: [1], "the rows of the new one")
        },
        Check("seen values belong to one instance") { bench in
            let (paid, failed) = (
                SeenValue(event: "Paid", value: "7"), SeenValue(event: "Failed", value: "7")
            )
            var turn = Decision(instance: StoreBench.instance())
            turn.seenValues = [paid, paid]
            try await bench.commit(
                Turn(
                    id: StoreBench.id(), expectedVersion: 0, input: .timer(number: 1),
                    decision: turn, at: StoreBench.second(1)))
            let later = try await bench.reopened()

            let here = try await later.store.seen([paid, failed], by: StoreBench.id())
            let there = try await later.store.seen([paid], by: StoreBench.id(tenant: "b"))

            try bench.demand(here, equals: [paid], "what was seen")
            try bench.demand(there, equals: [], "what another instance has seen")
        },
    ]
}

extension DeadLetter {
    static let sample = DeadLetter(
        event: StoreBench.event("lost"), instance: nil, reason: "no-key", message: "no key",
        at: StoreBench.second(3))
}
