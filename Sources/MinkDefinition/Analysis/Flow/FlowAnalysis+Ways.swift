// States that nothing leads to, ways that end nowhere, and events that come to nobody.
import MinkExpression

extension FlowAnalysis {
    /// States that no step leads to and in which nothing ends.
    func checkReachability() {
        var isTarget = Array(repeating: false, count: draft.states.count)
        func insert(_ end: Located<String>?) {
            if let number = end.flatMap({ graph.number(of: $0.value) }) { isTarget[number] = true }
        }
        insert(draft.compensation?.endIn)
        insert(draft.deadline?.fail?.endIn)
        for transition in draft.allTransitions where transition.fail != nil {
            insert(transition.fail?.endIn)
        }
        // A list that never comes up is told apart; what it leads to is not told again.
        for node in waitingNodes {
            for list in model.states[node >> 1].lists {
                for number in model.lists[list].alternatives {
                    if case .goto(let state) = model.alternatives[number].exit {
                        isTarget[state] = true
                    }
                }
            }
        }
        for (number, state) in draft.states.enumerated()
        where !isReached(number) && !isTarget[number] {
            context.report(
                .unreachableState, "nothing leads to \"\(state.name.value)\"", at: state.name,
                help: "write \"goto\": \"\(state.name.value)\" where it follows, or remove it")
        }
    }

    /// Circles of states from which no final state can be reached.
    func checkEnds() {
        let waiting = waitingNodes
        var canEnd = Array(repeating: false, count: solution.facts.count)
        var before: [[Int]] = Array(repeating: [], count: solution.facts.count)
        for edge in record.edges {
            if let from = edge.from { before[edge.to].append(from) }
        }
        var open = waiting.filter(endsHere)
        for node in open { canEnd[node] = true }
        while let node = open.popLast() {
            for earlier in before[node] where !canEnd[earlier] {
                canEnd[earlier] = true
                open.append(earlier)
            }
        }
        let endless = waiting.filter { !canEnd[$0] }
        guard !endless.isEmpty else { return }
        reportCircles(among: endless)
    }

    /// Whether a step of a node leads to the end of the saga.
    private func endsHere(_ node: Int) -> Bool {
        if node & 1 == 0, model.hasDeadline { return true }
        return model.states[node >> 1].lists.contains { list in
            guard let facts = solution[node], model.isEnabled(list, facts) else {
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
            guard !draft.isStuck(state) else { continue }
            let way = self.circle(from: first, steps).map { name(states[$0]) }
            let shown = way.count > 1 ? " (\(way.joined(separator: " → ")))" : ""
            context.report(
                .noEnd, "from \"\(state.name.value)\" no final state can be reached\(shown)",
                at: state.name,
                help: "let an event or a \"timeout\" lead to a final state, or fail")
        }
    }

    /// Behind the point of no return a deadline ends nothing: a person is told, and that is all.
    func checkWaits() {
        guard draft.deadline != nil else { return }
        for (number, state) in draft.states.enumerated() where state.waitsWithoutEnd {
            guard solution[FlowModel.node(number, sealed: true)] != nil else { continue }
            context.report(
                .noTimeout,
                "\"\(state.name.value)\" may wait for ever; behind the point of no return the "
                    + "deadline ends nothing", at: state.name,
                help: "add a \"timeout\" that leads on")
        }
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
                at: event.name,
                help: "let something lead to \"\(name(handlers[0]))\", or remove the event",
                related: [related("it is handled here", first)])
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
                + "\"\(sender)\"", at: name,
            help: "add \"\(sender)\" to an \"emit\" of \"\(self.name(state))\", or remove this")
    }

    // MARK: Answers

    /// Answers that nobody takes.
    func checkAnswers() {
        var said: Set<[Int]> = []
        for sent in record.sent {
            let number = model.uses[sent.use].command
            let command = model.commands[number]
            for answer in command.draft.doneBy + command.draft.failedBy
            where !comes(answer.value, to: sent.landing >> 1)
                && said.insert([number, answer.range.lowerBound]).inserted
            {
                context.report(
                    .unhandledAnswer,
                    "\"\(command.name)\" can answer \(answer.value), but no state after it handles "
                        + "that", at: model.uses[sent.use].draft.command,
                    help: "handle \"\(answer.value)\" where it can come",
                    related: [related("the answer is declared here", answer)])
            }
        }
        checkLeftAnswers(&said)
    }

    /// Whether a state, or one that can come after it, handles an event.
    private func comes(_ event: String, to state: Int) -> Bool {
        guard let handlers = graph.handlers(of: event) else { return false }
        return handlers.contains(state) || graph.reachable(from: state).intersects(handlers)
    }

    /// Whether an event that comes in a state is taken there, or held for a state that takes it.
    private func isTaken(_ event: String, in state: Int) -> Bool {
        guard let handlers = graph.handlers(of: event) else { return false }
        if handlers.contains(state) { return true }
        guard comes(event, to: state) else { return false }
        let rules = names.eventByName[event]?.rules
        guard (rules?.ambiguous ?? draft.eventRules.ambiguous)?.value == .late else { return true }
        return !handlers.members.contains {
            isReached($0) && graph.reachable(from: $0).contains(state)
        }
    }

    /// Successes that count as late while the saga goes on and can still fail: nothing undoes them.
    private func checkLeftAnswers(_ said: inout Set<[Int]>) {
        for node in waitingNodes where node & 1 == 0 {
            guard let facts = solution[node] else { continue }
            for number in facts.members(.open) where model.commands[number].undo != .nothing {
                let command = model.commands[number]
                for answer in command.draft.doneBy
                where !isTaken(answer.value, in: node >> 1)
                    && !said.contains([number, answer.range.lowerBound])
                {
                    guard let sent = sender(of: number, answering: answer.value, to: node, facts),
                        failures.cause(from: node, of: number) != nil
                    else { continue }
                    said.insert([number, answer.range.lowerBound])
                    reportLeft(answer, of: command, sent, node >> 1)
                }
            }
        }
    }

    /// The place that sends a command whose answer is open in a node.
    private func sender(
        of command: Int, answering event: String, to node: Int, _ facts: FlowFacts
    ) -> Int? {
        let places = record.sent.filter { model.uses[$0.use].command == command }
        let here = places.first { $0.landing == node }
        if let here, facts.has(.visit, command) { return here.use }
        return (places.first { isTaken(event, in: $0.landing >> 1) } ?? places.first)?.use
    }

    private func reportLeft(
        _ answer: Located<String>, of command: FlowCommand, _ use: Int, _ state: Int
    ) {
        let place =
            comes(answer.value, to: state)
            ? "in \"\(name(state))\", where that counts as late"
            : "when the saga is in \"\(name(state))\" already, which does not handle that"
        context.report(
            .unhandledAnswer, "\"\(command.name)\" can answer \(answer.value) \(place)",
            at: model.uses[use].draft.command,
            help: "handle \"\(answer.value)\" there too, so that it can be undone",
            related: [related("the saga may be here then", draft.states[state].name)])
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
