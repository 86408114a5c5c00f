// Makes the model that the analysis walks through from a draft.
import MinkExpression

/// Builds one model.
struct FlowBuilder {
    let draft: Draft
    let names: DeclaredNames
    let dataUses: [Node.ID: DataUse]
    var model = FlowModel()

    init(_ draft: Draft, names: DeclaredNames, dataUses: [Node.ID: DataUse]) {
        self.draft = draft
        self.names = names
        self.dataUses = dataUses
    }

    mutating func build() -> FlowModel {
        model.defaults = draft.data.indices.filter { draft.data[$0].initial != nil }
        model.keysOfField = Array(repeating: [], count: draft.data.count)
        model.keyCount = draft.commands.count
        addCommands()
        for start in draft.start {
            guard let event = names.eventByName.number(of: start.event.value) else { continue }
            model.start.append(add(start.transitions, after: .start(event), name: start.event))
        }
        let anywhere = (draft.anyState?.on ?? []).compactMap { handler -> (String, Int)? in
            guard let event = names.eventByName.number(of: handler.name.value) else { return nil }
            return (
                handler.name.value,
                add(handler.transitions, after: .event(event), name: handler.name)
            )
        }
        let except = Set(draft.anyState?.except.map(\.value) ?? [])
        for state in draft.states {
            var added = add(state)
            if !state.isFinal, !except.contains(state.name.value) {
                for (event, list) in anywhere where !state.waits(for: event) {
                    added.lists.append(list)
                }
            }
            model.states.append(added)
        }
        model.defaultEnd = number(ofState: draft.compensation?.endIn)
        addDeadline()
        addConfirmations()
        return model
    }

    private mutating func addConfirmations() {
        var places: [Int: Int] = [:]
        for (number, command) in draft.commands.enumerated() {
            let first = model.reads.count
            addReads(of: command.confirmation?.when) { _ in }
            guard model.reads.count > first else { continue }
            for read in first..<model.reads.count { model.reads[read].confirms = true }
            places[number] = model.confirmations.count
            model.confirmations.append(
                FlowConfirmation(undo: number, reads: first..<model.reads.count))
        }
        guard !places.isEmpty else { return }
        for list in model.lists {
            guard let event = list.trigger.event else { continue }
            for use in list.alternatives.flatMap({ model.alternatives[$0].pushes }) {
                guard let place = places[model.uses[use].command] else { continue }
                model.confirmations[place].steps.formUnion(model.done[event])
            }
        }
    }

    private mutating func addDeadline() {
        guard let deadline = draft.deadline else { return }
        model.hasDeadline = true
        model.deadlineEnd = number(ofState: deadline.fail?.endIn) ?? model.defaultEnd
        let first = model.reads.count
        if let reason = deadline.fail?.reason { addReads(of: reason) { _ in } }
        model.deadlineReads = first..<model.reads.count
    }

    func number(ofState name: Located<String>?) -> Int? {
        name.flatMap { names.stateByName.number(of: $0.value) }
    }

    private mutating func addCommands() {
        model.answered = Array(repeating: [], count: draft.events.count)
        model.done = model.answered
        model.claimed = Array(repeating: false, count: draft.commands.count)
        for (number, draft) in draft.commands.enumerated() {
            var command = FlowCommand(draft: draft)
            command.doneBy = draft.doneBy.compactMap { names.eventByName.number(of: $0.value) }
            command.failedBy = draft.failedBy.compactMap { names.eventByName.number(of: $0.value) }
            if draft.undo.contains(where: { $0.value == "none" }) {
                command.undo = .nothing
            } else if !draft.undo.isEmpty {
                let undos = draft.undo.compactMap { names.commandByName.number(of: $0.value) }
                command.undo = .commands(undos)
                for undo in undos { model.claimed[undo] = true }
            }
            if let retry = draft.retry {
                command.retry = names.policyByName[retry.value]?.policy ?? .init()
            }
            command.isExhaustible = command.retry.whenExhausted == .fail
            for member in draft.arguments {
                Self.forEachExpression(in: member.value) { expression in
                    let use = dataUses[expression.node.id] ?? DataUse()
                    command.reads.append(
                        .init(argument: member.name, expression: expression, use: use))
                    for field in use.mentions where !model.keysOfField[field].contains(number) {
                        model.keysOfField[field].append(number)
                    }
                }
            }
            for event in command.doneBy { model.done[event].append(number) }
            for event in command.doneBy + command.failedBy { model.answered[event].append(number) }
            model.commands.append(command)
        }
    }
}

// MARK: - Expressions

extension FlowBuilder {
    static func forEachExpression(in template: TemplateDraft, _ body: (ExpressionDraft) -> Void) {
        switch template {
        case .literal: break
        case .expression(let expression): body(expression)
        case .list(let elements, _):
            for element in elements { Self.forEachExpression(in: element, body) }
        case .object(let members, _):
            for member in members { Self.forEachExpression(in: member.value, body) }
        }
    }

    /// Adds what a value reads, and hands each read on.
    mutating func addReads(
        of template: TemplateDraft?, undo: String? = nil, _ each: (Int) -> Void
    ) {
        guard let template else { return }
        var found: [ExpressionDraft] = []
        Self.forEachExpression(in: template) { found.append($0) }
        for expression in found { addReads(of: expression, undo: undo, each) }
    }

    mutating func addReads(
        of expression: ExpressionDraft?, undo: String? = nil, _ each: (Int) -> Void
    ) {
        guard let expression, let use = dataUses[expression.node.id] else { return }
        for read in use.reads {
            each(model.reads.count)
            model.reads.append(
                FlowRead(
                    field: read.field, isCertain: read.isCertain, expression: expression,
                    range: read.range, use: nil, undo: undo))
        }
    }

    mutating func operateReads(of template: TemplateDraft?) {
        let first = model.reads.count
        addReads(of: template) { _ in }
        for read in first..<model.reads.count { model.operations.append(.read(read)) }
    }

    mutating func operateReads(of expression: ExpressionDraft?) {
        if let expression { operateReads(of: TemplateDraft.expression(expression)) }
    }

    /// Adds assignments: all right-hand sides see the old data.
    mutating func operate(_ set: [AssignmentDraft]) -> [FlowAlternative.Assigned] {
        for assignment in set { operateReads(of: assignment.value) }
        var assigned: [FlowAlternative.Assigned] = []
        for assignment in set {
            guard let field = names.fieldByName.number(of: assignment.field.value) else { continue }
            var isFromItself = false
            Self.forEachExpression(in: assignment.value) { expression in
                let use = dataUses[expression.node.id]
                if use?.mentions.contains(field) == true { isFromItself = true }
            }
            assigned.append(.init(field: field, isFromItself: isFromItself))
            model.operations.append(
                .assign(field, surely: !draft.data[field].isOptional || isSure(assignment.value)))
        }
        return assigned
    }

    /// Whether a value is never nothing.
    private func isSure(_ value: TemplateDraft) -> Bool {
        switch value {
        case .literal(let node): node.kind != .null
        case .expression(let expression): dataUses[expression.node.id]?.mayBeAbsent != true
        case .list, .object: true
        }
    }

    /// Adds undos that are pushed.
    mutating func operate(pushing drafts: [UseDraft]) -> Range<Int> {
        let first = model.uses.count
        for draft in drafts { addUse(draft, isUndo: true) { .push($0) } }
        return first..<model.uses.count
    }

    /// Adds commands that are sent.
    mutating func operate(
        sending drafts: [EmissionDraft], pending: (Int) -> FlowUse.Pending = { _ in .one }
    ) -> Range<Int> {
        let first = model.uses.count
        for draft in drafts {
            operateReads(of: draft.delay)
            addUse(draft.use, isUndo: false) { .emit($0) }
            if model.uses.count > first {
                let last = model.uses.count - 1
                model.uses[last].pending = pending(model.uses[last].command)
            }
        }
        return first..<model.uses.count
    }

    private mutating func addUse(
        _ use: UseDraft, isUndo: Bool, _ operation: (Int) -> FlowOperation
    ) {
        guard let command = names.commandByName.number(of: use.command.value) else { return }
        let undo = isUndo ? use.command.value : nil
        var isOfItsPlace = false
        for read in model.commands[command].reads
        where !use.overrides.contains(where: { $0.name == read.argument }) {
            isOfItsPlace = isOfItsPlace || read.use.isOfItsPlace || read.use.readsTime
            for field in read.use.reads {
                model.operations.append(.read(model.reads.count))
                model.reads.append(
                    FlowRead(
                        field: field.field,
                        isCertain: field.isCertain && !(isUndo && read.use.readsFailure),
                        expression: read.expression, range: field.range, use: use, undo: undo))
            }
        }
        var fields: [Int] = []
        for member in use.overrides {
            let first = model.reads.count
            addReads(of: member.value, undo: undo) { _ in }
            for read in first..<model.reads.count { model.operations.append(.read(read)) }
            Self.forEachExpression(in: member.value) { expression in
                guard let use = dataUses[expression.node.id] else { return }
                isOfItsPlace = isOfItsPlace || use.isOfItsPlace || use.readsTime
                fields += use.mentions
            }
        }
        var added = FlowUse(command: command, draft: use)
        if isUndo, !isOfItsPlace {
            added.key = use.overrides.isEmpty ? command : newKey(of: command, reading: fields)
        }
        model.operations.append(operation(model.uses.count))
        model.uses.append(added)
    }

    private mutating func newKey(of command: Int, reading fields: [Int]) -> Int {
        let key = model.keyCount
        model.keyCount += 1
        let all = fields + model.commands[command].reads.flatMap(\.use.mentions)
        for field in Set(all) { model.keysOfField[field].append(key) }
        return key
    }
}
