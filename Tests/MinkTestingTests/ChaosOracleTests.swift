// The oracle of a chaos run finds each kind of loss in logs that were made up for it.
import MinkDefinition
import MinkExpression
import Testing

@testable import MinkEngine
@testable import MinkTesting

@Suite("The oracle of a chaos run")
struct ChaosOracleTests {
    private static let charges = ["c1", "c2"]

    private static func command(
        _ id: String, _ number: Int, _ name: String, cents: Int
    ) -> CommandRecord {
        CommandRecord(
            id: id, number: number,
            instance: InstanceID(tenant: "", workflow: "ChaosOrder", key: .string("o1")),
            name: name,
            arguments: [
                "orderId": "o1",
                "amount": .decimal(ExactDecimal("\(cents / 100).\(cents % 100)") ?? .zero),
            ],
            role: .step, visit: 1,
            delivery: Delivery(destination: .handler, retry: .init(RetryPolicy())), due: nil,
            isKept: false, metadata: EventRecord.Metadata(), personalArguments: [])
    }

    /// An order that was charged in two parts.
    private static let commands = [
        command("c1", 1, "ChargeCard", cents: 150), command("c2", 2, "ChargeCard", cents: 250),
    ]

    private static func order(_ status: Instance.Status) -> ChaosEvidence.Order {
        let amounts = commands.map(\.arguments).compactMap { arguments -> Value? in
            guard case .map(let members) = arguments else { return nil }
            return members[.string("amount")]
        }
        var order = ChaosEvidence.Order(
            status: status, data: ["first": amounts[0], "second": amounts[1]])
        for command in commands { order.emitted[command.id] = command }
        return order
    }

    private static var sink: [SinkLine] {
        commands.flatMap { command in
            [false, true].map { SinkLine(command, isEffect: $0) }
        }
    }

    /// The rules that are broken.
    private func broken(
        _ sink: [SinkLine], status: Instance.Status = .completed, events: Set<String> = ["e1"],
        _ change: (inout ChaosEvidence.Order) -> Void = { _ in }
    ) throws -> [String] {
        var order = Self.order(status)
        change(&order)
        let event = EventRecord(
            id: "e1", type: "OrderPlaced", data: "{}", time: try #require(Timestamp(seconds: 0)))
        let oracle = ChaosOracle(
            acknowledged: ["e1": event], sink: sink,
            evidence: ChaosEvidence(orders: ["o1": order], events: events))
        return oracle.violations().map { String($0.prefix { $0 != ":" }) }
    }

    @Test func `is silent where nothing is lost, also when commands come again`() throws {
        #expect(try broken(Self.sink) == [])
        #expect(try broken(Self.sink + Self.sink.reversed()) == [])
    }

    @Test func `finds an event that was acknowledged and is gone`() throws {
        #expect(try broken(Self.sink, events: []) == ["I1"])
    }

    @Test func `finds a command that no turn has sent`() throws {
        let ghost = Self.command("ghost", 3, "CompleteOrder", cents: 1)

        #expect(try broken(Self.sink + [SinkLine(ghost, isEffect: true)]) == ["I5"])
    }

    @Test func `finds a command that no receiver has seen`() throws {
        let more = Self.command("c3", 3, "CompleteOrder", cents: 0)

        #expect(try broken(Self.sink) { $0.emitted["c3"] = more } == ["I5"])
        #expect(
            try broken(Self.sink) {
                $0.emitted["c3"] = more
                $0.outstanding = ["c3"]
            } == [])
        #expect(
            try broken(Self.sink) {
                $0.emitted["c3"] = more
                $0.takenBack = ["c3"]
            } == [])
    }

    @Test func `finds commands that come out of order`() throws {
        #expect(try broken(Self.sink.reversed()) == ["I6"])
    }

    @Test func `finds another content under one key`() throws {
        let other = Self.command("c1", 1, "ChargeCard", cents: 151)

        #expect(try broken(Self.sink + [SinkLine(other, isEffect: false)]) == ["I7"])
    }

    @Test func `finds money that is kept and not due, and money that is due and gone`() throws {
        #expect(try broken(Self.sink, status: .compensated) == ["I12"])
        let refund = Self.command("r1", 3, "RefundCharge", cents: 150)
        #expect(
            try broken(Self.sink + [SinkLine(refund, isEffect: true)]) {
                $0.emitted["r1"] = refund
            } == ["I12"])
    }

    @Test func `reads back the lines of the sink, and no half one`() {
        let line = SinkLine(Self.commands[0], isEffect: true)

        #expect(SinkLine(line.text[...]) == line)
        #expect(SinkLine(line.text.prefix(20)) == nil)
    }

    @Test func `is asked of the same orders for the same seed`() throws {
        let now = try #require(Timestamp(seconds: 0))
        var (one, same, other) = (
            ChaosOrders(seed: 1), ChaosOrders(seed: 1), ChaosOrders(seed: 2)
        )

        let window = one.window(of: 50, at: now)
        #expect(window == same.window(of: 50, at: now))
        #expect(window != other.window(of: 50, at: now))
        #expect(window.contains { $0.times > 1 })
        #expect(window.contains { $0.event.type == "OrderCancelled" })
    }
}
