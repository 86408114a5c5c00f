// Times that do not go together, events that would vanish, and names that nobody uses.
import MinkExpression

extension DraftChecks {
    func checkTimes() {
        for state in draft.states {
            guard let timeout = state.timeout?.after?.literalDuration else { continue }
            if let deadline = draft.deadline?.after, deadline < timeout,
                let node = draft.deadline?.node.member("after")
            {
                context.report(
                    .deadlineTooShort,
                    "the deadline (\(DurationText.format(deadline))) ends before the timeout of "
                        + "\"\(state.name.value)\" (\(DurationText.format(timeout))) can", at: node)
            }
            for emission in state.onEnter.emit where !emission.keep {
                guard let delay = emission.delay, let wait = delay.literalDuration,
                    wait >= timeout
                else { continue }
                context.report(
                    .delayOutlastsTimeout,
                    "emitted after \(DurationText.format(wait)), but the state ends after "
                        + "\(DurationText.format(timeout))", at: delay.node)
            }
        }
        for policy in draft.retryPolicies where policy.name.node.source == draft.node.source {
            let delay = policy.policy.firstDelay
            guard policy.policy.attempts > 50, delay < .milliseconds(100),
                policy.policy.multiplyBy <= 1, !policy.policy.jitter
            else { continue }
            context.report(
                .retryStorm,
                "\(policy.policy.attempts) tries \(DurationText.format(delay)) apart",
                at: policy.name)
        }
    }

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
            .silentDrop, "\(kind) events would disappear without a trace", at: node)
    }

    /// Declared names that nothing mentions; those of shared files are for others too.
    func checkUnused() {
        let root = draft.node.source
        func report(_ name: Located<String>, _ words: String) {
            if name.node.source == root { context.report(.unused, words, at: name) }
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
