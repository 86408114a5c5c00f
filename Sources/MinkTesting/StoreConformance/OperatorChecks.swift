// The promises to operators: lists over all instances, and decisions that no saga takes.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

extension StoreConformance {
    static let operatorChecks = [
        Check("a dead letter is settled once, and is open again when its judgement is refused") {
            bench in
            let store = bench.store
            try await bench.commit { $0.deadLetters = [.sample, .sample] }
            let letters = try await store.letters(LetterFilter())
            let request = ActionRequest(
                OperatorAction(
                    verb: .retry, reason: "fixed",
                    subject: .letter(letters[0].letter.event, isSeen: false)),
                on: StoreBench.id())

            let numbers = try await store.requeue(
                letter: letters[0].number, as: [request], by: "ann", at: StoreBench.second(1))
            let again = try await store.requeue(
                letter: letters[0].number, as: [request], by: "bob", at: StoreBench.second(2))
            let discarded = try await store.discard(
                letter: letters[1].number, recording: .discarding)
            let twice = try await store.discard(
                letter: letters[1].number, recording: .discarding)
            let open = try await store.letters(LetterFilter())
            var all = LetterFilter()
            all.withSettled = true
            let settled = try await store.letters(all)
            let waiting = try await bench.actions()
            let number = try bench.demand(numbers?.first, "the number of the input")
            try await bench.commit {
                $0.judgedActions = [number]
                $0.refusals = [number: "no"]
            }
            let later = try await bench.reopened().store
            let reopened = try await later.letters(LetterFilter())

            try bench.demand(again, equals: nil, "a second requeue")
            try bench.demand([discarded, twice], equals: [true, false], "the discards")
            try bench.demand(open, equals: [], "the open letters")
            try bench.demand(
                settled.map(\.outcome), equals: ["requeued", "discarded"], "the outcomes")
            try bench.demand(waiting.map(\.action), equals: [request.action], "what waits")
            try bench.demand(waiting.map(\.person), equals: ["ann"], "who asked")
            try bench.demand(
                reopened.map(\.number), equals: [letters[0].number], "what is open again")
            let recorded = try await later.audit(AuditFilter()).map(\.entry)
            try bench.demand(recorded, equals: [.discarding], "the record")
        },
        Check("dead letters are found by their event, their number and their tenant") { bench in
            try await bench.commit { $0.deadLetters = [.sample, .made(by: "bob")] }
            let all = try await bench.store.letters(LetterFilter())
            var filters = Array(repeating: LetterFilter(), count: 4)
            filters[0].tenant = DeadLetter.sample.event.metadata.tenant
            filters[0].event = DeadLetter.sample.event.id
            filters[1].number = all[0].number
            filters[2].tenant = "nobody"
            filters[3].after = all[0].number

            let found = try await filters.asyncMap { try await bench.store.letters($0).count }
            try bench.demand(all.count, equals: 1, "the open letters")
            try bench.demand(found, equals: [1, 1, 0, 0], "what the filters find")
        },
        Check("commands of all instances are listed in the order of emission") { bench in
            let (a, b) = (StoreBench.id(.string("a")), StoreBench.id(.string("b")))
            for (id, names) in [(a, ["k1", "k2"]), (b, ["k3"])] {
                try await bench.commit(
                    StoreBench.turn(
                        StoreBench.instance(id), from: 0,
                        commands: names.map { StoreBench.command($0) }))
            }
            try await bench.commit {
                $0.failedAttempts = [
                    FailedAttempt(command: "k2", attempts: 5, nextDue: nil, error: "down")
                ]
            }

            let all = try await bench.store.outbox(after: 0, id: nil, limit: 9)
            let first = try await bench.store.outbox(after: 0, id: nil, limit: 1)
            let rest = try await bench.store.outbox(
                after: first[0].pending.sequence, id: nil, limit: 9)
            let one = try await bench.store.outbox(after: 0, id: "k3", limit: 9)

            try bench.demand(
                all.map(\.pending.command.id), equals: ["k1", "k2", "k3"], "the order")
            try bench.demand(all.map(\.isExhausted), equals: [false, true, false], "given up")
            try bench.demand(first + rest, equals: all, "two pages")
            try bench.demand(one.map(\.pending.command.id), equals: ["k3"], "one by its id")
        },
        Check("events are listed newest first, by type, tenant, correlation and moment") { bench in
            for (number, type) in ["Paid", "Sent", "Paid"].enumerated() {
                let event = EventRecord(
                    id: "e\(number)", type: type, data: "{}",
                    metadata: EventRecord.Metadata(
                        correlationID: number == 2 ? "c" : nil, tenant: number == 1 ? "t" : ""),
                    time: StoreBench.second(0))
                _ = try await bench.store.append(
                    [event], at: StoreBench.second(Int64(number)), notes: [:])
            }
            var filters = Array(repeating: EventFilter(), count: 6)
            filters[1].type = "Paid"
            filters[2].tenant = "t"
            filters[3].correlationID = "c"
            filters[4].since = StoreBench.second(1)
            filters[5].limit = 1
            let expected = [
                ["e2", "e1", "e0"], ["e2", "e0"], ["e1"], ["e2"], ["e2", "e1"], ["e2"],
            ]

            let found = try await filters.asyncMap { filter in
                try await bench.store.events(filter).map(\.id)
            }
            try bench.demand(found, equals: expected, "what the filters find")
        },
        Check("what a person sends is appended and recorded together") { bench in
            let event = StoreBench.event("e1")
            let sent = try await bench.store.append([event, event], at: StoreBench.second(1)) {
                .sending($0)
            }

            let recorded = try await bench.store.audit(AuditFilter()).map(\.entry)
            try bench.demand(sent.count, equals: 2, "the outcomes")
            try bench.demand(sent[1], equals: .duplicate, "the same event again")
            try bench.demand(recorded, equals: [.sending(sent)], "the record")
        },
        Check("an instance is read with its commands, and its history from a version on") {
            bench in
            try await bench.commit(
                StoreBench.turn(
                    StoreBench.instance(), from: 0, commands: [StoreBench.command("k1")]))
            try await bench.commit(StoreBench.turn(StoreBench.instance(), from: 1))

            let found = try await bench.store.snapshot(of: StoreBench.id())
            let later = try await bench.store.history(of: StoreBench.id(), after: 1)
            let none = try await bench.store.snapshot(of: StoreBench.id(tenant: "t"))

            try bench.demand(found?.version, equals: 2, "the version")
            try bench.demand(found?.instance.outstanding.map(\.id), equals: ["k1"], "the commands")
            try bench.demand(later.map(\.version), equals: [2], "the later turns")
            try bench.demand(none, equals: nil, "another tenant's instance")
        },
        Check("instances with incidents or held events are found among others") { bench in
            var paused = StoreBench.instance(StoreBench.id(.string("a")))
            paused.incidents = [
                Incident(
                    number: 1, code: .limitReached, message: "full", at: StoreBench.second(0))
            ]
            var holding = StoreBench.instance(StoreBench.id(.string("b")))
            holding.held = [
                HeldEvent(event: StoreBench.event("e1"), until: StoreBench.second(9))
            ]
            let plain = StoreBench.instance(StoreBench.id(.string("c")))
            for instance in [paused, holding, plain] {
                try await bench.commit(StoreBench.turn(instance, from: 0))
            }
            var filters = Array(repeating: InstanceFilter(), count: 2)
            filters[0].having = .incidents
            filters[1].having = .heldEvents

            let found = try await filters.asyncMap { filter in
                try await bench.store.instances(filter).map(\.instance.id.key)
            }
            try bench.demand(found, equals: [[.string("a")], [.string("b")]], "who has them")
        },
    ]
}

extension AuditEntry {
    fileprivate static var discarding: AuditEntry {
        AuditEntry(
            at: StoreBench.second(3), person: "ann", verb: "dead-letters discard", reason: "old",
            subject: "dead letter 2")
    }

    fileprivate static func sending(_ outcomes: [Appended]) -> AuditEntry {
        AuditEntry(
            at: StoreBench.second(1), person: "ann", verb: "events send", reason: "",
            subject: "\(outcomes.count { $0 == .duplicate }) known")
    }
}

extension DeadLetter {
    /// A letter that a person has made.
    fileprivate static func made(by person: String) -> DeadLetter {
        DeadLetter(
            event: StoreBench.event("gone"), instance: StoreBench.id(), reason: "discarded",
            message: person, at: StoreBench.second(1))
    }
}

extension Array {
    fileprivate func asyncMap<Result>(
        _ transform: (Element) async throws -> Result
    ) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
