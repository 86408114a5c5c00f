import MinkDefinition
import MinkEngine
import MinkExpression
import MinkTesting
import Testing

@Suite("A varied run")
struct ShuffleRunTests {
    private func orders() throws -> (Definition, [Scenario]) {
        let (definition, file) = try TestProject.read("order-fulfillment")
        return (definition, file.scenarios)
    }

    @Test func `depends on the seed and its number alone`() throws {
        let (definition, scenarios) = try orders()
        func steps(_ seed: UInt64) -> [[ShuffleStep]] {
            let shuffle = Shuffle(of: definition, scenarios: scenarios, seed: seed)
            return (0..<60).map { shuffle.steps(ofRun: $0) }
        }

        #expect(steps(4) == steps(4))
        #expect(steps(4) != steps(5))
    }

    @Test func `repeats, reverses, delays and refuses`() throws {
        let (definition, scenarios) = try orders()
        let shuffle = Shuffle(of: definition, scenarios: scenarios, seed: 1)
        let runs = (0..<300).map { shuffle.steps(ofRun: $0) }
        let steps = runs.joined()

        #expect(
            steps.contains { if case .event(_, _, let times) = $0 { times > 1 } else { false } })
        #expect(
            steps.contains {
                if case .script(let script) = $0 { script.times == nil } else { false }
            })
        #expect(
            runs.contains { run in
                let names = run.compactMap { step -> String? in
                    if case .event(let type, _, _) = step { type } else { nil }
                }
                guard let paid = names.firstIndex(of: "PaymentReceived"),
                    let created = names.firstIndex(of: "OrderCreated")
                else { return false }
                return paid < created
            })
    }

    @Test func `gets payloads that fit their types`() throws {
        let (definition, _) = try orders()
        let writer = PayloadWriter(for: definition, key: "o7")
        var draw = Draw(seed: 1)

        for event in definition.events.values.sorted(by: { $0.name < $1.name }) {
            for _ in 0..<20 {
                let payload = writer.payload(of: event.name, &draw)
                let record = EventRecord(
                    id: "e", type: event.name, data: payload.json, time: .earliest)
                guard case .instance(let id, _, _) = route(record, by: definition) else {
                    Issue.record("\(payload.json) is no \(event.name)")
                    continue
                }
                #expect(id.key == .string("o7"))
            }
        }
    }
}

/// The rules of a run that is over, each with a history that breaks it.
@Suite("A run that is over")
struct RunRuleTests {
    private func sent(_ name: String, _ role: CommandRecord.Role, _ id: InstanceID) -> Fact {
        .emitted(
            CommandRecord(
                id: "c-\(name)", number: 1, instance: id, name: name, arguments: [:], role: role,
                visit: 1,
                delivery: Delivery(destination: .handler, retry: Delivery.Retry(RetryPolicy())),
                due: nil, isKept: false, metadata: EventRecord.Metadata(),
                personalArguments: []))
    }

    private func given(_ facts: (InstanceID) -> [Fact]) throws -> Breach? {
        let (definition, _) = try TestProject.read("order-fulfillment")
        let id = InstanceID(tenant: "", workflow: "OrderFulfillment", key: .string("o1"))
        let event = EventRecord(id: "e1", type: "OrderCreated", data: "{}", time: .earliest)
        var instance = Instance(
            id: id, definition: DefinitionReference(definition.identity), from: event)
        instance.status = .compensated
        instance.state = "OrderFailed"
        return RunRules(of: definition).breach(by: instance, facts(id), accepted: [])
    }

    private let paid = Fact.event(
        id: "e2", type: "PaymentReceived", judged: .handled, why: nil)

    @Test func `has undone what was done`() throws {
        let breach = try given { [sent("RequestPayment", .step, $0), paid] }

        #expect(breach?.kind == .undone)
        #expect(breach?.message.contains("RefundPayment was not sent") == true)
        #expect(
            try given {
                [
                    sent("RequestPayment", .step, $0), paid,
                    sent("RefundPayment", .compensation, $0),
                ]
            } == nil)
        #expect(try given { [sent("RequestPayment", .step, $0)] } == nil)
    }

    @Test func `has no expression that failed`() throws {
        let breach = try given { _ in
            [.incident(code: .expressionError, message: "no such key", number: 1)]
        }

        #expect(breach?.kind == .expression)
    }
}
