// Steps that nothing would undo, and undos of steps that were never taken.
import MinkExpression

extension FlowAnalysis {
    /// Compares what commands do with what undoes them.
    func checkSteps() {
        var said: Set<[Int]> = []
        var sentBefore: [Int: Bool] = [:]
        for node in waitingNodes {
            guard let facts = solution[node] else { continue }
            for list in model.states[node >> 1].lists {
                guard let event = model.lists[list].trigger.event, !model.done[event].isEmpty
                else { continue }
                let isSent = model.done[event].contains { facts.has(.sent, $0) }
                sentBefore[list] = sentBefore[list] == true || isSent
                for command in model.done[event]
                where facts.has(.sent, command) && model.commands[command].undo != .nothing {
                    checkAnswer(of: command, list, node, facts, &said)
                }
            }
        }
        for (list, isSent) in sentBefore.sorted(by: { $0.key < $1.key }) where !isSent {
            checkUndoWithoutStep(list)
        }
        checkSilentCommands()
        checkIgnoredAnswers()
    }

    /// The undos of a command that a step does not push; none when nothing is missing, and `nil`
    /// in place of names when any undo would do.
    private func missing(_ command: Int, _ pushed: [Int]) -> (isMissing: Bool, names: [Int]) {
        switch model.commands[command].undo {
        case .nothing: (false, [])
        // What the file gives to another command does not count for this one.
        case .unsaid: (pushed.allSatisfy(model.isClaimed), [])
        case .commands(let undos):
            (undos.contains { !pushed.contains($0) }, undos.filter { !pushed.contains($0) })
        }
    }

    // MARK: Commands with answers

    private func checkAnswer(
        of command: Int, _ list: Int, _ node: Int, _ facts: FlowFacts, _ said: inout Set<[Int]>
    ) {
        for number in model.lists[list].alternatives {
            let step = model.alternatives[number]
            let pushed = step.pushes.map { model.uses[$0].command }
            let missing = missing(command, pushed)
            guard missing.isMissing else {
                checkCondition(of: command, step, list, node, &said)
                continue
            }
            if step.isIgnored, isArmed(missing.names, facts) { continue }
            guard !said.contains([command, number]) else { continue }
            if step.isSeal, node & 1 == 0 {
                guard let cause = failures.cause(in: node, before: list, of: command) else {
                    continue
                }
                said.insert([command, number])
                reportKept(command, list, step, missing.names, cause)
            } else if let cause = cause(of: command, step, list, node) {
                said.insert([command, number])
                reportNoUndo(
                    command, missing.names, cause, at: step.node, step.range,
                    isPartly: !pushed.isEmpty)
            }
        }
    }

    private func isArmed(_ undos: [Int], _ facts: FlowFacts) -> Bool {
        undos.isEmpty
            ? !facts.isEmpty(.surelyArmed) : undos.allSatisfy { facts.has(.surelyArmed, $0) }
    }

    /// What can fail after the answer of a command, or before it comes.
    private func cause(
        of command: Int, _ step: FlowAlternative, _ list: Int, _ node: Int
    ) -> FlowFailures.Cause? {
        guard node & 1 == 0 else { return lateCause(of: command, list) }
        let after: FlowFailures.Cause?
        switch step.exit {
        case .fail:
            after = FlowFailures.Cause(
                words: model.words(of: list), node: step.failure)
        case .goto(let target):
            after = failures.cause(
                from: FlowModel.node(target, sealed: step.isSeal), of: command)
        case .stay:
            after = failures.cause(from: node, of: command)
        }
        return after ?? failures.cause(in: node, before: list, of: command)
    }

    /// A failure before the point of no return, while the answer is open that only a state behind
    /// it handles: then it is judged late, by what that state says.
    private func lateCause(of command: Int, _ list: Int) -> FlowFailures.Cause? {
        guard let event = model.lists[list].name?.value,
            let handlers = graph.handlers(of: event)
        else { return nil }
        for node in waitingNodes where node & 1 == 0 && !handlers.contains(node >> 1) {
            guard solution[node]?.has(.open, command) == true else { continue }
            if let cause = failures.cause(from: node, of: command) { return cause }
        }
        return nil
    }

    /// A part whose condition does not hold is unexpected, and then pushes nothing.
    private func checkCondition(
        of command: Int, _ step: FlowAlternative, _ list: Int, _ node: Int, _ said: inout Set<[Int]>
    ) {
        switch model.lists[list].trigger {
        case .part, .item: break
        default: return
        }
        guard step.hasCondition, node & 1 == 0,
            let cause = failures.cause(from: node, of: command),
            said.insert([command, model.lists[list].alternatives.lowerBound]).inserted
        else { return }
        let event = model.lists[list].name?.value ?? ""
        context.report(
            .noUndo,
            "after \"\(model.commands[command].name)\" a failure is possible (\(words(cause))) but "
                + "nothing undoes it when the condition of \"\(event)\" does not hold",
            at: step.node, step.range, related: related(cause))
    }

    private func reportNoUndo(
        _ command: Int, _ undos: [Int], _ cause: FlowFailures.Cause, at node: Node,
        _ range: Range<Int>, isPartly: Bool
    ) {
        let names = undos.map { model.commands[$0].name }
        let words =
            isPartly && !names.isEmpty ? "\(list(names)) is not armed" : "nothing undoes it"
        let help =
            names.isEmpty
            ? "name its undo under \"compensation\", or say \"undo\": \"none\""
            : "add \"compensation\": [\(names.map { "\"\($0)\"" }.joined(separator: ", "))]"
        context.report(
            .noUndo,
            "after \"\(model.commands[command].name)\" a failure is possible (\(self.words(cause))) "
                + "but \(words)", at: node, range, help: help, related: related(cause))
    }

    private func reportKept(
        _ command: Int, _ list: Int, _ step: FlowAlternative, _ undos: [Int],
        _ cause: FlowFailures.Cause
    ) {
        let event = model.lists[list].name?.value ?? ""
        let names = undos.map { model.commands[$0].name }
        context.report(
            .lateSuccessKept,
            "a late \(event) would keep what \"\(model.commands[command].name)\" did "
                + "(\(words(cause)))", at: step.node, step.range,
            help: names.isEmpty
                ? "list its undo here"
                : "add \"compensation\": [\(names.map { "\"\($0)\"" }.joined(separator: ", "))]",
            related: related(cause))
    }

    func words(_ cause: FlowFailures.Cause) -> String {
        guard let node = cause.node else { return cause.words }
        return "\(cause.words), line \(line(node))"
    }

    func related(_ cause: FlowFailures.Cause) -> [RelatedPlace] {
        guard let node = cause.node else { return [] }
        return [related("it can fail here", node, node.nameRange)]
    }

    /// An answer that arms an undo of what was never sent.
    private func checkUndoWithoutStep(_ list: Int) {
        guard let event = model.lists[list].trigger.event else { return }
        for number in model.lists[list].alternatives {
            for use in model.alternatives[number].pushes {
                let undone = model.done[event].filter { command in
                    switch model.commands[command].undo {
                    case .nothing: false
                    case .unsaid: true
                    case .commands(let undos): undos.contains(model.uses[use].command)
                    }
                }
                guard let first = undone.first else { continue }
                context.report(
                    .undoWithoutStep,
                    "\"\(model.name(ofUse: use))\" is armed, but no path to here emits "
                        + "\"\(model.commands[first].name)\"", at: model.uses[use].draft.command,
                    help: "emit \"\(model.commands[first].name)\" on the way to here, or remove "
                        + "\"\(model.name(ofUse: use))\" from this \"compensation\"")
            }
        }
    }

    // MARK: Commands without answers

    /// What says nothing when it is done needs its undo where it is sent.
    private func checkSilentCommands() {
        var said: Set<Int> = []
        for sent in record.sent where !sent.sealed && sent.landing & 1 == 0 {
            let command = model.uses[sent.use].command
            guard model.commands[command].doneBy.isEmpty,
                model.commands[command].undo != .nothing,
                !model.states[sent.landing >> 1].isFinal, !said.contains(sent.use)
            else { continue }
            let missing = missing(command, pushed(beside: sent.use, in: sent.step))
            guard missing.isMissing,
                let cause = failures.cause(from: sent.landing, of: command)
            else { continue }
            said.insert(sent.use)
            let place = model.uses[sent.use].draft.command
            reportNoUndo(
                command, missing.names, cause, at: place.node, place.range, isPartly: false)
        }
    }

    /// The undos that are pushed in the same turn, or by every answer of an item.
    private func pushed(beside use: Int, in step: FlowStep) -> [Int] {
        let isNext = step.list >= 0 && model.lists[step.list].isNextItem
        let state = step.entered ?? (step.node ?? 0) >> 1
        var pushed: [Int] = []
        if step.list >= 0 {
            pushed += model.alternatives[step.alternative].pushes.map { model.uses[$0].command }
        }
        if let entered = step.entered {
            pushed += model.states[entered].pushes.map { model.uses[$0].command }
        }
        guard isNext || model.states[state].itemEmissions.contains(use) else { return pushed }
        let done = Set(model.states[state].draft.forEach?.done.map(\.event.value) ?? [])
        let answers = model.states[state].lists.filter { list in
            guard case .item = model.lists[list].trigger else { return false }
            return model.lists[list].name.map { done.contains($0.value) } == true
        }
        let sets = answers.map { list in
            Set(
                model.lists[list].alternatives.flatMap { model.alternatives[$0].pushes }
                    .map { model.uses[$0].command })
        }
        guard var common = sets.first else { return pushed }
        for set in sets { common.formIntersection(set) }
        pushed += common
        if isNext { pushed += model.states[state].pushes.map { model.uses[$0].command } }
        return pushed
    }
}

extension FlowList {
    var isNextItem: Bool {
        if case .nextItem = trigger { true } else { false }
    }
}
