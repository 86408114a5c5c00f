// The promises to people: lists, histories, dead letters and what they decided.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

extension StoreConformance {
    static let queryChecks = [
        Check("instances are listed in the order of their start, held-only ones last") { bench in
            let (a, b, c) = (
                StoreBench.id(.string("a")), StoreBench.id(.string("b")),
                StoreBench.id(.string("c"))
            )
            try await bench.commit(StoreBench.turn(StoreBench.instance(a, status: nil), from: 0))
            try await bench.commit(StoreBench.turn(StoreBench.instance(b), from: 0))
            try await bench.commit(StoreBench.turn(StoreBench.instance(c, status: nil), from: 0))
            try await bench.commit(
                StoreBench.turn(StoreBench.instance(a, status: .started), from: 1))
            let later = try await bench.reopened()

            let all = try await later.store.instances(InstanceFilter())
            var filter = InstanceFilter()
            filter.limit = 1
            let first = try await later.store.instances(filter)
            filter.after = try bench.demand(first.first, "the first").sequence
            let second = try await later.store.instances(filter)

            try bench.demand(all.map(\.instance.id), equals: [b, a, c], "the order")
            try bench.demand(all.map(\.version), equals: [1, 2, 1], "the versions")
            try bench.demand((first + second).map(\.instance.id), equals: [b, a], "two pages")
        },
        Check("a filter asks for tenant, workflow, key, status and correlation") { bench in
            let rows: [(InstanceID, Instance.Status?)] = [
                (StoreBench.id(.int(1)), .running), (StoreBench.id(.int(1), tenant: "t"), .failed),
                (StoreBench.id(.int(2), workflow: "Return"), .completed),
                (StoreBench.id(.int(3)), nil),
            ]
            for (id, status) in rows {
                var instance = StoreBench.instance(id, status: status)
                instance.origin.correlationID = "c\(id.key)"
                instance.endedAt = status?.isEnded ?? false ? StoreBench.second(5) : nil
                try await bench.commit(StoreBench.turn(instance, from: 0))
            }
            var filters = Array(repeating: InstanceFilter(), count: 8)
            filters[0].tenant = ""
            filters[1].tenant = "t"
            filters[2].workflow = "Return"
            filters[3].key = .int(1)
            filters[4].statuses = [.running, .compensating]
            filters[5].statuses = [.failed, .completed, .running]
            filters[6].correlationID = "c1"
            filters[7].key = .string("1")
            let expected = [[0, 2, 3], [1], [2], [0, 1], [0], [0, 1, 2], [0, 1], []]

            for (filter, places) in zip(filters, expected) {
                let found = try await bench.store.instances(filter).map(\.instance.id)
                try bench.demand(found, equals: places.map { rows[$0].0 }, "\(filter)")
            }
        },
        Check("history keeps inputs and facts, events of the log as well as others") { bench in
            _ = try await bench.append(StoreBench.event("e1"))
            let logged = try await bench.store.read(after: 0, limit: 1)[0]
            let inputs: [Input] = [
                .event(logged, isSeen: false), .event(StoreBench.event("e2"), isSeen: true),
                .event(logged, isSeen: true), .timer(number: 3),
                .outcome(
                    Input.Outcome(of: StoreBench.command("k1"), result: .accepted(.null))),
                .action(OperatorAction(verb: .markDone, reason: "seen \"it\"", endIn: "X")),
            ]
            let facts: [Fact] = [
                .emitted(StoreBench.command("k1")), .noted("✓"),
                .event(id: "e1", type: "Paid", judged: .handled, why: nil),
            ]
            for (version, input) in inputs.enumerated() {
                try await bench.commit(
                    StoreBench.turn(
                        StoreBench.instance(), from: Int64(version), input: input, facts: facts,
                        at: StoreBench.second(Int64(version))))
            }

            let later = try await bench.reopened()
            let history = try await later.store.history(of: StoreBench.id())

            try bench.demand(history.map(\.input), equals: inputs, "the inputs")
            try bench.demand(history.allSatisfy { $0.facts == facts }, "the facts are kept")
            try bench.demand(
                history.map(\.at), equals: (0..<6).map { StoreBench.second($0) }, "the times")
            let other = try await later.store.history(of: StoreBench.id(tenant: "t"))
            try bench.demand(other, equals: [], "another tenant's history")
        },
        Check("dead letters are kept, those of a batch and those that turns tell of") { bench in
            let event = StoreBench.event("late")
            try await bench.commit {
                $0.turns = [
                    StoreBench.turn(
                        StoreBench.instance(), from: 0,
                        facts: [
                            .deadLetter(
                                id: "late", type: "Paid", reason: "late", message: "too late",
                                event: event)
                        ])
                ]
                $0.deadLetters = [.sample]
            }
            let later = try await bench.reopened()

            let letters = try await later.store.deadLetters(after: 0, limit: 9)
            let behind = try await later.store.deadLetters(after: letters[0].number, limit: 9)

            let ofTurn = DeadLetter(
                event: event, instance: StoreBench.id(), reason: "late", message: "too late",
                at: StoreBench.second(1))
            try bench.demand(letters.map(\.letter), equals: [ofTurn, .sample], "the letters")
            try bench.demand(behind.map(\.letter), equals: [.sample], "the later ones")
        },
        Check("what people decide waits to be judged, in order, and is never forgotten") { bench in
            let first = OperatorAction(verb: .retry, reason: "fixed", arguments: ["a": 1])
            let second = OperatorAction(verb: .cancel, reason: "asked", endIn: "Cancelled")
            let store = bench.store
            let one = try await store.request(
                first, on: StoreBench.id(), by: "ann", at: StoreBench.second(1), notes: ["n": "1"])
            let two = try await store.request(
                second, on: StoreBench.id(), by: "bob", at: StoreBench.second(2), notes: [:])
            let waiting = try await bench.actions()
            try await bench.commit {
                $0.judgedActions = [one]
                $0.refusals = [one: "it is over"]
            }
            let later = try await bench.reopened()

            let left = try await later.actions()
            let kept = try await later.store.actions(on: StoreBench.id())
            let notes = try await later.store.claim().notes

            try bench.demand(
                waiting,
                equals: [
                    PendingAction(
                        number: one, instance: StoreBench.id(), person: "ann", action: first),
                    PendingAction(
                        number: two, instance: StoreBench.id(), person: "bob", action: second),
                ], "what waits")
            try bench.demand(left.map(\.number), equals: [two], "what is left")
            try bench.demand(
                kept,
                equals: [
                    ActionRow(
                        number: one, action: first, person: "ann", at: StoreBench.second(1),
                        isJudged: true, refusal: "it is over"),
                    ActionRow(
                        number: two, action: second, person: "bob", at: StoreBench.second(2),
                        isJudged: false, refusal: nil),
                ], "what is kept")
            try bench.demand(notes, equals: ["n": "1"], "the notes")
        },
    ]

    static let retentionChecks = [
        Check("ended instances are removed with all they had, the oldest first, in steps") {
            bench in
            for number: Int64 in 1...5 {
                var instance = StoreBench.instance(StoreBench.id(.int(number)))
                instance.status = .completed
                instance.endedAt = StoreBench.second(number)
                instance.timers = [.sample(1, .deadline, 1)]
                var decision = Decision(instance: instance)
                decision.seenValues = [SeenValue(event: "Paid", value: "1")]
                try await bench.commit(
                    Turn(
                        id: instance.id, expectedVersion: 0, input: .timer(number: 1),
                        decision: decision, at: StoreBench.second(0)))
            }
            try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 0))
            let store = bench.store

            let other = try await store.removeEnded(
                of: "Return", before: StoreBench.second(9), limit: 9)
            let one = try await store.removeEnded(
                of: "Order", before: StoreBench.second(4), limit: 1)
            let rest = try await store.removeEnded(
                of: "Order", before: StoreBench.second(4), limit: 9)

            try bench.demand([other, one, rest], equals: [0, 1, 2], "the numbers removed")
            let left = try await store.instances(InstanceFilter()).map(\.instance.id.key)
            try bench.demand(left, equals: [.int(4), .int(5), .string("o1")], "what is left")
            let gone = StoreBench.id(.int(1))
            let due = try await bench.due(at: StoreBench.second(9)).map(\.instance.key)
            try bench.demand(due, equals: [.int(4), .int(5)], "the timers that are left")
            try await bench.commit(StoreBench.turn(StoreBench.instance(gone), from: 0))
            let seen = try await store.seen([SeenValue(event: "Paid", value: "1")], by: gone)
            try bench.demand(seen, equals: [], "what a new one under the key has seen")
            let history = try await store.history(of: gone)
            try bench.demand(history.count, equals: 1, "the history of a new one under the key")
        },
        Check("an ended instance with commands to deliver stays") { bench in
            var instance = StoreBench.instance(status: .completed)
            instance.endedAt = StoreBench.second(1)
            try await bench.commit(
                StoreBench.turn(instance, from: 0, commands: [StoreBench.command("k1")]))

            let before = try await bench.store.removeEnded(
                of: "Order", before: StoreBench.second(9), limit: 9)
            try await bench.commit { $0.settled = ["k1"] }
            let after = try await bench.store.removeEnded(
                of: "Order", before: StoreBench.second(9), limit: 9)

            try bench.demand([before, after], equals: [0, 1], "the numbers removed")
        },
    ]
}

extension StoredDefinition {
    static func sample(version: Int, fingerprint: String) -> StoredDefinition {
        StoredDefinition(
            identity: Definition.Identity(
                workflow: "Order", version: version, fingerprint: fingerprint),
            file: "order.workflow.json", text: "{\"version\": \(version)}",
            includes: ["shared/retries.json": "{}", "schemas/paid.json": "{\"type\": \"object\"}"])
    }
}
