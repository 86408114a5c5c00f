// Compiles states, their transitions and what they wait for.
import MinkExpression

extension DefinitionCompiler {
    mutating func compile(_ state: StateDraft) -> State {
        let name = state.name.value
        var on: [String: [Transition]] = [:]
        var onOutcome: [CommandOutcome: [Transition]] = [:]
        for handler in state.on {
            if let outcome = resolve(handler: handler.name) {
                let scope = Scope(.outcome(succeeded: outcome.succeeded))
                onOutcome[outcome] = transitions(handler.transitions, in: scope)
            } else {
                let scope = Scope(.named(handler.name.value))
                on[handler.name.value] = transitions(handler.transitions, in: scope)
            }
        }
        var entry = Scope.without(.onEnter)
        entry.hasFailure = state.outcome == .failed || state.outcome == .cancelled
        var joinScope = Scope.without(.join)
        joinScope.hasJoin = true
        return State(
            name: name, description: state.description,
            onEnter: Entry(
                set: assignments(state.onEnter.set, in: entry, isStart: false),
                compensation: uses(state.onEnter.compensation, in: entry.withFailure()),
                emit: emissions(state.onEnter.emit, in: entry)),
            on: on, onOutcome: onOutcome, timeout: state.timeout.flatMap { timeout($0) },
            remind: state.remind.flatMap { reminder($0) },
            join: state.waitFor.map { .waitFor(waitFor($0)) }
                ?? state.forEach.flatMap { forEach($0, in: name).map(Join.forEach) },
            onJoin: transitions(state.onJoin, in: joinScope), outcome: state.outcome)
    }

    mutating func compile(_ anyState: AnyStateDraft) -> AnyState {
        for state in anyState.except { resolve(state: state) }
        var on: [String: [Transition]] = [:]
        for handler in anyState.on {
            resolve(event: handler.name)
            let scope = Scope(.named(handler.name.value))
            on[handler.name.value] = transitions(handler.transitions, in: scope)
        }
        return AnyState(on: on, except: Set(anyState.except.map(\.value)))
    }

    private mutating func timeout(_ draft: TimeoutDraft) -> Timeout? {
        let scope = Scope.without(.timeout)
        let transitions = transitions(draft.transitions, in: scope)
        if let after = draft.after.flatMap({ span($0, in: scope, called: "after") }) {
            return Timeout(due: .after(after), transitions: transitions)
        }
        let moment = draft.at.flatMap {
            expressions.template($0, in: scope, as: DataType(.timestamp), called: "at")
        }
        return moment.map { Timeout(due: .at($0), transitions: transitions) }
    }

    private mutating func reminder(_ draft: ReminderDraft) -> Reminder? {
        let scope = Scope.without(.reminder)
        let emit = emissions(draft.emit, in: scope)
        let then = transitions(draft.then, in: scope)
        guard let every = draft.every.flatMap({ span($0, in: scope, called: "every") }) else {
            return nil
        }
        return Reminder(every: every, emit: emit, atMost: draft.atMost, then: then)
    }

    /// A duration that is written out, or computed.
    private mutating func span(
        _ draft: TemplateDraft, in scope: Scope, called name: String
    ) -> Template? {
        expressions.template(draft, in: scope, as: DataType(.duration), called: name)
    }

    // MARK: Transitions

    /// Compiles alternatives, of which each knows that the conditions before it do not hold.
    mutating func transitions(
        _ drafts: [TransitionDraft], in scope: Scope, isStart: Bool = false
    ) -> [Transition] {
        defer { expressions.known = [] }
        return drafts.map { draft in
            let transition = transition(draft, in: scope, isStart: isStart)
            expressions.known += transition.when?.expression.needs.whenFalse ?? []
            return transition
        }
    }

    private mutating func transition(
        _ draft: TransitionDraft, in scope: Scope, isStart: Bool
    ) -> Transition {
        let known = expressions.known
        defer { expressions.known = known }
        var transition = Transition(place: context.place(draft.node))
        transition.when = expressions.condition(draft.when, in: scope)
        expressions.known += transition.when?.expression.needs.whenTrue ?? []
        transition.set = assignments(draft.set, in: scope, isStart: isStart)
        // What a test said of the inside of a field of data counts until the field is set.
        if !transition.set.isEmpty { expressions.known.removeAll { $0.hasPrefix("data.") } }
        transition.compensation = uses(draft.compensation, in: scope.withFailure())
        transition.pointOfNoReturn = draft.pointOfNoReturn
        transition.fail = draft.fail.flatMap { failure($0, in: scope) }
        transition.emit = emissions(draft.emit, in: scope)
        if let goto = draft.goto {
            resolve(state: goto)
            transition.goto = goto.value
        }
        transition.ignore = draft.ignore
        return transition
    }

    mutating func failure(_ draft: FailureDraft, in scope: Scope) -> Failure? {
        if let endIn = draft.endIn { resolve(endIn: endIn) }
        let reason = expressions.template(
            draft.reason, in: scope, as: DataType(.string), called: "fail")
        if let field = reason.flatMap({ personalField(in: $0, scope) }) {
            context.report(
                .personalDataOut,
                "\"\(field)\" is personal and would stand in the reason of the failure",
                at: draft.reason.node, help: "leave it out; reasons are shown and logged")
        }
        return reason.map { Failure(reason: $0, endIn: draft.endIn?.value) }
    }

    mutating func assignments(
        _ drafts: [AssignmentDraft], in scope: Scope, isStart: Bool
    ) -> [Assignment] {
        drafts.compactMap { draft in
            let name = draft.field.value
            guard let field = resolve(field: draft.field) else {
                // The value may still be wrong in itself.
                _ = expressions.template(draft.value, in: scope, called: name)
                return nil
            }
            if !isStart, name == self.draft.correlateBy?.value {
                context.report(
                    .keyChanged, "\"\(name)\" names the saga and cannot change", at: draft.field,
                    help: "remove it from this \"set\", or keep the value in another field")
            }
            let value = expressions.template(
                draft.value, in: scope, as: field.type, isOptional: field.isOptional, called: name)
            return value.map { Assignment(field: name, value: $0) }
        }
    }

    // MARK: Joins

    private mutating func waitFor(_ draft: WaitForDraft) -> WaitFor {
        WaitFor(
            parts: draft.parts.map { part($0, in: Scope(.named($0.event.value))) },
            need: need(draft.need), others: draft.others)
    }

    private mutating func forEach(_ draft: ForEachDraft, in state: String) -> ForEach? {
        let entry = Scope.without(.forEach)
        let items = expressions.value(
            draft.items, in: entry, as: DataType(.list(.any)), called: "in")
        var itemScope = entry
        if let name = draft.name {
            let item = Scope.Item(name: name.value, state: state)
            itemScope.item = item
            if case .list(let element) = items?.expression.type {
                expressions.environments.items[item] = element
            }
        }
        let keyType = DataType(.choice([DataType(.string), DataType(.integer)], exclusive: false))
        let key = expressions.value(draft.key, in: itemScope, as: keyType, called: "key")
        var answerScope = Scope(.oneOf((draft.done + draft.failed).map(\.event.value)))
        if answerScope.event == .oneOf([]) { answerScope.event = .unknown }
        let matchEvent = expressions.value(
            draft.matchEvent, in: answerScope, as: keyType, called: "matchEvent")
        checkItemKey(draft, items?.expression.type, key: key, matchEvent: matchEvent)
        let emit = emissions(draft.emit, in: itemScope)
        let done = parts(draft.done, itemScope)
        let failed = parts(draft.failed, itemScope)
        let need = need(draft.need)
        guard let items, let name = draft.name, let key else { return nil }
        return ForEach(
            items: items, name: name.value, key: key, matchEvent: matchEvent,
            maxConcurrent: draft.maxConcurrent, emit: emit, done: done, failed: failed, need: need,
            whenImpossible: draft.whenImpossible, others: draft.others)
    }

    private func checkItemKey(
        _ draft: ForEachDraft, _ items: ExpressionType?, key: LocatedExpression?,
        matchEvent: LocatedExpression?
    ) {
        guard let key, let node = draft.key?.node, let name = draft.name?.value else { return }
        if !key.expression.references.contains(where: { $0.path.first == name }) {
            context.report(
                .badFanoutKey, "every item has the same key", at: node,
                help: "use what differs from item to item, as in \"= \(name).…\"")
        } else if let count = items?.valueCount(of: draft.key?.text ?? "", item: name) {
            context.report(
                .badFanoutKey,
                "only \(count) different keys are possible, so that items share them", at: node,
                help: "use what differs from item to item")
        }
        guard let matchEvent, let matchNode = draft.matchEvent?.node else { return }
        let (left, right) = (key.expression.type, matchEvent.expression.type)
        guard !left.isDynamic, !right.isDynamic, left != right else { return }
        context.report(
            .badFanoutKey,
            "\"key\" is \(left.phrase) but \"matchEvent\" is \(right.phrase); they "
                + "are never equal", at: matchNode,
            help: "give both the same type, with string(…) or int(…)")
    }

    private mutating func parts(_ drafts: [PartDraft], _ scope: Scope) -> [String: JoinPart] {
        var parts: [String: JoinPart] = [:]
        for draft in drafts {
            var scope = scope
            scope.event = .named(draft.event.value)
            parts[draft.event.value] = part(draft, in: scope)
        }
        return parts
    }

    private mutating func part(_ draft: PartDraft, in scope: Scope) -> JoinPart {
        resolve(event: draft.event)
        let when = expressions.condition(draft.when, in: scope)
        expressions.known = when?.expression.needs.whenTrue ?? []
        defer { expressions.known = [] }
        return JoinPart(
            event: draft.event.value, when: when,
            set: assignments(draft.set, in: scope, isStart: false),
            compensation: uses(draft.compensation, in: scope.withFailure()))
    }

    private mutating func need(_ draft: NeedDraft) -> Need {
        switch draft {
        case .all: return .all
        case .any: return .any
        case .count(let template):
            let count = expressions.template(
                template, in: .without(.need), as: DataType(.integer), called: "need")
            return count.map(Need.count) ?? .all
        }
    }
}

extension ExpressionType {
    /// How many values a field of an element of this list can have, when the text is its path.
    fileprivate func valueCount(of text: String, item: String) -> Int? {
        guard case .list(.object(let object)) = self else { return nil }
        let steps = text.trimmingSpaces.split(separator: ".")
        guard steps.count == 2, steps[0] == item else { return nil }
        return object.field(String(steps[1]))?.values?.count
    }
}
