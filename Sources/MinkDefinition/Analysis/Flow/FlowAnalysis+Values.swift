// Values that may not be set where they are read.
import MinkExpression

extension FlowAnalysis {
    func checkValues() {
        for (number, step) in record.missing {
            let read = model.reads[number]
            report(read, in: step)
        }
        checkDeadlineReads()
    }

    /// The deadline may come in any state that waits.
    private func checkDeadlineReads() {
        for number in model.deadlineReads {
            let read = model.reads[number]
            for node in waitingNodes where node & 1 == 0 {
                guard let facts = solution[node], !facts.has(.set, read.field) else { continue }
                let way = way(to: node, without: read.field)
                report(read, way)
                break
            }
        }
    }

    /// The fields with `?` that are set whenever a list of alternatives is tried, by its first one.
    ///
    /// What a guard needs of them is no question any more.
    var surelySet: [Node.ID: Set<String>] {
        let optional = draft.data.indices.filter { draft.data[$0].isOptional }
        guard !optional.isEmpty else { return [:] }
        var sure: [Node.ID: Set<Int>] = [:]
        for node in waitingNodes {
            guard let facts = solution[node] else { continue }
            let state = model.states[node >> 1]
            let set = Set(optional.filter { facts.has(.set, $0) })
            for list in state.lists.map({ model.lists[$0] }) {
                guard let first = list.alternatives.first, model.alternatives[first].hasCondition
                else { continue }
                var known = set
                if case .join = list.trigger { known.formUnion(state.joinedFields) }
                let id = model.alternatives[first].node.id
                sure[id] = sure[id]?.intersection(known) ?? known
            }
        }
        return sure.mapValues { Set($0.map { draft.data[$0].name.value }) }
    }

    private func report(_ read: FlowRead, in step: FlowStep) {
        var states = step.node.map { way(to: $0, without: read.field) } ?? []
        if let entered = step.entered { states.append(entered) }
        report(read, states)
    }

    private func report(_ read: FlowRead, _ way: [Int]) {
        let field = draft.data[read.field].name.value
        let span = context.span(read.expression.node, read.expression.bytes(of: read.range))
        let path = words(of: way)
        if let undo = read.undo {
            let message = "\"\(undo)\" needs data.\(field), which is not set yet here"
            report(.undoValueMissing, message, read, at: span, note: "it is not set \(path)")
        } else {
            report(.maybeUnset, "\"\(field)\" is not set \(path)", read, at: span)
        }
    }

    private func report(
        _ rule: Rule, _ message: String, _ read: FlowRead, at span: SourceSpan, note: String? = nil
    ) {
        let help =
            read.confirms
            ? "read \"command\", which keeps what the undo was sent with"
            : rule == .maybeUnset
                ? ExpressionCompiler.presenceHelp : "set it here, or arm the undo where it is set"
        guard let use = read.use else {
            context.report(Finding(rule, message, at: span, help: help, note: note))
            return
        }
        context.report(
            rule, message, at: use.command, help: help, note: note,
            related: [
                RelatedPlace("the template of \"\(use.command.value)\" needs it", at: span)
            ])
    }

    private func words(of way: [Int]) -> String {
        switch way.count {
        case 0: "when the saga starts"
        case 1: "when the saga comes to \(name(way[0]))"
        default: "if the saga comes \(way.map(name).joined(separator: " → "))"
        }
    }

    /// The states on a shortest way to a node on which a field is not set.
    private func way(to target: Int, without field: Int) -> [Int] {
        var search = WaySearch(field: field)
        model.begin(&search)
        while let node = search.next() {
            if node == target { break }
            guard var facts = solution[node] else { continue }
            facts.remove(.set, field)
            search.current = node
            model.follow(node, facts, &search)
        }
        return search.states(to: target)
    }
}

/// Searches a way on which a field stays unset.
private struct WaySearch: FlowObserver {
    let field: Int
    var current: Int?
    private var cameFrom: [Int: Int?] = [:]
    private var open: [Int] = []
    private var first = 0

    init(field: Int) { self.field = field }

    mutating func next() -> Int? {
        guard first < open.count else { return nil }
        first += 1
        return open[first - 1]
    }

    mutating func arrives(at node: Int, with facts: FlowFacts, in step: FlowStep?) {
        guard !facts.has(.set, field), cameFrom[node] == nil else { return }
        cameFrom[node] = .some(current)
        open.append(node)
    }

    /// The states, each once where the saga only passes the point of no return in it.
    func states(to target: Int) -> [Int] {
        var states = [target >> 1]
        var node = target
        while let before = cameFrom[node], let earlier = before {
            if states.last != earlier >> 1 { states.append(earlier >> 1) }
            node = earlier
        }
        return states.reversed()
    }
}
