// Circles that send commands for ever, or that spin without waiting.
import MinkExpression

extension FlowAnalysis {
    func checkLoops() {
        checkStays()
        checkReminders()
        let edges = circleEdges
        guard !edges.isEmpty else { return }
        checkCircles(edges)
        checkSpinning(edges)
    }

    // MARK: In one state

    /// Answers that send the command again which they answer.
    private func checkStays() {
        var said: Set<Int> = []
        for edge in record.edges {
            guard let from = edge.from, edge.to == from, let list = edge.list,
                let number = edge.alternative, model.alternatives[number].exit == .stay,
                !said.contains(number), !isTimed(from),
                let use = model.alternatives[number].emissions.first(where: {
                    isAnswered(by: model.lists[list].trigger, model.uses[$0].command)
                })
            else { continue }
            let step = model.alternatives[number]
            guard !isCounted(list, number, step.assigned) else { continue }
            said.insert(number)
            report(use, "\(name(from >> 1)) → itself")
        }
    }

    private func report(_ use: Int, _ way: String) {
        context.report(
            .unboundedLoop, "may emit \"\(model.name(ofUse: use))\" for ever (\(way))",
            at: model.uses[use].draft.command,
            help: "count the rounds in data, or add a \"timeout\" or a \"deadline\"")
    }

    private func isAnswered(by trigger: FlowList.Trigger, _ command: Int) -> Bool {
        switch trigger {
        case .event(let event): model.answered[event].contains(command)
        case .outcome(let sender, _): sender == command
        default: false
        }
    }

    /// Whether something ends the wait in a node however often it stays.
    private func isTimed(_ node: Int) -> Bool {
        if node & 1 == 0, model.hasDeadline { return true }
        guard let timeout = draft.states[node >> 1].timeout else { return false }
        return !timeout.transitions.isEmpty
            && timeout.transitions.allSatisfy { $0.goto != nil || $0.fail != nil }
    }

    private func checkReminders() {
        for node in waitingNodes {
            guard let remind = draft.states[node >> 1].remind, remind.atMost == nil, !isTimed(node)
            else { continue }
            let list = model.states[node >> 1].lists.first {
                if case .reminder = model.lists[$0].trigger { true } else { false }
            }
            guard let list,
                let use = model.alternatives[model.lists[list].alternatives.lowerBound].emissions
                    .first
            else { continue }
            report(use, "\(name(node >> 1)) → itself")
        }
    }

    /// Whether a condition on the way to an alternative changes with the fields that are set.
    private func isCounted(
        _ list: Int, _ number: Int, _ assigned: [FlowAlternative.Assigned]
    ) -> Bool {
        let first = model.lists[list].alternatives.lowerBound
        return (first...number).contains { index in
            guard let condition = model.alternatives[index].condition else { return false }
            return condition.readsTime
                || condition.mentions.contains { field in isProgress(field, assigned) }
        }
    }

    /// Whether a field goes on with each round: one value is made from the one before, or is set
    /// once and for all.
    private func isProgress(_ field: Int, _ assigned: [FlowAlternative.Assigned]) -> Bool {
        let own = assigned.filter { $0.field == field }
        return own.count == 1 || !own.isEmpty && own.allSatisfy(\.isFromItself)
    }

    // MARK: Over several states

    /// Steps between states that happen by themselves, and no event of the world is needed.
    private var circleEdges: [FlowEdge] {
        var seen: Set<Int> = []
        return record.edges.filter { edge in
            guard let from = edge.from, let number = edge.alternative, let list = edge.list,
                case .goto(let target) = model.alternatives[number].exit,
                !model.states[target].isFinal,
                from & 1 != 0 || !model.hasDeadline || isImmediate(list)
            else { return false }
            return seen.insert(from * model.alternatives.count + number).inserted
        }
    }

    private func isOfItself(_ list: Int) -> Bool {
        switch model.lists[list].trigger {
        case .event(let event): !model.answered[event].isEmpty
        case .timeout, .afterReminders, .join, .outcome: true
        default: false
        }
    }

    private func checkCircles(_ edges: [FlowEdge]) {
        let own = edges.filter { edge in
            guard let from = edge.from, let list = edge.list else { return false }
            return isOfItself(list) && (from & 1 != 0 || !model.hasDeadline)
        }
        for circle in circles(of: own, keeping: { _ in true }) {
            let sends = circle.edges.flatMap(emissions)
            let uses = sends.sorted {
                model.uses[$0].draft.command.range.lowerBound
                    < model.uses[$1].draft.command.range.lowerBound
            }
            guard let use = uses.first else { continue }
            report(use, circle.way)
        }
    }

    private func emissions(_ edge: FlowEdge) -> [Int] {
        let state = model.states[edge.to >> 1]
        return (edge.alternative.map { Array(model.alternatives[$0].emissions) } ?? [])
            + Array(state.emissions) + Array(state.itemEmissions)
    }

    /// A circle, as messages show it.
    private struct Circle {
        let edges: [FlowEdge]
        let states: [Int]
        let way: String
    }

    /// The circles that some steps form, after those that count their rounds are taken out.
    private func circles(of edges: [FlowEdge], keeping: (FlowEdge) -> Bool) -> [Circle] {
        var circles: [Circle] = []
        for group in components(of: edges.filter(keeping)) {
            let assigned = group.flatMap { edge in
                (edge.alternative.map { model.alternatives[$0].assigned } ?? [])
                    + model.states[edge.to >> 1].assigned
            }
            let endless = group.filter { edge in
                guard let list = edge.list, let number = edge.alternative else { return true }
                return !isCounted(list, number, assigned)
            }
            for inner in components(of: endless) { circles.append(circle(inner)) }
        }
        return circles
    }

    private func circle(_ edges: [FlowEdge]) -> Circle {
        let states = Set(edges.map { $0.to >> 1 }).sorted()
        let number = Dictionary(
            states.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var steps: [[Int]] = Array(repeating: [], count: states.count)
        for edge in edges {
            if let from = edge.from.flatMap({ number[$0 >> 1] }), let to = number[edge.to >> 1] {
                steps[from].append(to)
            }
        }
        let way = self.circle(from: 0, steps).map { name(states[$0]) }
        let shown =
            states.count == 1 ? "\(name(states[0])) → itself" : way.joined(separator: " → ")
        return Circle(edges: edges, states: states, way: shown)
    }

    /// The steps that lie on circles, each circle with all that it is entangled with.
    private func components(of edges: [FlowEdge]) -> [[FlowEdge]] {
        guard !edges.isEmpty else { return [] }
        var steps: [[Int]] = Array(repeating: [], count: solution.facts.count)
        for edge in edges { if let from = edge.from { steps[from].append(edge.to) } }
        var search = CircleSearch(steps: steps)
        search.run()
        var groups: [Int: [FlowEdge]] = [:]
        for edge in edges {
            guard let from = edge.from,
                search.circleOfState[from] == search.circleOfState[edge.to]
            else { continue }
            groups[search.circleOfState[from], default: []].append(edge)
        }
        return groups.sorted { $0.key < $1.key }.map(\.value)
    }

    // MARK: Without waiting

    private func checkSpinning(_ edges: [FlowEdge]) {
        var said: Set<[Int]> = []
        let immediate = edges.filter { $0.list.map(isImmediate) == true }
        for circle in circles(of: immediate, keeping: { _ in true }) {
            guard !setsMoment(circle), said.insert(circle.states).inserted else { continue }
            let names = circle.states.map(name)
            let message =
                names.count == 1
                ? "\"\(names[0])\" jumps to itself without waiting"
                : names.count == 2
                    ? "\(list(names)) jump to each other without waiting"
                    : "\(list(names)) follow each other in a circle without waiting (\(circle.way))"
            let help = "let \"\(names[0])\" wait for an event, or for longer than 0s"
            let state = draft.states[circle.states[0]]
            let place = state.timeout?.after?.node ?? state.timeout?.at?.node
            if state.onJoin.isEmpty, let place {
                context.report(.spinningLoop, message, at: place, help: help)
            } else {
                context.report(.spinningLoop, message, at: state.name, help: help)
            }
        }
    }

    /// Whether a circle sets a moment anew for which it waits.
    private func setsMoment(_ circle: Circle) -> Bool {
        let assigned = Set(
            circle.edges.flatMap { edge in
                (edge.alternative.map { model.alternatives[$0].assigned } ?? [])
                    + model.states[edge.to >> 1].assigned
            }.map(\.field))
        return circle.states.contains { state in
            guard case .expression(let expression)? = draft.states[state].timeout?.at,
                let use = dataUses[expression.node.id]
            else { return false }
            return use.readsTime || use.isOfItsPlace
                || use.mentions.contains(where: assigned.contains)
        }
    }

    /// Whether a list may come up as soon as its state is entered.
    private func isImmediate(_ list: Int) -> Bool {
        guard let state = stateOfList[list] else { return false }
        let draft = draft.states[state]
        switch model.lists[list].trigger {
        case .timeout:
            if draft.timeout?.after != nil {
                return draft.timeout?.duration.map { $0 <= .zero } ?? false
            }
            return draft.timeout?.at != nil
        case .join:
            if let waitFor = draft.waitFor {
                return waitFor.parts.isEmpty || waitFor.need.isNothing
            }
            return draft.forEach.map { $0.need.isNothing || isPlain(list) } ?? false
        default:
            return false
        }
    }

    /// Whether what follows a join asks for nothing, so that it follows an empty list too.
    private func isPlain(_ list: Int) -> Bool {
        let first = model.lists[list].alternatives.lowerBound
        return !model.lists[list].alternatives.isEmpty && !model.alternatives[first].hasCondition
    }
}

extension NeedDraft {
    fileprivate var isNothing: Bool {
        if case .count(.literal(let node)) = self { node.json.int == 0 } else { false }
    }
}
