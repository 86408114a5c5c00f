// The promises about definitions: texts, which of them new instances take, and what did not load.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

extension StoreConformance {
    static let definitionChecks = [
        Check("a definition is kept once, and another text under its version is refused") { bench in
            let kept = StoredDefinition.sample(version: 10, fingerprint: "f10")
            let older = StoredDefinition.sample(version: 9, fingerprint: "f9")
            for definition in [kept, older, kept] {
                try await bench.store.save(definition, at: StoreBench.second(1))
            }
            try await bench.demand(.conflict, "another text") {
                try await bench.store.save(
                    .sample(version: 9, fingerprint: "other"), at: StoreBench.second(2))
            }

            let all = try await bench.reopened().store.definitions()

            try bench.demand(all, equals: [older, kept], "the definitions")
        },
        Check("new instances take the highest version, unless another one was chosen") { bench in
            for version in [1, 3, 2] {
                try await bench.store.save(
                    .sample(version: version, fingerprint: "f\(version)"),
                    at: StoreBench.second(Int64(version)))
            }
            let store = bench.store

            let highest = try await store.shelf().active("Order")?.identity.version
            try await store.choose(1, of: "Order", recording: .sample)
            try await store.choose(2, of: "Order", recording: .sample)
            let later = try await bench.reopened().store
            let chosen = try await later.shelf()
            try await later.choose(nil, of: "Order", recording: .sample)
            let again = try await later.shelf().active("Order")
            try await bench.demand(.conflict, "a version that is not kept") {
                try await later.choose(9, of: "Order", recording: .sample)
            }

            try bench.demand(highest, equals: 3, "the highest")
            try bench.demand(chosen.active("Order")?.identity.version, equals: 2, "the chosen one")
            try bench.demand(
                chosen.versions.map(\.isChosen), equals: [false, true, false], "marks")
            try bench.demand(again?.identity.version, equals: 3, "the highest again")
            try bench.demand(again?.savedAt, equals: StoreBench.second(3), "when it was kept")
            let audit = try await later.audit(AuditFilter())
            try bench.demand(audit.count, equals: 3, "the records of those that were carried out")
        },
        Check("a version goes out of use once no instance needs it, and its text stays") { bench in
            for version in [2, 3, 4] {
                try await bench.store.save(
                    .sample(version: version, fingerprint: "f\(version)"), at: StoreBench.second(1))
            }
            var ended = StoreBench.instance(StoreBench.id(.int(2)), status: .completed)
            ended.endedAt = StoreBench.second(2)
            for instance in [
                StoreBench.instance(), ended,
                StoreBench.instance(StoreBench.id(.int(3)), status: nil),
            ] {
                try await bench.commit(StoreBench.turn(instance, from: 0))
            }
            let store = bench.store

            let uses = try await store.definitionUses()
            for version in [3, 4, 9] {
                try await bench.demand(.conflict, "version \(version)") {
                    try await store.retire(version, of: "Order", recording: .sample)
                }
            }
            try await store.retire(2, of: "Order", recording: .sample)
            let shelf = try await store.shelf()
            let text = try await store.definition(of: "Order", version: 2)

            try bench.demand(
                uses,
                equals: [DefinitionUse(workflow: "Order", version: 3, running: 1, ended: 1)], "uses"
            )
            try bench.demand(
                shelf.versions.map(\.isRetired), equals: [true, false, false], "marks")
            try bench.demand(text?.identity.fingerprint, equals: "f2", "the text")
            try await store.choose(2, of: "Order", recording: .sample)
            let back = try await store.shelf().active("Order")
            try bench.demand(back?.identity.version, equals: 2, "a version that came back")
        },
        Check("the shelf has another number after each change, and the same after none") { bench in
            let store = bench.store
            let sample = StoredDefinition.sample(version: 1, fingerprint: "f1")
            var numbers = [try await store.shelfNumber()]
            try await store.save(sample, at: StoreBench.second(1))
            numbers.append(try await store.shelfNumber())
            try await store.save(sample, at: StoreBench.second(1))
            numbers.append(try await store.shelfNumber())
            try await store.choose(1, of: "Order", recording: .sample)
            numbers.append(try await store.shelfNumber())
            try await store.save(.sample(version: 2, fingerprint: "f2"), at: StoreBench.second(1))
            numbers.append(try await store.shelfNumber())
            try await store.retire(2, of: "Order", recording: .sample)
            numbers.append(try await store.shelfNumber())

            try bench.demand(Set(numbers).count, equals: 5, "the different numbers of \(numbers)")
            try bench.demand(numbers[1], equals: numbers[2], "the number after no change")
            try await store.publish(
                .sample(version: 3, fingerprint: "f3"), recording: .sample)
            try await bench.demand(.conflict, "another text") {
                try await store.publish(
                    .sample(version: 3, fingerprint: "f4"), recording: .sample)
            }
            numbers.append(try await store.shelfNumber())
            let records = try await store.audit(AuditFilter())
            try bench.demand(records.map(\.entry).count, equals: 3, "the records")
            try bench.demand(
                try await store.shelf().number, equals: numbers[6], "the number of the shelf")
        },
        Check("what did not load is kept for each folder until it loads") { bench in
            let failure = LoadFailure(
                file: "a.workflow.json", line: 3, column: 7, code: "MW2001", message: "no ✓",
                at: StoreBench.second(1, nanoseconds: 5))
            let other = LoadFailure(file: "b", message: "gone", at: StoreBench.second(2))
            let store = bench.store

            try await store.keepLoadFailures([other, failure], of: "/a")
            try await store.keepLoadFailures([other], of: "/b")
            let all = try await bench.reopened().store
            let kept = try await all.loadFailures()
            try await all.keepLoadFailures([], of: "/a")
            let left = try await all.loadFailures()

            try bench.demand(kept, equals: [other, failure, other], "what is kept")
            try bench.demand(left, equals: [other], "what is left")
        },
        Check("running instances and their open incidents are counted, part by part") { bench in
            var paused = StoreBench.instance(StoreBench.id(.int(1)))
            paused.incidents = [1, 2].map { number in
                Incident(
                    number: number, code: .expressionError, message: "m", at: StoreBench.second(1),
                    command: nil)
            }
            // Data that looks like an incident is none.
            var odd = StoreBench.instance(StoreBench.id(.int(2)))
            odd.data = ["incidents": [["a": 1]]]
            var ended = StoreBench.instance(StoreBench.id(.int(3)), status: .completed)
            ended.endedAt = StoreBench.second(2)
            for instance in [
                paused, odd, ended, StoreBench.instance(StoreBench.id(.int(4)), status: nil),
            ] {
                try await bench.commit(StoreBench.turn(instance, from: 0))
            }
            _ = try await bench.append(StoreBench.event("e1"))

            var (place, running, incidents): (Int64?, Int, Int) = (0, 0, 0)
            while let from = place {
                let part = try await bench.store.countRunning(after: from, limit: 1)
                running += part.running
                incidents += part.incidents
                place = part.last
            }

            try bench.demand(running, equals: 2, "running")
            try bench.demand(incidents, equals: 2, "incidents")
            let newest = try await bench.store.newestPosition()
            let last = try await bench.store.read(after: 0, limit: 9).last?.position
            try bench.demand(newest, equals: last ?? -1, "the newest position")
        },
    ]
}

extension AuditEntry {
    fileprivate static let sample = AuditEntry(
        at: StoreBench.second(4), person: "ann", verb: "definitions activate", reason: "why",
        workflow: "Order", subject: "Order version 1")
}
