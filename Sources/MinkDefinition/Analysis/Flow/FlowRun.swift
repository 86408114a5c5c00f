// The abstract run: every way through the states at once, until nothing new is learnt.
//
// A node is a state, before or behind the point of no return. Facts of a node are those of a saga
// that waits in it; every alternative carries them on to other nodes.
import MinkExpression

/// Where a run is: the alternative that is taken, and the node that it leads to.
struct FlowStep {
    /// The node in which the saga waits; `nil` at the start.
    let node: Int?
    let list: Int
    let alternative: Int
    /// Where the saga is afterwards.
    let landing: Int
    /// The state whose entry runs.
    var entered: Int?
    /// The facts of the node before the step.
    let before: FlowFacts
}

/// What listens to a run.
protocol FlowObserver {
    mutating func misses(_ read: Int, in step: FlowStep)
    mutating func pushes(_ use: Int, with facts: FlowFacts, in step: FlowStep)
    mutating func sends(_ use: Int, with facts: FlowFacts, sealed: Bool, in step: FlowStep)
    mutating func assigns(_ field: Int, with facts: FlowFacts, in step: FlowStep)
    mutating func leaves(with facts: FlowFacts, sealed: Bool, in step: FlowStep)
    mutating func arrives(at node: Int, with facts: FlowFacts, in step: FlowStep?)
}

extension FlowObserver {
    mutating func misses(_ read: Int, in step: FlowStep) {}
    mutating func pushes(_ use: Int, with facts: FlowFacts, in step: FlowStep) {}
    mutating func sends(_ use: Int, with facts: FlowFacts, sealed: Bool, in step: FlowStep) {}
    mutating func assigns(_ field: Int, with facts: FlowFacts, in step: FlowStep) {}
    mutating func leaves(with facts: FlowFacts, sealed: Bool, in step: FlowStep) {}
}

extension FlowModel {
    var layout: FlowLayout {
        FlowLayout(fields: keysOfField.count, commands: commands.count, keys: keyCount)
    }

    /// Whether a command may run out of tries in a node, so that the saga fails.
    func exhausts(_ command: Int, in state: Int, _ facts: FlowFacts) -> Bool {
        guard commands[command].isExhaustible else { return false }
        if facts.has(.earlier, command) || !facts.has(.visit, command) { return true }
        return !states[state].lists.contains { list in
            guard case .outcome(command, false) = lists[list].trigger else { return false }
            return lists[list].alternatives.contains { !alternatives[$0].hasCondition }
        }
    }

    /// Whether a list can come up in a node.
    func isEnabled(_ list: Int, _ facts: FlowFacts) -> Bool {
        guard case .outcome(let command, _) = lists[list].trigger else { return true }
        return facts.has(.visit, command)
    }

    /// Takes all first steps.
    func begin<Observer: FlowObserver>(_ observer: inout Observer) {
        var facts = FlowFacts(layout)
        for field in defaults { facts.insert(.set, field) }
        for list in start { follow(list, from: nil, facts, &observer) }
    }

    /// Takes all steps of a saga that waits in a node.
    func follow<Observer: FlowObserver>(
        _ node: Int, _ facts: FlowFacts, _ observer: inout Observer
    ) {
        guard !states[node >> 1].isFinal else { return }
        for list in states[node >> 1].lists where isEnabled(list, facts) {
            follow(list, from: node, facts, &observer)
        }
        guard node & 1 == 0 else { return }
        if hasDeadline, let end = deadlineEnd { giveUp(in: end, facts, from: node, &observer) }
        if let end = defaultEnd,
            !facts.isEmpty(.open),
            facts.members(.open).contains(where: { exhausts($0, in: node >> 1, facts) })
        {
            giveUp(in: end, facts, from: node, &observer)
        }
    }

    private func giveUp<Observer: FlowObserver>(
        in end: Int, _ facts: FlowFacts, from node: Int, _ observer: inout Observer
    ) {
        var facts = facts
        facts.clear(.step)
        let landing = Self.node(end, sealed: false)
        var step = FlowStep(
            node: node, list: -1, alternative: -1, landing: landing, entered: end, before: facts)
        step.entered = end
        confirm(facts, step, &observer)
        facts.beginVisit()
        var sealed = false
        run(states[end].entry, &facts, &sealed, step, &observer)
        observer.arrives(at: landing, with: facts, in: step)
    }

    /// Needs what tells which undo is confirmed, since an error there confirms nothing.
    ///
    /// Beside the undos in the ledger these are those that a late answer may still push.
    private func confirm<Observer: FlowObserver>(
        _ facts: FlowFacts, _ step: FlowStep, _ observer: inout Observer
    ) {
        for confirmation in confirmations
        where facts.has(.armed, confirmation.undo)
            || confirmation.steps.contains(where: { facts.has(.sent, $0) })
        {
            for read in confirmation.reads where !facts.has(.set, reads[read].field) {
                observer.misses(read, in: step)
            }
        }
    }

    private func follow<Observer: FlowObserver>(
        _ number: Int, from node: Int?, _ before: FlowFacts, _ observer: inout Observer
    ) {
        var facts = before
        facts.clear(.step)
        answer(lists[number].trigger, in: node, &facts)
        for index in lists[number].alternatives {
            let isSealed = node.map { $0 & 1 != 0 } ?? false
            let after = isSealed || alternatives[index].isSeal
            var state = (node ?? 0) >> 1
            switch alternatives[index].exit {
            case .goto(let target): state = target
            case .fail(let end?): if !after { state = end }
            case .fail, .stay: break
            }
            let step = FlowStep(
                node: node, list: number, alternative: index,
                landing: Self.node(state, sealed: after), before: before)
            for read in alternatives[index].conditionReads {
                need(read, &facts, step, &observer)
            }
            var taken = facts
            for field in alternatives[index].whenTrue { taken.insert(.set, field) }
            take(index, taken, sealed: isSealed, step, &observer)
            for field in alternatives[index].whenFalse { facts.insert(.set, field) }
        }
    }

    /// An event that answers a command closes it; a join counts the answers of its parts.
    private func answer(_ trigger: FlowList.Trigger, in node: Int?, _ facts: inout FlowFacts) {
        switch trigger {
        case .event(let event), .part(let event), .item(let event):
            for command in answered[event] { close(command, &facts) }
        case .outcome(let command, _):
            if !commands[command].hasAnswers { close(command, &facts) }
        case .join:
            guard let node, let waitFor = states[node >> 1].draft.waitFor else { return }
            for field in states[node >> 1].joinedFields { facts.insert(.set, field) }
            if node & 1 == 0 {
                for undo in states[node >> 1].joinedUndos { facts.insert(.surelyArmed, undo) }
            }
            let parts = Set(waitFor.parts.map(\.event.value))
            for command in facts.members(.open) {
                let doneBy = commands[command].draft.doneBy
                guard !doneBy.isEmpty, doneBy.allSatisfy({ parts.contains($0.value) }) else {
                    continue
                }
                facts.remove(.open, command)
                facts.remove(.openTwice, command)
            }
        default: break
        }
    }

    private func close(_ command: Int, _ facts: inout FlowFacts) {
        if !facts.has(.openTwice, command) { facts.remove(.open, command) }
    }

    private func take<Observer: FlowObserver>(
        _ alternative: Int, _ before: FlowFacts, sealed: Bool, _ step: FlowStep,
        _ observer: inout Observer
    ) {
        var facts = before
        var isSealed = sealed
        run(alternatives[alternative].operations, &facts, &isSealed, step, &observer)
        observer.leaves(with: facts, sealed: isSealed, in: step)
        var step = step
        switch alternatives[alternative].exit {
        case .goto(let target):
            enter(target, &facts, &isSealed, &step, &observer)
        case .fail(let end):
            if !isSealed { confirm(facts, step, &observer) }
            if !isSealed, let end { enter(end, &facts, &isSealed, &step, &observer) }
            guard isSealed || end != nil else { return }
        case .stay:
            break
        }
        guard step.node != nil || step.entered != nil else { return }
        observer.arrives(at: step.landing, with: facts, in: step)
    }

    private func enter<Observer: FlowObserver>(
        _ state: Int, _ facts: inout FlowFacts, _ isSealed: inout Bool, _ step: inout FlowStep,
        _ observer: inout Observer
    ) {
        step.entered = state
        facts.beginVisit()
        run(states[state].entry, &facts, &isSealed, step, &observer)
    }

    private func need<Observer: FlowObserver>(
        _ number: Int, _ facts: inout FlowFacts, _ step: FlowStep, _ observer: inout Observer
    ) {
        let field = reads[number].field
        guard !facts.has(.set, field) else { return }
        observer.misses(number, in: step)
        // Where it is not set the engine stops before anything else happens.
        if reads[number].isCertain { facts.insert(.set, field) }
    }

    private func run<Observer: FlowObserver>(
        _ range: Range<Int>, _ facts: inout FlowFacts, _ isSealed: inout Bool, _ step: FlowStep,
        _ observer: inout Observer
    ) {
        for number in range {
            switch operations[number] {
            case .read(let read):
                need(read, &facts, step, &observer)
            case .assign(let field, let surely):
                observer.assigns(field, with: facts, in: step)
                if surely { facts.insert(.set, field) } else { facts.remove(.set, field) }
                for key in keysOfField[field] { facts.remove(.same, key) }
            case .push(let use):
                observer.pushes(use, with: facts, in: step)
                guard !isSealed else { continue }
                facts.insert(.armed, uses[use].command)
                facts.insert(.surelyArmed, uses[use].command)
                if let key = uses[use].key { facts.insert(.same, key) }
            case .seal:
                isSealed = true
                facts.clear(.armed)
                facts.clear(.surelyArmed)
                facts.clear(.same)
            case .emit(let use):
                observer.sends(use, with: facts, sealed: isSealed, in: step)
                send(use, &facts)
            }
        }
    }

    private func send(_ use: Int, _ facts: inout FlowFacts) {
        let (command, pending) = (uses[use].command, uses[use].pending)
        facts.insert(.sent, command)
        facts.insert(.surelySent, command)
        facts.insert(.visit, command)
        facts.insert(.step, command)
        guard pending != .none else { return }
        if pending == .many || facts.has(.open, command) { facts.insert(.openTwice, command) }
        facts.insert(.open, command)
    }
}

/// The facts of all nodes.
struct FlowSolution {
    private(set) var facts: [FlowFacts?]
    /// Whether the work was given up before nothing new was learnt.
    private(set) var gaveUp = false

    init(of model: FlowModel) {
        facts = Array(repeating: nil, count: model.states.count * 2)
        var solver = Solver(count: facts.count)
        model.begin(&solver)
        // Facts only ever change in one direction, but there may be many of them.
        var budget = 64 * (model.alternatives.count + facts.count) + 10_000
        while let node = solver.next() {
            guard let known = solver.facts[node] else { continue }
            budget -= model.states[node >> 1].lists.count + 1
            guard budget > 0 else {
                gaveUp = true
                return
            }
            model.follow(node, known, &solver)
        }
        facts = solver.facts
    }

    subscript(node: Int) -> FlowFacts? { facts[node] }

    private struct Solver: FlowObserver {
        var facts: [FlowFacts?]
        private var open: [Int] = []
        private var first = 0
        private var isOpen: [Bool]

        init(count: Int) {
            facts = Array(repeating: nil, count: count)
            isOpen = Array(repeating: false, count: count)
        }

        mutating func next() -> Int? {
            guard first < open.count else { return nil }
            let node = open[first]
            first += 1
            isOpen[node] = false
            return node
        }

        mutating func arrives(at node: Int, with new: FlowFacts, in step: FlowStep?) {
            if facts[node] == nil {
                facts[node] = new
            } else if facts[node]?.merge(new) == false {
                return
            }
            guard !isOpen[node] else { return }
            isOpen[node] = true
            open.append(node)
        }
    }
}
