// The receivers of a chaos run: a card company, a carrier, and whoever wants to know of completed
// orders. They honour the idempotency key: the sink tells what they did once and saw twice.
package import MinkEngine
import MinkExpression
package import MinkWorkflow

/// Takes the commands of the orders; now and then a first try fails before it does anything.
package struct ChaosReceiver: CommandReceiver {
    private let sink: ChaosSink
    private let seed: UInt64

    package init(sink: ChaosSink, seed: UInt64) {
        self.sink = sink
        self.seed = seed
    }

    package func takes(_ command: CommandRecord) -> Bool { true }

    package func receive(_ command: CommandRecord, attempt: Int) async -> Receipt {
        var draw = Draw(seed: seed ^ Self.hash(command.id) &+ UInt64(max(0, attempt)))
        sink.append(SinkLine(command, isEffect: false))
        if attempt == 1, draw.chance(10) { return .failed("busy, ask again") }
        sink.append(SinkLine(command, isEffect: true))
        try? await Task.sleep(for: .microseconds(draw.below(5_000)))
        switch command.name {
        case "ChargeCard":
            return .answer(
                "CardCharged",
                [
                    "orderId": command["orderId"], "chargeId": .string(command.id),
                    "amount": command["amount"],
                ])
        case "ShipOrder": return ship(command)
        default: return .accepted(answers: [], result: .null)
        }
    }

    private func ship(_ command: CommandRecord) -> Receipt {
        switch command["ships"] {
        case .string("no"):
            .answer(
                "ShipmentFailed", ["orderId": command["orderId"], "reason": "the road is closed"])
        case .string("never"): .rejected("no carrier goes there")
        default: .answer("OrderShipped", ["orderId": command["orderId"]])
        }
    }

    /// A number that follows from a text (FNV-1a).
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}

extension CommandRecord {
    fileprivate subscript(name: String) -> Value {
        guard case .map(let members) = arguments else { return .null }
        return members[.string(name)] ?? .null
    }
}

extension Receipt {
    fileprivate static func answer(_ type: String, _ fields: Value) -> Receipt {
        .accepted(answers: [AnswerEvent(type: type, data: fields.json)], result: .null)
    }
}
