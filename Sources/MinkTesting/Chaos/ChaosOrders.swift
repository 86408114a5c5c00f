// What the client of a chaos run sends: the events of orders, some of them early, doubled,
// cancelled, in an order that the seed decides.
package import MinkEngine
package import MinkExpression

/// Draws events of orders.
package struct ChaosOrders: Sendable {
    /// An event that the client sends, and how often.
    package struct Sending: Sendable, Hashable {
        package let event: EventRecord
        package let times: Int
    }

    private var draw: Draw
    private var number = 0
    /// Marks the orders of this run.
    private let run: String

    package init(seed: UInt64) {
        draw = Draw(seed: seed)
        run = String(seed, radix: 16)
    }

    /// The events of the next so many orders, shuffled among each other.
    package mutating func window(of count: Int, at now: Timestamp) -> [Sending] {
        var window: [Sending] = []
        for _ in 0..<count { window += order(at: now) }
        // What is drawn decides the order, not what the order was (Fisher and Yates).
        for index in window.indices.dropFirst().reversed() {
            window.swapAt(index, draw.below(index + 1))
        }
        return window
    }

    private mutating func order(at now: Timestamp) -> [Sending] {
        number += 1
        let key = "o\(run)-\(number)"
        let (first, second) = (draw.below(10_000) + 1, draw.below(10_000) + 1)
        let ships = ["yes", "yes", "yes", "yes", "no", "never"][draw.below(6)]
        var sendings = [
            sending(
                "OrderPlaced", key,
                #""first": \#(Self.money(first)), "second": \#(Self.money(second)), "#
                    + #""ships": "\#(ships)""#, now),
            sending("OrderPacked", key, nil, now),
        ]
        if draw.chance(15) { sendings.append(sending("OrderCancelled", key, nil, now)) }
        return sendings
    }

    private mutating func sending(
        _ type: String, _ key: String, _ fields: String?, _ now: Timestamp
    ) -> Sending {
        let more = fields.map { ", \($0)" } ?? ""
        let event = EventRecord(
            id: "\(type)-\(key)", type: type, data: #"{"orderId": "\#(key)"\#(more)}"#,
            time: now, stream: "orders")
        return Sending(event: event, times: draw.chance(20) ? 2 + draw.below(3) : 1)
    }

    private static func money(_ cents: Int) -> String {
        let rest = cents % 100
        return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
