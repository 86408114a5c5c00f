// Events that would vanish, and names that nobody uses.
import MinkExpression

extension DraftChecks {
    func checkSilentDrops() {
        for rules in [draft.eventRules] + draft.events.map(\.rules) {
            if let early = rules.early, early.value == .ignore { reportDrop(early.node, "early") }
            if let rule = rules.unexpected, rule.value == .ignore {
                reportDrop(rule.node, "unexpected")
            }
        }
    }

    private func reportDrop(_ node: Node, _ kind: String) {
        context.report(
            .silentDrop, "\(kind) events would disappear without a trace", at: node,
            help: "write \"deadLetter\", which puts them aside")
    }

    /// Declared names that nothing mentions; those of shared files are for others too.
    func checkUnused() {
        let root = draft.node.source
        func report(_ name: Located<String>, _ words: String) {
            guard name.node.source == root else { return }
            context.report(.unused, words, at: name, help: "use it, or remove it")
        }
        for event in draft.events where !usage.events.contains(event.name.value) {
            report(event.name, "event \"\(event.name.value)\" is never used")
        }
        for command in draft.commands where !usage.commands.contains(command.name.value) {
            report(command.name, "command \"\(command.name.value)\" is never emitted")
        }
        for policy in draft.retryPolicies where !usage.policies.contains(policy.name.value) {
            report(policy.name, "retry policy \"\(policy.name.value)\" is never used")
        }
        guard let readData else { return }
        for field in draft.data {
            let name = field.name.value
            if !usage.data.contains(name), !readData.contains(name) {
                report(field.name, "\"\(name)\" is never set or read")
            }
        }
    }
}

extension TemplateDraft {
    /// The duration that is written out; `nil` for an expression.
    var literalDuration: Duration? {
        guard case .literal(let node) = self else { return nil }
        return node.text.flatMap { DurationText.parse($0) }
    }
}

extension StateDraft {
    /// Every transition that can leave this state or happen in it.
    var transitions: [TransitionDraft] {
        on.flatMap(\.transitions) + (timeout?.transitions ?? []) + (remind?.then ?? []) + onJoin
    }

    /// The names of the events that it waits for.
    var waitedEvents: Set<String> {
        var events = Set(on.map(\.name.value))
        events.formUnion(waitFor?.parts.map(\.event.value) ?? [])
        events.formUnion(forEach?.done.map(\.event.value) ?? [])
        events.formUnion(forEach?.failed.map(\.event.value) ?? [])
        return events
    }

    fileprivate var uses: [UseDraft] {
        let parts =
            (waitFor?.parts ?? []) + (forEach?.done ?? []) + (forEach?.failed ?? [])
        return onEnter.compensation + onEnter.emit.map(\.use) + parts.flatMap(\.compensation)
            + (remind?.emit.map(\.use) ?? []) + (forEach?.emit.map(\.use) ?? [])
    }
}

extension Draft {
    var allTransitions: [TransitionDraft] {
        states.flatMap(\.transitions) + start.flatMap(\.transitions)
            + (anyState?.on.flatMap(\.transitions) ?? [])
    }

    /// Every place that names a command to send.
    var allUses: [UseDraft] {
        states.flatMap(\.uses)
            + allTransitions.flatMap { $0.compensation + $0.emit.map(\.use) }
    }
}
