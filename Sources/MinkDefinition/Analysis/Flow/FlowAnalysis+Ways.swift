// States that nothing leads to, ways that end nowhere, and events that come to nobody.
import MinkExpression

extension FlowAnalysis {
    /// States that no step leads to and in which nothing ends.
    func checkReachability() {
        var targets: Set<Int> = []
        let ends =
            [draft.compensation?.endIn, draft.deadline?.fail?.endIn]
            + draft.allTransitions.map { $0.fail?.endIn }
        for end in ends {
            if let number = end.flatMap({ graph.number(of: $0.value) }) { targets.insert(number) }
        }
        // A list that never comes up is told apart; what it leads to is not told again.
        for node in waitingNodes {
            for list in model.states[node >> 1].lists {
                for number in model.lists[list].alternatives {
                    if case .goto(let state) = model.alternatives[number].exit {
                        targets.insert(state)
                    }
                }
            }
        }
        for (number, state) in draft.states.enumerated()
        where !isReached(number) && !targets.contains(number) {
            context.report(
                .unreachableState, "nothing leads to \"\(state.name.value)\"", at: state.name)
        }
    }

    /// Circles of states from which no final state can be reached.
    func checkEnds() {
        let waiting = waitingNodes
        var canEnd = Set(waiting.filter(endsHere))
        var before: [Int: [Int]] = [:]
        for edge in record.edges {
            if let from = edge.from { before[edge.to, default: []].append(from) }
        }
        var open = Array(canEnd)
        while let node = open.popLast() {
            for earlier in before[node] ?? [] where canEnd.insert(earlier).inserted {
                open.append(earlier)
            }
        }
        let endless = waiting.filter { !canEnd.contains($0) }
        guard !endless.isEmpty else { return }
        reportCircles(among: endless)
    }

    /// Whether a step of a node leads to the end of the saga.
    private func endsHere(_ node: Int) -> Bool {
        if node & 1 == 0, model.hasDeadline { return true }
        return model.states[node >> 1].lists.contains { list in
            guard let facts = solution[node], model.isEnabled(model.lists[list], facts) else {
                return false
            }
            return model.lists[list].alternatives.contains { number in
                switch model.alternatives[number].exit {
                // Behind the point of no return another rule speaks of it.
                case .fail: true
                case .goto(let target): model.states[target].isFinal
                case .stay: false
                }
            }
        }
    }

    /// Reports the last circle of each endless way.
    private func reportCircles(among nodes: [Int]) {
        let states = Array(Set(nodes.map { $0 >> 1 })).sorted()
        let number = Dictionary(
            states.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var steps: [[Int]] = Array(repeating: [], count: states.count)
        for edge in record.edges {
            guard let from = edge.from.flatMap({ number[$0 >> 1] }), let to = number[edge.to >> 1]
            else { continue }
            if !steps[from].contains(to) { steps[from].append(to) }
        }
        var search = CircleSearch(steps: steps)
        search.run()
        for circle in search.circles {
            let members = Set(circle)
            let leadsOn = circle.contains { !members.isSuperset(of: steps[$0]) }
            guard !leadsOn, let first = circle.min() else { continue }
            let state = draft.states[states[first]]
            guard !isStuck(state) else { continue }
            let way = self.circle(from: first, steps).map { name(states[$0]) }
            let shown = way.count > 1 ? " (\(way.joined(separator: " → ")))" : ""
            context.report(
                .noEnd, "from \"\(state.name.value)\" no final state can be reached\(shown)",
                at: state.name,
                help: "let an event or a \"timeout\" lead to a final state, or fail")
        }
    }

    /// Whether the rule for states that nothing can leave speaks of it.
    private func isStuck(_ state: StateDraft) -> Bool {
        DraftChecks(
            context: context, draft: draft, names: names, usage: Usage(), readData: nil
        ).isStuck(state)
    }

    /// A shortest way from a state back to itself; the state alone when there is none.
    func circle(from start: Int, _ steps: [[Int]]) -> [Int] {
        var cameFrom: [Int: Int] = [:]
        var open = [start]
        var next = 0
        while next < open.count {
            let current = open[next]
            next += 1
            for target in steps[current] {
                if target == start {
                    var way = [start, current]
                    while let last = way.last, last != start, let before = cameFrom[last] {
                        way.append(before)
                    }
                    if current == start { way = [start, start] }
                    return way.reversed()
                }
                if cameFrom[target] == nil {
                    cameFrom[target] = current
                    open.append(target)
                }
            }
        }
        return [start]
    }

    // MARK: Events that come to nobody

    /// Events that only unreachable states handle, and outcomes that never come.
    func checkDeadEvents() {
        var awaited: Set<String> = Set(draft.start.map(\.event.value))
        for command in draft.commands {
            awaited.formUnion(
                [command.confirmation?.event, command.confirmation?.failedBy]
                    .compactMap { $0?.value })
        }
        for (number, event) in draft.events.enumerated() {
            guard !awaited.contains(event.name.value),
                let handlers = graph.handlers(of: event.name.value)?.members, !handlers.isEmpty,
                !handlers.contains(where: { isReached($0) && !model.states[$0].isFinal }),
                let first = draft.states[handlers[0]].handlerName(of: event.name.value)
            else { continue }
            _ = number
            context.report(
                .deadEvent, "\"\(event.name.value)\" is handled only in unreachable states",
                at: event.name, related: [related("it is handled here", first)])
        }
        for (number, state) in model.states.enumerated() where isReached(number) {
            for list in state.lists.prefix(state.ownCount) { checkOutcome(list, of: number) }
        }
    }

    private func checkOutcome(_ list: Int, of state: Int) {
        guard case .outcome(let command, _) = model.lists[list].trigger,
            let name = model.lists[list].name
        else { return }
        let isSent = [false, true].contains { sealed in
            solution[FlowModel.node(state, sealed: sealed)]?.has(.visit, command) == true
        }
        guard !isSent else { return }
        let sender = model.commands[command].name
        context.report(
            .deadEvent,
            "\"\(name.value)\" never comes in \"\(self.name(state))\", which does not emit "
                + "\"\(sender)\"", at: name)
    }

    // MARK: Answers

    /// Answers that nobody takes.
    func checkAnswers() {
        var said: Set<[Int]> = []
        for sent in record.sent {
            let command = model.commands[model.uses[sent.use].command]
            for answer in command.draft.doneBy + command.draft.failedBy {
                guard let handlers = graph.handlers(of: answer.value) else {
                    report(answer, of: command, sent.use, &said)
                    continue
                }
                let state = sent.landing >> 1
                if handlers.contains(state) || graph.reachable(from: state).intersects(handlers) {
                    continue
                }
                report(answer, of: command, sent.use, &said)
            }
        }
        checkLeftAnswers()
    }

    private func report(
        _ answer: Located<String>, of command: FlowCommand, _ use: Int, _ said: inout Set<[Int]>
    ) {
        guard said.insert([model.uses[use].command, answer.range.lowerBound]).inserted else {
            return
        }
        context.report(
            .unhandledAnswer,
            "\"\(command.name)\" can answer \(answer.value), but no state after it handles that",
            at: model.uses[use].draft.command,
            help: "handle \"\(answer.value)\" where it can come",
            related: [related("the answer is declared here", answer)])
    }

    /// Successes that can come when their state was left, while the saga can still fail: nothing
    /// would undo them.
    private func checkLeftAnswers() {
        var said: Set<Int> = []
        for node in waitingNodes where node & 1 == 0 {
            guard let facts = solution[node] else { continue }
            for number in facts.members(.earlier) where facts.has(.open, number) {
                let command = model.commands[number]
                guard command.undo != .nothing, !said.contains(number),
                    let answer = command.draft.doneBy.first(where: { !isTaken($0.value, node) }),
                    failures.cause(from: node, of: number) != nil,
                    let sent = record.sent.first(where: {
                        model.uses[$0.use].command == number && handles(answer.value, $0.landing)
                    })
                else { continue }
                said.insert(number)
                context.report(
                    .unhandledAnswer,
                    "\"\(command.name)\" can answer \(answer.value) when the saga is in "
                        + "\"\(name(node >> 1))\" already, which does not handle that",
                    at: model.uses[sent.use].draft.command,
                    help: "handle \"\(answer.value)\" there too, so that it can be undone",
                    related: [related("the saga may be here then", draft.states[node >> 1].name)])
            }
        }
    }

    private func isTaken(_ event: String, _ node: Int) -> Bool {
        guard let handlers = graph.handlers(of: event) else { return true }
        let state = node >> 1
        return handlers.contains(state) || graph.reachable(from: state).intersects(handlers)
    }

    private func handles(_ event: String, _ node: Int) -> Bool {
        graph.handlers(of: event)?.contains(node >> 1) == true
            || graph.handlers(of: event).map {
                graph.reachable(from: node >> 1).intersects($0)
            } == true
    }
}

extension StateDraft {
    /// Where the state names an event that it handles.
    func handlerName(of event: String) -> Located<String>? {
        if let handler = on.first(where: { $0.name.value == event }) { return handler.name }
        let parts = (waitFor?.parts ?? []) + (forEach?.done ?? []) + (forEach?.failed ?? [])
        return parts.first { $0.event.value == event }?.event
    }
}
