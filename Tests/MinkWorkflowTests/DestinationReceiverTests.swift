// Commands on their way to destinations: batches, order per key, and what is told of each.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import Synchronization
import Testing

@testable import MinkWorkflow

@Suite("A queue of messages to one destination")
struct BatchQueueTests {
    private func queue(_ keys: String..., limit: Int = 3, batches: Int = 9) -> BatchQueue<Int> {
        var queue = BatchQueue<Int>(batchLimit: limit, concurrencyLimit: batches)
        for (number, key) in keys.enumerated() { queue.add(number, key: key) }
        return queue
    }

    @Test func `hands out each key once, in the order in which messages came`() {
        var queue = queue("a", "a", "b", "a", "c", "d")

        #expect(queue.next()?.map(\.item) == [0, 2, 4])
        #expect(queue.next()?.map(\.item) == [5])
        #expect(queue.next() == nil)
    }

    @Test func `hands out the next message of a key once the one before has its outcome`() {
        var queue = queue("a", "a", "b")
        let first = queue.next() ?? []
        queue.add(9, key: "c")

        #expect(queue.next()?.map(\.item) == [9])
        #expect(!queue.isReady)
        queue.finish(first)
        #expect(queue.isReady)
        #expect(queue.next()?.map(\.item) == [1])
    }

    @Test func `hands out no more batches at once than it may`() {
        var queue = queue("a", "b", "c", limit: 1, batches: 2)
        let first = queue.next() ?? []

        #expect(queue.next()?.map(\.item) == [1])
        #expect(queue.next() == nil)
        queue.finish(first)
        #expect(queue.next()?.map(\.item) == [2])
    }
}

@Suite("A receiver of commands for destinations", .timeLimit(.minutes(15)))
struct DestinationReceiverTests {
    /// Remembers its batches, and answers what it is told to.
    private final class Recorder: Publisher {
        struct State {
            var batches: [[OutboxMessage]] = []
            var keysUnderWay: Set<String> = []
            var overlaps = 0
        }
        let state = Mutex(State())
        let delay: Duration
        let answer: @Sendable (OutboxMessage) -> PublishOutcome

        init(
            delay: Duration = .zero,
            _ answer: @escaping @Sendable (OutboxMessage) -> PublishOutcome = { _ in .accepted() }
        ) {
            self.delay = delay
            self.answer = answer
        }

        var messages: [OutboxMessage] { state.withLock { $0.batches.flatMap(\.self) } }

        func publish(
            _ messages: [OutboxMessage], within limit: Duration
        ) async -> [PublishOutcome] {
            let keys = Set(messages.map(\.key))
            state.withLock { state in
                state.batches.append(messages)
                if keys.count < messages.count || !keys.isDisjoint(with: state.keysUnderWay) {
                    state.overlaps += 1
                }
                state.keysUnderWay.formUnion(keys)
            }
            if delay > .zero { try? await Task.sleep(for: delay) }
            state.withLock { $0.keysUnderWay.subtract(keys) }
            return messages.map(answer)
        }
    }

    private static func command(
        _ id: String, of key: String = "o1", to name: String = "warehouse", tenant: String = ""
    ) -> CommandRecord {
        CommandRecord(
            id: id, number: 1,
            instance: InstanceID(tenant: tenant, workflow: "Order", key: .string(key)),
            name: "ReserveInventory", arguments: ["orderId": .string(key)], role: .step, visit: 1,
            delivery: Delivery(destination: .named(name), retry: .init(RetryPolicy())), due: nil,
            isKept: false,
            metadata: EventRecord.Metadata(
                correlationID: "c1", causationID: "e1", tenant: tenant,
                entries: ["traceparent": "00-1-2-01", "other": "x"]), personalArguments: [])
    }

    @Test func `sends a command with all that ties it to the rest`() async {
        let recorder = Recorder()
        let receiver = DestinationReceiver(["warehouse": recorder])

        let receipt = await receiver.receive(Self.command("id-1", tenant: "shop"), attempt: 1)

        #expect(receipt == .accepted(answers: [], result: .null))
        #expect(
            recorder.messages == [
                OutboxMessage(
                    id: "id-1", destination: "warehouse", key: "o1", type: "ReserveInventory",
                    body: Array(
                        "{\"type\":\"ReserveInventory\",\"data\":{\"orderId\":\"o1\"}}".utf8),
                    headers: [
                        "mink-id": "id-1", "mink-type": "ReserveInventory",
                        "mink-correlation": "c1", "mink-causation": "e1", "mink-tenant": "shop",
                        "mink-workflow": "Order", "mink-key": "o1", "traceparent": "00-1-2-01",
                    ])
            ])
    }

    @Test func `takes only what goes to its destinations, and leaves the rest to others`() {
        let receiver = DestinationReceiver(["warehouse": Recorder()])

        #expect(receiver.takes(Self.command("a")))
        #expect(!receiver.takes(Self.command("a", to: "mail")))
        #expect(
            DestinationReceiver([:], others: receiver).takes(Self.command("a")))
    }

    @Test(
        arguments: [
            (
                .accepted(events: [PublishedAnswer(type: "Done", data: "{}")], result: 7),
                .accepted(answers: [AnswerEvent(type: "Done", data: "{}")], result: 7)
            ),
            (.failed("no"), .failed("no")),
            (.failed("later", retryAfter: .seconds(9)), .failed("later", retryAfter: .seconds(9))),
            (.rejected("never"), .rejected("never")), (.timedOut, .timedOut),
        ] as [(PublishOutcome, Receipt)])
    func `tells the engine what came of it`(outcome: PublishOutcome, receipt: Receipt) async {
        let receiver = DestinationReceiver(["warehouse": Recorder { _ in outcome }])

        #expect(await receiver.receive(Self.command("a"), attempt: 1) == receipt)
    }

    @Test func `sends each of many commands once, in batches, and no key twice at a time`() async {
        let recorder = Recorder(delay: .milliseconds(1)) { message in
            message.id.hasSuffix("7") ? .failed("not \(message.id)") : .accepted()
        }
        let receiver = DestinationReceiver(["warehouse": recorder])

        let receipts = await withTaskGroup(of: (String, Receipt).self) { group in
            for number in 0..<500 {
                let command = Self.command("id-\(number)", of: "key-\(number % 60)")
                group.addTask { (command.id, await receiver.receive(command, attempt: 1)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }

        #expect(Set(recorder.messages.map(\.id)).count == 500)
        #expect(recorder.messages.count == 500)
        #expect(recorder.state.withLock { $0.overlaps } == 0)
        #expect(recorder.state.withLock { $0.batches.count } < 500)
        #expect(
            receipts.allSatisfy { id, receipt in
                receipt
                    == (id.hasSuffix("7")
                        ? .failed("not \(id)") : .accepted(answers: [], result: .null))
            })
    }

    @Test func `lets a destination that hangs hold up nobody else`() async {
        let receiver = DestinationReceiver([
            "warehouse": Recorder(delay: .seconds(600)), "mail": Recorder(),
        ])
        let start = ContinuousClock.now

        await withTaskGroup(of: Receipt.self) { group in
            for number in 0..<100 {
                group.addTask {
                    await receiver.receive(Self.command("w\(number)", of: "k\(number)"), attempt: 1)
                }
            }
            let quick = await receiver.receive(Self.command("m", to: "mail"), attempt: 1)
            #expect(quick == .accepted(answers: [], result: .null))
            group.cancelAll()
        }

        #expect(start.duration(to: .now) < .seconds(300))
    }
}

@Suite("Commands for several destinations")
struct DispatcherPoolTests {
    @Test func `count against the limit of their own destination alone`() {
        var dispatcher = Dispatcher(limit: 2)
        for number in 0..<3 {
            for name in ["slow", "quick"] {
                dispatcher.add(Self.command("\(name)-\(number)", to: name))
            }
        }

        var first: Set<String> = []
        while let next = dispatcher.next() { first.insert(next.command.id) }
        dispatcher.finish(Self.command("quick-0", to: "quick"), isPostponed: false)

        #expect(first == ["slow-0", "slow-1", "quick-0", "quick-1"])
        #expect(dispatcher.next()?.command.id == "quick-2")
        #expect(dispatcher.next() == nil)
    }

    private static func command(_ id: String, to name: String) -> PendingCommand {
        let instance = InstanceID(tenant: "", workflow: "Order", key: .string(id))
        return PendingCommand(
            sequence: 0,
            command: CommandRecord(
                id: id, number: 1, instance: instance, name: "Send", arguments: .null, role: .step,
                visit: 1,
                delivery: Delivery(destination: .named(name), retry: .init(RetryPolicy())),
                due: nil, isKept: false, metadata: EventRecord.Metadata(), personalArguments: []),
            attempts: 0, due: nil, isLastAttempt: false, lastError: nil)
    }
}
