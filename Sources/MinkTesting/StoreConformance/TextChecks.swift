// The promises about texts: odd ones and large ones come back byte by byte.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

extension StoreConformance {
    private static let oddTexts = [
        "", "'; drop table events; --", "\"quoted\" \\ back", "line\nbreak\r\n\ttab",
        "emoji 🧾👩‍👩‍👧‍👦", "é and e\u{301}", "nul \u{0} inside", "\u{0}", "\u{7F}\u{1}\u{1F}\u{FEFF}",
        "%s ? ?1 :name @p $p", "$decimal", "\u{2028}\u{2029}\u{FFFD}\u{10FFFF}",
    ]

    static let textChecks = [
        Check("odd texts come back byte by byte, wherever they stand") { bench in
            for (number, text) in oddTexts.enumerated() {
                let id = StoreBench.id(
                    .string(text.isEmpty ? "empty" : text), tenant: text, workflow: text)
                var instance = StoreBench.instance(id)
                instance.state = text
                instance.data = [
                    "text": .string(text), "map": .map(ValueMap.of(text, .string(text))),
                ]
                instance.signatures = [text]
                let event = EventRecord(
                    id: text + "\(number)", type: text, data: text,
                    metadata: EventRecord.Metadata(
                        correlationID: text, causationID: text, tenant: text,
                        entries: [text: text]),
                    time: StoreBench.second(0), stream: text)
                _ = try await bench.append(event)
                let seen = SeenValue(event: text, value: text)
                var decision = Decision(instance: instance)
                decision.seenValues = [seen]
                decision.facts = [.noted(text)]
                try await bench.commit {
                    $0.turns = [
                        Turn(
                            id: id, expectedVersion: 0, input: .event(event, isSeen: false),
                            decision: decision, at: StoreBench.second(1))
                    ]
                    $0.notes = [text: text]
                }

                let later = bench.store
                let stored = try await later.load([id])[id]
                let found = try await later.event(id: event.id, tenant: text)
                let known = try await later.seen([seen], by: id)
                let history = try await later.history(of: id)
                try bench.demand(stored?.instance, equals: instance, "the instance of \(text)")
                try bench.demand(
                    stored?.instance.state?.utf8.elementsEqual(text.utf8) ?? false, "state")
                try bench.demand(found?.unplaced, equals: event, "the event \(text)")
                try bench.demand(found?.data.utf8.elementsEqual(text.utf8) ?? false, "the payload")
                try bench.demand(known, equals: [seen], "the seen value \(text)")
                try bench.demand(history.map(\.facts), equals: [[.noted(text)]], "the history")
            }
            let notes = try await bench.reopened().store.claim().notes
            try bench.demand(notes.count, equals: oddTexts.count, "the number of notes")
            for text in oddTexts { try bench.demand(notes[text], equals: text, "the note \(text)") }
        },
        Check("payloads of more than a megabyte come back whole") { bench in
            let text = String(repeating: "0123456789abcde🧾", count: 60_000)
            var instance = StoreBench.instance()
            instance.data = ["text": .string(text)]
            let event = StoreBench.event("big", data: text)
            _ = try await bench.append(event)
            try await bench.commit(StoreBench.turn(instance, from: 0))
            let later = try await bench.reopened()

            let stored = try await later.load()
            let found = try await later.store.event(id: "big", tenant: "")

            try bench.demand(stored?.instance == instance, "the instance comes back")
            try bench.demand(found?.data == text, "the event comes back")
        },
        Check("every kind of value comes back in its form") { bench in
            var instance = StoreBench.instance()
            let decimals = ["0", "-0.00", "1.0", "1.00", "99999999999999999999999999999999999999"]
            let values: [Value] =
                [
                    nil, true, 1, .int(.min), .int(.max), .uint(.max), 1.0, 0.1, 1e300, -0.0, "1",
                    .double(.infinity), .bytes([0, 255]), .type("int"), [], .map(ValueMap()),
                    .duration(.nanoseconds(-1)), .timestamp(StoreBench.second(1, nanoseconds: 1)),
                    ["$decimal": "1"], ["$a": 1, "b": 2],
                ] + decimals.compactMap { ExactDecimal($0).map(Value.decimal) }
            instance.data = .map(ValueMap.of("values", .list(values)))
            try await bench.commit(StoreBench.turn(instance, from: 0))

            let stored = try await bench.reopened().load()

            guard case .list(let found)? = stored?.instance.data["values"] else {
                throw StoreConformanceFailure(description: "the values are missing")
            }
            for (found, value) in zip(found, values) {
                try bench.demand(found, equals: value, "the value")
            }
        },
    ]
}

extension ValueMap {
    fileprivate static func of(_ name: String, _ value: Value) -> ValueMap {
        var map = ValueMap()
        map[name] = value
        return map
    }
}
