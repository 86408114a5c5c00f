// The stored form of what every turn writes: by hand and by coding it is the same.
import MinkDefinition
import MinkExpression
import MinkStore
import Testing

@testable import MinkEngine

private let now = Timestamp(seconds: 1_800_000_000, nanoseconds: 120_000_000)

@Suite("The stored form")
struct StoredFormTests {
    private let event = EventRecord(
        id: "e1", type: "Paid", data: "{\"amount\":1.50}",
        metadata: .init(
            correlationID: "c", causationID: nil, tenant: "acme", entries: ["b": "2", "$a": "\n"]),
        time: now ?? .latest, position: 7)

    private func command(_ destination: Delivery.Destination) -> CommandRecord {
        CommandRecord(
            id: "k1", number: 12, instance: .init(tenant: "", workflow: "Order", key: .int(7)),
            name: "Ship", arguments: ["total": .decimal(.zero), "list": [nil, true, -5, 0.5]],
            role: .compensation, visit: 3,
            delivery: Delivery(destination: destination, retry: .init(RetryPolicy())), due: now,
            isKept: true, metadata: event.metadata, personalArguments: ["b", "a"])
    }

    private func fullInstance() -> Instance {
        let identity = Definition.Identity(workflow: "Order", version: 3, fingerprint: "f")
        var instance = Instance(
            id: .init(tenant: "t", workflow: "Order", key: .string("é\"")),
            definition: DefinitionReference(identity), from: event)
        instance.status = .compensating
        instance.state = "Waiting"
        instance.visited = ["A", "B\\"]
        instance.data = [
            "when": now.map(Value.timestamp) ?? nil, "one": ["$only": 1], "empty": [:],
            "span": .duration(.milliseconds(-5)), "half": .duration(.milliseconds(500)),
        ]
        let frame = Frame(
            number: 1, command: "Refund", arguments: ["a": 1],
            pending: [
                PendingValue(
                    path: [.name("reason"), .index(0)], expression: "failure.reason",
                    captured: [:])
            ], delivery: command(.events).delivery,
            confirmation: FrameConfirmation(
                event: "Refunded", within: .seconds(5), failedBy: nil, when: "true"),
            signature: "s")
        instance.ledger = [frame]
        instance.signatures = ["z", "y", "x"]
        instance.failure = FailureRecord(reason: nil, state: "Waiting", event: "Paid")
        instance.compensation = CompensationProgress(
            endIn: "Failed",
            current: RunningFrame(
                frame: frame, arguments: ["a": nil], commandNumber: 2, commandID: "k2",
                stuck: .exhausted("gone")))
        instance.joins = [
            JoinProgress(
                state: "S", visit: 1, items: [.init(key: "1", value: .some(.null), status: .done)],
                need: 1)
        ]
        instance.held = [HeldEvent(event: event, until: event.time)]
        instance.timers = [Timer(number: 1, kind: .heldExpiry, due: event.time, visit: -1)]
        instance.incidents = [
            Incident(number: 1, code: .limitReached, message: "m", at: event.time, command: "k1")
        ]
        instance.pause = Pause(
            incident: 1, unjudged: .event(event, isSeen: true), kept: [.timer(number: 1)])
        instance.startedAt = event.time
        instance.endedAt = event.time
        return instance
    }

    @Test func `of an instance reads back the same, and is that of its coding`() throws {
        let identity = Definition.Identity(workflow: "Order", version: 1, fingerprint: "f")
        let small = Instance(
            id: .init(tenant: "", workflow: "W", key: .int(.min)),
            definition: DefinitionReference(identity), from: event)

        for instance in [fullInstance(), small] {
            let form = try instance.storedForm

            #expect(try StoredEncoder.encode(instance) == form)
            #expect(try ValueEncoder.encode(instance).storedJSON == form)
            let back = try ValueDecoder.decode(Instance.self, from: Value(storedJSON: form))
            #expect(back == instance)
            #expect(try back.storedForm == form)
        }
    }

    /// A member that is added to an instance has to be added to the hand-written form too.
    @Test func `knows every member of an instance`() throws {
        let members = Mirror(reflecting: fullInstance()).children.compactMap(\.label)
        guard case .map(let written) = try Value(storedJSON: fullInstance().storedForm) else {
            return
        }

        let names = written.entries.map(\.key)
        #expect(names == members.filter { $0 != "outstanding" }.map(ValueKey.string))
    }

    @Test(arguments: [.handler, .events, .named("kafka")] as [Delivery.Destination])
    func `of a command is that of its coding`(destination: Delivery.Destination) throws {
        let command = command(destination)

        let form = try command.storedForm

        #expect(try ValueEncoder.encode(command).storedJSON == form)
        let back = try ValueDecoder.decode(CommandRecord.self, from: Value(storedJSON: form))
        #expect(back == command)
    }

    @Test func `of a turn is that of its coding`() throws {
        let command = command(.handler)
        let facts: [Fact] = [
            .event(id: "e", type: "T", judged: .early, why: "w"),
            .event(id: "e", type: "T", judged: .late, why: nil),
            .transition(from: nil, to: "A", cause: .event("Paid")),
            .transition(from: "A", to: "B", cause: .join), .emitted(command),
            .withdrawn(command, attempts: 2), .cancelled(command), .noted("\u{0}"),
            .deadLetter(id: "e", type: "T", reason: "r", message: "m", event: event),
        ]
        let inputs: [Input?] = [
            nil, .event(event, isSeen: false), .timer(number: 3),
            .outcome(.init(of: command, result: .accepted(.null))),
            .outcome(
                .init(
                    of: command,
                    result: .exhausted(.init(code: .timeout, message: "m", attempts: 5)))),
            .action(OperatorAction(verb: .skip, reason: "r", arguments: .some(.null))),
        ]

        for input in inputs {
            let turn = TurnRecord(input: input, facts: facts)
            let form = try turn.storedForm

            #expect(try ValueEncoder.encode(turn).storedJSON == form)
            let back = try ValueDecoder.decode(TurnRecord.self, from: Value(storedJSON: form))
            #expect(back.input == input && back.facts == facts)
        }
    }
}
