import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import Testing

@testable import MinkWorkflow

@Suite("Commands that wait to be handed out")
struct DispatcherTests {
    private static func command(
        _ id: String, _ name: String = "Charge", of key: String = "o1", attempts: Int = 0
    ) -> PendingCommand {
        let instance = InstanceID(tenant: "", workflow: "Order", key: .string(key))
        return PendingCommand(
            sequence: 0,
            command: CommandRecord(
                id: id, number: 1, instance: instance, name: name, arguments: .null, role: .step,
                visit: 1, delivery: Delivery(destination: .handler, retry: .init(RetryPolicy())),
                due: nil,
                isKept: false, metadata: EventRecord.Metadata(), personalArguments: []),
            attempts: attempts, due: nil, isLastAttempt: false, lastError: nil)
    }

    private func dispatcher(_ commands: PendingCommand..., limit: Int = 9) -> Dispatcher {
        var dispatcher = Dispatcher(limit: limit)
        for command in commands { dispatcher.add(command) }
        return dispatcher
    }

    @Test func `go one after the other for one saga and receiver, side by side for others`() {
        var dispatcher = dispatcher(
            Self.command("a"), Self.command("b"), Self.command("c", of: "o2"),
            Self.command("d", "Ship"))

        #expect(dispatcher.takeAll() == ["a", "c", "d"])
        dispatcher.finish(Self.command("a"), isPostponed: false)
        #expect(dispatcher.takeAll() == ["b"])
    }

    @Test func `wait behind one that failed until it is tried again`() {
        var dispatcher = dispatcher(Self.command("a"), Self.command("b"))
        _ = dispatcher.takeAll()
        dispatcher.finish(Self.command("a"), isPostponed: true)

        #expect(dispatcher.takeAll() == [])
        dispatcher.add(Self.command("a", attempts: 1))
        #expect(dispatcher.takeAll() == ["a"])
        dispatcher.finish(Self.command("a", attempts: 1), isPostponed: false)
        #expect(dispatcher.takeAll() == ["b"])
    }

    @Test func `go on when the one that failed is taken back`() {
        var dispatcher = dispatcher(Self.command("a"), Self.command("b"))
        _ = dispatcher.takeAll()
        dispatcher.finish(Self.command("a"), isPostponed: true)

        dispatcher.remove(["a"])

        #expect(dispatcher.takeAll() == ["b"])
    }

    @Test func `are never more at once than the limit allows`() {
        var dispatcher = dispatcher(
            Self.command("a", of: "o1"), Self.command("b", of: "o2"), Self.command("c", of: "o3"),
            limit: 2)

        #expect(dispatcher.takeAll() == ["a", "b"])
        dispatcher.finish(Self.command("b", of: "o2"), isPostponed: false)
        #expect(dispatcher.takeAll() == ["c"])
    }

    @Test func `are taken once, however often they are offered`() {
        var dispatcher = dispatcher(Self.command("a"), Self.command("a"))

        #expect(dispatcher.takeAll() == ["a"])
        dispatcher.add(Self.command("a"))
        #expect(dispatcher.takeAll() == [])
    }
}

extension Dispatcher {
    fileprivate mutating func takeAll() -> [String] {
        var ids: [String] = []
        while let next = next() { ids.append(next.command.id) }
        return ids
    }
}
