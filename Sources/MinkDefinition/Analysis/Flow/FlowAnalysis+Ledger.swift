// The ledger: failures behind the point of no return, undos that are skipped, pushed twice, or
// listed in the wrong order.
import MinkExpression

extension FlowAnalysis {
    func checkLedger() {
        checkFailuresAfterNoReturn()
        for (number, undos) in record.skipped {
            guard let goto = model.alternatives[number].goto else { continue }
            let names = undos.map { model.commands[$0].name }.joined(separator: ", ")
            context.report(
                .gotoSkipsUndo, "going to \"\(goto.value)\" skips \(names)", at: goto,
                help: "write \"fail\"")
        }
        for (use, step) in record.doubles { reportDouble(use, step) }
    }

    // MARK: Behind the point of no return

    private func checkFailuresAfterNoReturn() {
        var said: Set<Int> = []
        for node in waitingNodes {
            guard let facts = solution[node] else { continue }
            let state = model.states[node >> 1]
            for (position, list) in state.lists.enumerated()
            where model.isEnabled(list, facts) {
                for number in model.lists[list].alternatives {
                    let step = model.alternatives[number]
                    guard let failure = step.failure, node & 1 != 0 || step.isSeal else { continue }
                    let isOwn = position < state.ownCount || step.isSeal
                    guard said.insert(isOwn ? number : -1 - (node >> 1)).inserted else { continue }
                    reportFailure(node, list, step, failure, isOwn: isOwn)
                }
            }
        }
    }

    private func reportFailure(
        _ node: Int, _ list: Int, _ step: FlowAlternative, _ failure: Node, isOwn: Bool
    ) {
        let state = draft.states[node >> 1]
        let seal = step.isSeal ? step : self.seal(before: node)
        let line = seal.map { " (line \(self.line($0.sealNode)))" } ?? ""
        let subject =
            step.isSeal ? "this" : "\"\(state.name.value)\""
        let message =
            "\(subject) lies behind the point of no return\(line); it cannot be compensated"
        var related: [RelatedPlace] = []
        if let seal {
            let place = seal.sealNode
            related.append(
                self.related("nothing can be undone from here on", place, place.headRange))
        }
        if isOwn {
            context.report(
                .failAfterNoReturn, message, at: failure, failure.nameRange ?? failure.range,
                help: step.isSeal
                    ? "write \"goto\" in place of \"fail\", or leave \"pointOfNoReturn\" out"
                    : "write \"goto\" in place of \"fail\"", related: related)
        } else {
            let event = model.words(of: list)
            related.append(self.related("\(event) fails in any state", failure, failure.nameRange))
            context.report(
                .failAfterNoReturn, message, at: state.name,
                help: "say what \(event) does here, or \"ignore\": true", related: related)
        }
    }

    /// A step across the point of no return that leads to a node.
    private func seal(before node: Int) -> FlowAlternative? {
        for edge in record.edges where edge.to & 1 != 0 && (edge.from.map { $0 & 1 == 0 } ?? true) {
            guard let number = edge.alternative else { continue }
            var seen: Set<Int> = [edge.to]
            var open = [edge.to]
            while let next = open.popLast() {
                if next == node { return model.alternatives[number] }
                for step in failures.steps(from: next) where seen.insert(step.to).inserted {
                    open.append(step.to)
                }
            }
        }
        return nil
    }

    // MARK: Twice

    private func reportDouble(_ use: Int, _ step: FlowStep) {
        let key = model.uses[use].key
        let place = model.uses[use].draft.command
        let other = model.uses.indices.first { $0 != use && model.uses[$0].key == key }
        let earlier = other.map { model.uses[$0].draft.command } ?? place
        let (first, second) = (line(earlier.node), line(place.node))
        let lines =
            first == second
            ? "line \(second)" : "lines \(min(first, second)) and \(max(first, second))"
        context.report(
            .doubleUndo, "\"\(place.value)\" would be emitted twice (\(lines))", at: place,
            help: "arm it once, or with the values of each step",
            related: other == nil ? [] : [related("it is armed here too", earlier)])
    }

    // MARK: Tries that end too soon

    /// Commands that nothing can take back any more must succeed in the end.
    func checkRetries() {
        var said: Set<Int> = []
        for sent in record.sent where sent.sealed {
            let command = model.commands[model.uses[sent.use].command]
            let span = command.retry.span
            guard span <= .seconds(3600), said.insert(sent.use).inserted else { continue }
            let tries = command.retry.attempts == 1 ? "1 try" : "\(command.retry.attempts) tries"
            context.report(
                .noRetryAfterNoReturn,
                "after the point of no return \"\(command.name)\" must succeed in the end, but "
                    + "\(tries) end after \(DurationText.format(span))",
                at: model.uses[sent.use].draft.command, help: "use a patient retry")
        }
    }

    // MARK: Order

    /// Lists in which the undo of an earlier step would run before that of a later one.
    func checkOrder() {
        for number in model.states.indices { checkOrder(model.states[number].pushes) }
        for number in model.alternatives.indices { checkOrder(model.alternatives[number].pushes) }
    }

    private func checkOrder(_ pushes: Range<Int>) {
        guard pushes.count > 1 else { return }
        for first in pushes {
            for second in pushes where second > first {
                guard isNewer(first, than: second) else { continue }
                let (a, b) = (model.name(ofUse: first), model.name(ofUse: second))
                context.report(
                    .undoOrder, "runs \(b) first, then \(a)",
                    at: model.uses[first].draft.command,
                    help: "the list is armed in this order, and undone newest first: write "
                        + "\"\(b)\" before \"\(a)\"")
                return
            }
        }
    }

    /// Whether the step that one undo belongs to comes after that of another on every way.
    private func isNewer(_ first: Int, than second: Int) -> Bool {
        let (a, b) = (model.uses[first].command, model.uses[second].command)
        guard a != b else { return false }
        let (stepsA, stepsB) = (steps(undoneBy: a), steps(undoneBy: b))
        if !stepsA.isEmpty, !stepsB.isEmpty {
            return stepsA.allSatisfy { later in
                stepsB.allSatisfy { earlier in
                    record.surelyBefore[later]?.contains(earlier) == true
                        && !record.maybeBefore[earlier].contains(later)
                }
            }
        }
        let (ownA, ownB) = (fields(of: a), fields(of: b))
        let (onlyA, onlyB) = (ownA.subtracting(ownB), ownB.subtracting(ownA))
        guard !onlyA.isEmpty, !onlyB.isEmpty else { return false }
        return onlyA.allSatisfy { later in
            onlyB.allSatisfy { earlier in
                record.setBefore[later]?.contains(earlier) == true
                    && record.setBefore[earlier]?.contains(later) == false
            }
        }
    }

    private func steps(undoneBy undo: Int) -> [Int] {
        model.commands.indices.filter { command in
            guard case .commands(let undos) = model.commands[command].undo else { return false }
            return undos.contains(undo) && record.surelyBefore[command] != nil
        }
    }

    /// The fields that an undo reads and that no start event sets.
    private func fields(of command: Int) -> Set<Int> {
        let atStart = Set(
            model.start.flatMap { model.lists[$0].alternatives }
                .flatMap { model.alternatives[$0].assigned.map(\.field) } + model.defaults)
        return Set(model.commands[command].reads.flatMap(\.use.mentions)).subtracting(atStart)
    }
}

extension FlowAlternative {
    /// Where the point of no return stands.
    fileprivate var sealNode: Node { node.member("pointOfNoReturn") ?? node }
}

extension RetryPolicy {
    /// How long all tries take that wait for each other, without the tries themselves; at most a
    /// year.
    var span: Duration {
        // In floating point, where a policy without measure becomes infinite instead of too large.
        let year = 365.0 * 86_400
        let longest = maxDelay / .seconds(1)
        var delay = firstDelay / .seconds(1)
        var span = 0.0
        for _ in 1..<max(attempts, 1) where span < year {
            span += min(delay, longest)
            delay *= multiplyBy
        }
        return .seconds(min(span, year))
    }
}
