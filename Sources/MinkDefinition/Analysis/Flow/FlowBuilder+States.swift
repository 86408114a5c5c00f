// States and transitions of the model.
import MinkExpression

extension FlowBuilder {
    mutating func add(_ state: StateDraft) -> FlowState {
        var added = FlowState(draft: state)
        let first = model.operations.count
        added.assigned = operate(state.onEnter.set)
        added.pushes = operate(pushing: state.onEnter.compensation)
        added.emissions = operate(sending: state.onEnter.emit)
        operateReads(of: state.timeout?.after)
        operateReads(of: state.timeout?.at)
        operateReads(of: state.remind?.every)
        if let waitFor = state.waitFor { operateNeed(waitFor.need) }
        if let forEach = state.forEach {
            operateReads(of: forEach.items)
            operateReads(of: forEach.key)
            operateNeed(forEach.need)
            added.itemEmissions = operateItems(forEach)
        }
        added.entry = first..<model.operations.count
        for handler in state.on {
            guard let trigger = trigger(of: handler.name.value) else { continue }
            added.lists.append(add(handler.transitions, after: trigger, name: handler.name))
        }
        if let timeout = state.timeout {
            added.lists.append(add(timeout.transitions, after: .timeout, name: nil))
        }
        if let remind = state.remind { added.lists += add(remind) }
        for part in state.waitFor?.parts ?? [] {
            guard let event = names.eventByName.number(of: part.event.value) else { continue }
            added.lists.append(add(part, after: .part(event), match: nil))
        }
        if let forEach = state.forEach { added.lists += add(forEach) }
        if !state.onJoin.isEmpty {
            added.lists.append(add(state.onJoin, after: .join, name: nil))
        }
        added.ownCount = added.lists.count
        if let waitFor = state.waitFor { join(waitFor, in: &added) }
        return added
    }

    /// What the parts of a join have done together: of so many that are needed, at least one has
    /// done what all but fewer do.
    private func join(_ waitFor: WaitForDraft, in state: inout FlowState) {
        let parts = state.lists.compactMap { list -> FlowAlternative? in
            guard case .part = model.lists[list].trigger else { return nil }
            return model.alternatives[model.lists[list].alternatives.lowerBound]
        }
        let need: Int
        switch waitFor.need {
        case .all: need = parts.count
        case .any: need = 1
        case .count(.literal(let node)): need = node.json.int.map { Int($0) } ?? 0
        case .count: need = 0
        }
        func isSure(_ count: Int) -> Bool { count > 0 && parts.count - count < need }
        var unset: Set<Int> = []
        for list in state.lists {
            for number in model.lists[list].alternatives {
                unset.formUnion(assigned(by: model.alternatives[number], surely: false))
            }
        }
        for field in draft.data.indices where !unset.contains(field) {
            let count = parts.count { assigned(by: $0, surely: true).contains(field) }
            if isSure(count) { state.joinedFields.append(field) }
        }
        for command in draft.commands.indices {
            let count = parts.count { part in
                part.pushes.contains { model.uses[$0].command == command }
            }
            if isSure(count) { state.joinedUndos.append(command) }
        }
    }

    private func assigned(by step: FlowAlternative, surely wanted: Bool) -> [Int] {
        step.operations.compactMap { number in
            guard case .assign(let field, wanted) = model.operations[number] else { return nil }
            return field
        }
    }

    private mutating func operateNeed(_ need: NeedDraft) {
        if case .count(let template) = need { operateReads(of: template) }
    }

    /// Starts the items of a list; answers that the join counts are never left open.
    private mutating func operateItems(_ forEach: ForEachDraft) -> Range<Int> {
        let counted = Set(forEach.done.compactMap { names.eventByName.number(of: $0.event.value) })
        let commands = model.commands
        return operate(sending: forEach.emit) { command in
            let doneBy = commands[command].doneBy
            return doneBy.isEmpty || !counted.isSuperset(of: doneBy) ? .many : .none
        }
    }

    private func trigger(of name: String) -> FlowList.Trigger? {
        guard let outcome = CommandOutcome(handler: name) else {
            return names.eventByName.number(of: name).map(FlowList.Trigger.event)
        }
        return names.commandByName.number(of: outcome.command).map {
            .outcome(command: $0, succeeded: outcome.succeeded)
        }
    }

    private mutating func add(_ remind: ReminderDraft) -> [Int] {
        var step = FlowAlternative(node: remind.node, range: remind.node.headRange)
        let first = model.operations.count
        step.emissions = operate(sending: remind.emit)
        operateReads(of: remind.every)
        step.operations = first..<model.operations.count
        var lists = [add([step], after: .reminder, name: nil)]
        if !remind.then.isEmpty {
            lists.append(add(remind.then, after: .afterReminders, name: nil))
        }
        return lists
    }

    private mutating func add(_ forEach: ForEachDraft) -> [Int] {
        var step = FlowAlternative(node: forEach.node, range: forEach.node.headRange)
        let first = model.operations.count
        step.emissions = operateItems(forEach)
        step.operations = first..<model.operations.count
        var lists = [add([step], after: .nextItem, name: nil)]
        for part in forEach.done + forEach.failed {
            guard let event = names.eventByName.number(of: part.event.value) else { continue }
            lists.append(add(part, after: .item(event), match: forEach.matchEvent))
        }
        return lists
    }

    private mutating func add(
        _ part: PartDraft, after trigger: FlowList.Trigger, match: ExpressionDraft?
    ) -> Int {
        var step = FlowAlternative(node: part.event.node, range: part.event.range)
        readCondition(part.when, behind: match, of: &step)
        let first = model.operations.count
        step.assigned = operate(part.set)
        step.pushes = operate(pushing: part.compensation)
        step.operations = first..<model.operations.count
        return add([step], after: trigger, name: part.event)
    }

    /// Notes what a condition reads, and what has to match before it is asked.
    private mutating func readCondition(
        _ condition: ExpressionDraft?, behind match: ExpressionDraft? = nil,
        of step: inout FlowAlternative
    ) {
        let reads = model.reads.count
        addReads(of: match) { _ in }
        addReads(of: condition) { _ in }
        step.conditionReads = reads..<model.reads.count
        step.condition = condition.flatMap { dataUses[$0.node.id] }
        step.hasCondition = condition != nil
        step.whenTrue = step.condition?.whenTrue ?? []
        step.whenFalse = step.condition?.whenFalse ?? []
    }

    mutating func add(
        _ transitions: [TransitionDraft], after trigger: FlowList.Trigger, name: Located<String>?
    ) -> Int {
        let first = model.alternatives.count
        for transition in transitions { model.alternatives.append(alternative(transition)) }
        return add(alternativesFrom: first, after: trigger, name: name)
    }

    private mutating func add(
        _ alternatives: [FlowAlternative], after trigger: FlowList.Trigger, name: Located<String>?
    ) -> Int {
        let first = model.alternatives.count
        model.alternatives += alternatives
        return add(alternativesFrom: first, after: trigger, name: name)
    }

    private mutating func add(
        alternativesFrom first: Int, after trigger: FlowList.Trigger, name: Located<String>?
    ) -> Int {
        model.lists.append(
            FlowList(
                trigger: trigger, alternatives: first..<model.alternatives.count, name: name))
        return model.lists.count - 1
    }

    private mutating func alternative(_ draft: TransitionDraft) -> FlowAlternative {
        var step = FlowAlternative(node: draft.node, range: draft.node.headRange)
        readCondition(draft.when, of: &step)
        let first = model.operations.count
        step.assigned = operate(draft.set)
        step.pushes = operate(pushing: draft.compensation)
        if draft.pointOfNoReturn { model.operations.append(.seal) }
        step.isSeal = draft.pointOfNoReturn
        step.isIgnored = draft.ignore
        if let fail = draft.fail {
            operateReads(of: fail.reason)
            step.failure = fail.reason.node
            step.exit = .fail(
                number(ofState: fail.endIn) ?? number(ofState: self.draft.compensation?.endIn))
        } else {
            step.emissions = operate(sending: draft.emit)
            step.goto = draft.goto
            if let target = number(ofState: draft.goto) { step.exit = .goto(target) }
        }
        step.operations = first..<model.operations.count
        return step
    }
}
