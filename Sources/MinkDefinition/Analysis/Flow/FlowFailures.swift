// Where a saga can still fail, and what makes it fail.
import MinkExpression

/// The failures that can follow each node, as the file has them.
struct FlowFailures {
    /// What makes a saga fail.
    struct Cause {
        /// Such as `ShipmentFailed`, `timeout` or `deadline`.
        let words: String
        /// `fail` in the file; `nil` for what stands in no state.
        let node: Node?
    }

    private let model: FlowModel
    private let solution: FlowSolution
    /// The steps that leave each node.
    private var steps: [[FlowEdge]]
    /// The nearest alternative that fails, in a node or behind it.
    private var nearest: [Failing?]
    /// Commands that may run out of tries in a node or behind it: up to two, because one of them
    /// may be the one that is asked about.
    private var exhausting: [[Int]]
    /// Commands of which one may run out of tries while another has its answer still open.
    private var exhaustingTwice: [[Int]]

    private struct Failing {
        let list: Int
        let alternative: Int
    }

    init(of model: FlowModel, _ solution: FlowSolution, _ edges: [FlowEdge]) {
        self.model = model
        self.solution = solution
        let count = solution.facts.count
        steps = Array(repeating: [], count: count)
        nearest = Array(repeating: nil, count: count)
        exhausting = Array(repeating: [], count: count)
        exhaustingTwice = exhausting
        var before: [[Int]] = Array(repeating: [], count: count)
        for edge in edges {
            guard let from = edge.from else { continue }
            steps[from].append(edge)
            if (from | edge.to) & 1 == 0, !isFailure(edge) { before[edge.to].append(from) }
        }
        findNearest(before)
        spreadExhaustion(before)
    }

    private mutating func findNearest(_ before: [[Int]]) {
        var open: [Int] = []
        for node in solution.facts.indices {
            nearest[node] = firstFailure(node, except: nil)
            if nearest[node] != nil { open.append(node) }
        }
        var next = 0
        while next < open.count {
            for earlier in before[open[next]] where nearest[earlier] == nil {
                nearest[earlier] = nearest[open[next]]
                open.append(earlier)
            }
            next += 1
        }
    }

    private mutating func spreadExhaustion(_ before: [[Int]]) {
        var open: [Int] = []
        for node in solution.facts.indices where node & 1 == 0 {
            guard let facts = solution[node], !model.states[node >> 1].isFinal,
                !facts.isEmpty(.open)
            else { continue }
            let commands = facts.members(.open).filter {
                model.exhausts($0, in: node >> 1, facts)
            }
            exhausting[node] = Array(commands.prefix(2))
            exhaustingTwice[node] = commands.filter { facts.has(.openTwice, $0) }
            if !commands.isEmpty { open.append(node) }
        }
        while let node = open.popLast() {
            for earlier in before[node] where adopt(node, into: earlier) { open.append(earlier) }
        }
    }

    /// Takes over what can run out later.
    ///
    /// - Returns: Whether that is new.
    private mutating func adopt(_ node: Int, into earlier: Int) -> Bool {
        var isNew = false
        for command in exhausting[node]
        where exhausting[earlier].count < 2 && !exhausting[earlier].contains(command) {
            exhausting[earlier].append(command)
            isNew = true
        }
        for command in exhaustingTwice[node] where !exhaustingTwice[earlier].contains(command) {
            exhaustingTwice[earlier].append(command)
            isNew = true
        }
        return isNew
    }

    private func isFailure(_ edge: FlowEdge) -> Bool {
        guard let alternative = edge.alternative else { return true }
        if case .fail = model.alternatives[alternative].exit { return true }
        return false
    }

    /// The first alternative of a node that fails, but for those of one list.
    private func firstFailure(_ node: Int, except excluded: Int?) -> Failing? {
        guard node & 1 == 0, let facts = solution[node] else { return nil }
        for list in model.states[node >> 1].lists
        where list != excluded && model.isEnabled(list, facts) {
            for number in model.lists[list].alternatives {
                if case .fail = model.alternatives[number].exit {
                    return Failing(list: list, alternative: number)
                }
            }
        }
        return nil
    }

    /// What can make the saga fail when it has come to a node; `nil` when nothing can.
    ///
    /// The command itself does not count where it runs out of tries.
    func cause(from node: Int, of command: Int) -> Cause? {
        guard node & 1 == 0, !model.states[node >> 1].isFinal else { return nil }
        return nearest[node].map(cause) ?? quietCause(node, of: command)
    }

    /// What can make the saga fail in a node, or lead on to a failure, while one trigger has not
    /// come yet.
    func cause(in node: Int, before list: Int, of command: Int) -> Cause? {
        guard node & 1 == 0 else { return nil }
        if let found = firstFailure(node, except: list) { return cause(found) }
        for edge in steps[node] where edge.list != list && edge.to != node && !isFailure(edge) {
            if let found = cause(from: edge.to, of: command) { return found }
        }
        if model.hasDeadline { return deadline }
        guard let facts = solution[node] else { return nil }
        return facts.members(.open).first { other in
            (other != command || facts.has(.openTwice, other))
                && model.exhausts(other, in: node >> 1, facts)
        }.map(exhaustion)
    }

    /// Failures that stand in no state: the deadline, and commands that run out of tries.
    private func quietCause(_ node: Int, of command: Int) -> Cause? {
        if model.hasDeadline { return deadline }
        if let other = exhausting[node].first(where: { $0 != command }) { return exhaustion(other) }
        return exhaustingTwice[node].contains(command) ? exhaustion(command) : nil
    }

    private var deadline: Cause { Cause(words: "deadline", node: nil) }

    private func exhaustion(_ command: Int) -> Cause {
        Cause(words: "\(model.commands[command].name) out of tries", node: nil)
    }

    private func cause(_ found: Failing) -> Cause {
        Cause(
            words: model.words(of: found.list), node: model.alternatives[found.alternative].failure)
    }

    /// The steps that leave a node.
    func steps(from node: Int) -> [FlowEdge] { steps[node] }
}

extension FlowModel {
    /// What makes the alternatives of a list happen, as messages name it.
    func words(of list: Int) -> String {
        switch lists[list].trigger {
        case .timeout: "timeout"
        case .reminder: "reminder"
        case .afterReminders: "after the reminders"
        case .join: "onJoin"
        case .nextItem: "next item"
        default: lists[list].name?.value ?? ""
        }
    }
}
