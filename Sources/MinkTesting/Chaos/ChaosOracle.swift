// Compares three logs that know nothing of each other: what the client had acknowledged, what the
// receivers saw, and what the database says.
import MinkDefinition
import MinkEngine
import MinkExpression

/// What must hold between the three logs.
struct ChaosOracle {
    /// Events that the client had acknowledged, by their ids.
    let acknowledged: [String: EventRecord]
    /// What the receivers saw, in order of arrival.
    let sink: [SinkLine]
    let evidence: ChaosEvidence

    /// What does not hold, in sentences.
    func violations() -> [String] {
        events() + commands() + bodies() + order() + money()
    }

    /// I1: what was acknowledged is judged, held or a dead letter.
    private func events() -> [String] {
        acknowledged.keys.filter { !evidence.events.contains($0) }.sorted()
            .map { "I1: event \($0) was acknowledged, and nothing tells what became of it" }
    }

    /// I5: nothing reached a receiver that no turn has sent, and all that was delivered did.
    private func commands() -> [String] {
        let emitted = evidence.orders.values.reduce(into: [String: CommandRecord]()) {
            $0.merge($1.emitted) { first, _ in first }
        }
        let ghosts = Set(sink.map(\.key)).subtracting(emitted.keys).sorted()
        let did = Set(sink.lazy.filter(\.isEffect).map(\.key))
        let lost = evidence.orders.values.flatMap { order in
            order.emitted.keys.filter {
                !order.takenBack.contains($0) && !order.outstanding.contains($0)
                    && !did.contains($0)
            }
        }
        return ghosts.map { "I5: command \($0) was delivered, and no turn has sent it" }
            + lost.sorted().map {
                "I5: \(emitted[$0]?.name ?? "") \($0) is settled, and no receiver has seen it"
            }
    }

    /// I7: whatever comes under one key has one content, and it is what the turn sent.
    private func bodies() -> [String] {
        var known: [String: String] = [:]
        for order in evidence.orders.values {
            for (id, command) in order.emitted { known[id] = command.arguments.json }
        }
        var problems: [String] = []
        for line in sink {
            guard let body = known[line.key], body != line.body else { continue }
            problems.append("I7: \(line.command) \(line.key) came with another content")
        }
        return problems
    }

    /// I6: commands of one saga to one receiver come in the order in which they were sent.
    private func order() -> [String] {
        var highest: [String: Int] = [:]
        var seen: Set<String> = []
        var problems: [String] = []
        for line in sink where seen.insert(line.key).inserted {
            let lane = "\(line.order) \(line.command)"
            if let before = highest[lane], before > line.number {
                problems.append(
                    "I6: \(lane) number \(line.number) came behind number \(before)")
            }
            highest[lane] = max(highest[lane] ?? 0, line.number)
        }
        return problems
    }

    /// I12: what was charged and not refunded is the total of a completed order, or nothing.
    private func money() -> [String] {
        var balance: [String: Int] = [:]
        var done: Set<String> = []
        for line in sink where line.isEffect && done.insert(line.key).inserted {
            guard let command = evidence.orders[line.order]?.emitted[line.key] else { continue }
            let cents = command.arguments.cents("amount")
            switch line.command {
            case "ChargeCard": balance[line.order, default: 0] += cents
            case "RefundCharge": balance[line.order, default: 0] -= cents
            default: break
            }
        }
        return evidence.orders.sorted { $0.key < $1.key }.compactMap { key, order in
            let due =
                order.status == .completed
                ? order.data.cents("first") + order.data.cents("second") : 0
            let kept = balance[key] ?? 0
            guard kept != due else { return nil }
            let status = order.status.map { "\($0)" } ?? "not begun"
            return "I12: order \(key) is \(status), and \(kept) cents are kept instead of \(due)"
        }
    }
}

extension Value {
    /// An amount of money in cents; 0 where there is none.
    fileprivate func cents(_ name: String) -> Int {
        guard case .map(let members) = self, case .decimal(let amount)? = members[.string(name)]
        else {
            return 0
        }
        let parts = amount.description.split(separator: ".")
        let fraction = (parts.count > 1 ? String(parts[1]) : "") + "00"
        return (Int(parts.first ?? "") ?? 0) * 100 + (Int(fraction.prefix(2)) ?? 0)
    }
}
