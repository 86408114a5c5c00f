// What can be said of a draft without following the saga through its states.
import MinkExpression

/// Checks one draft after its names and expressions were resolved.
struct DraftChecks {
    let context: ReadingContext
    let draft: Draft
    let names: DeclaredNames
    let usage: Usage
    /// Fields that expressions read; `nil` when some expression could not be read.
    let readData: Set<String>?
    let definition: Definition

    func run() {
        checkKeys()
        checkCompensationEnd()
        checkStart()
        checkWays()
        checkJoins()
        TimeChecks(context: context, draft: draft, names: names, graph: definition.graph).run()
        RepeatChecks(context: context, draft: draft, names: names).run()
        checkSilentDrops()
        // What a mistake hides is not unused.
        guard !context.hidesParts else { return }
        checkUnused()
    }

    // MARK: Correlation

    /// Every event has to name its saga, by keys of one type.
    private func checkKeys() {
        guard let field = draft.correlateBy?.value else { return }
        var first: (event: String, type: String)?
        let starts = draft.start.compactMap { names.eventByName[$0.event.value] }
        let startNames = Set(starts.map(\.name.value))
        let others = draft.events.filter { !startNames.contains($0.name.value) }
        for event in starts + others {
            guard isOwn(event.name) || usage.events.contains(event.name.value) else { continue }
            if event.correlate != nil {
                let type = definition.events[event.name.value]?.correlate?.expression.type
                if let type, [.string, .int].contains(type) {
                    checkKeyType(type.phrase, of: event, against: &first)
                }
                continue
            }
            guard let fields = event.type.fields else { continue }
            guard let key = fields[field] else {
                if case .kept = fields.others { continue }
                if case .typed = fields.others { continue }
                let name = event.name.value
                context.report(
                    .noKey, "event \"\(name)\" has no \"\(field)\"; how do we find its saga?",
                    at: event.name,
                    help: NameSuggestions(fields.fields.map(\.name)).nearest(to: field)
                        .map { "did you mean \"\($0)\"?" } ?? "add \"\(field)\" to it",
                    note: "add the field, or say where the key is: \"correlate\": \"= event.…\"")
                continue
            }
            checkKeyType(key.type, of: event, against: &first)
        }
    }

    private func checkKeyType(
        _ type: DataType, of event: EventDraft, against first: inout (event: String, type: String)?
    ) {
        let field = draft.correlateBy?.value ?? ""
        let name = event.name.value
        switch type.kind {
        case .string, .integer:
            checkKeyType(type.phrase, of: event, against: &first)
        case .any, .choice, .date:
            return
        default:
            context.report(
                .keyType,
                "\"\(field)\" is \(type.phrase) in \(name); a key is a string or an "
                    + "integer", at: event.name,
                help: "declare it as a string or an integer, or say where the key is: "
                    + "\"correlate\": \"= event.…\"")
        }
    }

    private func checkKeyType(
        _ type: String, of event: EventDraft, against first: inout (event: String, type: String)?
    ) {
        let name = event.name.value
        guard let known = first else {
            first = (name, type)
            return
        }
        guard known.type != type else { return }
        let key = event.correlate == nil ? draft.correlateBy?.value : nil
        context.report(
            .keyType,
            "\(key.map { "\"\($0)\"" } ?? "the key") is \(known.type) in \(known.event) but "
                + "\(type) in \(name); \"7\" and 7 are different sagas", at: event.name,
            help: event.correlate == nil
                ? "declare it alike in both events"
                : "make it \(known.type) in the \"correlate\" of \(name)")
    }

    private func isOwn(_ name: Located<String>) -> Bool { name.node.source == draft.node.source }

    // MARK: Compensation

    /// Where something can fail, compensation needs a state to end in.
    private func checkCompensationEnd() {
        guard draft.compensation?.endIn == nil, draft.compensation?.node.hasMember("endIn") != true
        else { return }
        let open = draft.allTransitions.first { $0.fail != nil && $0.fail?.endIn == nil }
        let deadline = draft.deadline.flatMap { $0.fail?.endIn == nil ? $0.node : nil }
        guard let need = open?.node.member("fail") ?? deadline, !context.isDamaged(draft.node)
        else { return }
        let place = draft.compensation?.node ?? need
        context.report(
            .badEndOfCompensation,
            "compensation must end in a failed or cancelled state; \"compensation\" has no "
                + "\"endIn\"", at: place, place.headRange,
            help: "write \"compensation\": { \"endIn\": … } with a failed or cancelled state")
    }

    /// A start event that is handled inside too leaves open what is meant when it comes again.
    private func checkStart() {
        for start in draft.start where !start.saysOnExisting {
            let name = start.event.value
            let anyState = draft.anyState?.on.contains { $0.name.value == name } == true
            let state = draft.states.first { $0.waits(for: name) }
            guard anyState || state != nil else { continue }
            let inside = anyState ? "every state" : "\"\(state?.name.value ?? "")\""
            context.report(
                .startClash,
                "\"\(name)\" starts this saga and is handled in \(inside); set onExisting",
                at: start.event,
                help: "write \"onExisting\": \"deliver\", or \"ignore\" if it only starts sagas")
        }
    }

    // MARK: Ways out

    private func checkWays() {
        for state in draft.states where !state.isFinal && !state.isDamaged {
            checkExit(of: state)
            checkWaiting(state)
        }
    }

    private func checkExit(of state: StateDraft) {
        guard draft.isStuck(state), !context.isDamaged(draft.node) else { return }
        context.report(
            .stuckState, "a saga in \"\(state.name.value)\" can never leave it", at: state.name,
            help: "add \"on\" or a \"timeout\", or make it final")
    }

    private func checkWaiting(_ state: StateDraft) {
        guard state.waitsWithoutEnd, draft.deadline == nil, !draft.node.hasMember("deadline") else {
            return
        }
        context.report(
            .noTimeout, "\"\(state.name.value)\" may wait for ever", at: state.name,
            help: "add a \"timeout\", or a \"deadline\" for the whole saga")
    }

    // MARK: Joins

    private func checkJoins() {
        for state in draft.states {
            if let forEach = state.forEach { checkItems(forEach, of: state) }
            guard let waitFor = state.waitFor else { continue }
            if case .count(.literal(let node)) = waitFor.need,
                let need = node.json.int, need > waitFor.parts.count, !waitFor.parts.isEmpty
            {
                context.report(
                    .joinNever, "needs \(need) of \(waitFor.parts.count) parts", at: node,
                    help: "write \"all\", or at most \(waitFor.parts.count)")
            }
            checkParts(waitFor.parts, of: state)
        }
    }

    /// What stands in `on` never comes to a join.
    private func checkParts(_ parts: [PartDraft], of state: StateDraft) {
        let handled = Set(state.on.map(\.name.value))
        for part in parts where handled.contains(part.event.value) {
            context.report(
                .joinNever,
                "\"\(part.event.value)\" stands in \"on\" too, which takes it away from here",
                at: part.event, help: "remove it from \"on\", or from here")
        }
    }

    private func checkItems(_ forEach: ForEachDraft, of state: StateDraft) {
        checkParts(forEach.done + forEach.failed, of: state)
        let done = Set(forEach.done.map(\.event.value))
        for part in forEach.failed where done.contains(part.event.value) {
            context.report(
                .joinNever,
                "\"\(part.event.value)\" stands in \"done\" too, which takes it away from here",
                at: part.event, help: "remove it from \"done\", or from \"failed\"")
        }
        guard case .count(.literal(let node)) = forEach.need, let need = node.json.int,
            let most = mostItems(of: forEach), need > most
        else { return }
        context.report(
            .joinNever, "needs \(need) of at most \(most) items", at: node,
            help: "write \"all\", or at most \(most)")
    }

    /// How many items a list of data can have by its type; `nil` when nothing says so.
    private func mostItems(of forEach: ForEachDraft) -> Int? {
        guard let text = forEach.items?.text.trimmingSpaces, text.hasPrefix("data.") else {
            return nil
        }
        let type = names.fieldByName[String(text.dropFirst("data.".count))]?.type
        guard let type, case .list = type.kind else { return nil }
        return type.rules.maxCount
    }
}

extension StateDraft {
    /// Whether it waits for something, and no time in it ends that.
    var waitsWithoutEnd: Bool {
        let waits = !on.isEmpty || waitFor != nil || forEach != nil
        let ends =
            timeout != nil || name.node.hasMember("timeout")
            || (remind?.atMost != nil && remind?.then.isEmpty == false)
        return waits && !ends
    }
}

extension Draft {
    /// Whether nothing at all can make a saga leave a state that waits.
    func isStuck(_ state: StateDraft) -> Bool {
        let waits =
            !state.on.isEmpty || state.timeout != nil || state.waitFor != nil
            || state.forEach != nil || state.remind?.then.isEmpty == false
        return !waits && !anyStateMoves(state)
    }

    private func anyStateMoves(_ state: StateDraft) -> Bool {
        guard let anyState, !anyState.except.contains(where: { $0.value == state.name.value })
        else { return false }
        return anyState.on.contains { $0.transitions.contains { $0.goto != nil || $0.fail != nil } }
    }
}

extension Finding {
    /// The same finding with another weight.
    func with(_ severity: Severity) -> Finding {
        var finding = self
        finding.severity = severity
        return finding
    }
}
