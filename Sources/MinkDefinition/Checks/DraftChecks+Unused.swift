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
    /// Whether it waits for an event.
    func waits(for event: String) -> Bool {
        on.contains { $0.name.value == event }
            || waitFor?.parts.contains { $0.event.value == event } == true
            || forEach?.done.contains { $0.event.value == event } == true
            || forEach?.failed.contains { $0.event.value == event } == true
    }

    fileprivate func forEachUse(_ body: (UseDraft) -> Void) {
        for use in onEnter.compensation { body(use) }
        for emission in onEnter.emit { body(emission.use) }
        for part in waitFor?.parts ?? [] { part.compensation.forEach(body) }
        for part in forEach?.done ?? [] { part.compensation.forEach(body) }
        for part in forEach?.failed ?? [] { part.compensation.forEach(body) }
        for emission in remind?.emit ?? [] { body(emission.use) }
        for emission in forEach?.emit ?? [] { body(emission.use) }
    }
}

extension Draft {
    var allTransitions: [TransitionDraft] {
        var all: [TransitionDraft] = []
        for state in states { all += state.transitions }
        for start in start { all += start.transitions }
        for handler in anyState?.on ?? [] { all += handler.transitions }
        return all
    }

    /// Every place that names a command to send.
    func forEachUse(_ body: (UseDraft) -> Void) {
        for state in states { state.forEachUse(body) }
        for transition in allTransitions {
            for use in transition.compensation { body(use) }
            for emission in transition.emit { body(emission.use) }
        }
    }
}
