// Times that do not go together: deadlines, timeouts, delays, retries and holding.
import MinkExpression

/// Checks the times of one draft.
struct TimeChecks {
    let context: ReadingContext
    let draft: Draft
    let names: DeclaredNames
    let ways: DraftWays

    init(context: ReadingContext, draft: Draft, names: DeclaredNames, graph: StateGraph) {
        self.context = context
        self.draft = draft
        self.names = names
        ways = DraftWays(draft, graph: graph)
    }

    func run() {
        checkDeadline()
        for state in draft.states {
            guard let timeout = state.timeout?.duration else { continue }
            forEachEmission(during: state) { emission, _ in checkDelay(emission, timeout) }
        }
        checkRetries()
        checkStorms()
        checkHolding()
    }

    // MARK: The deadline

    private func checkDeadline() {
        guard let deadline = draft.deadline?.after,
            let node = draft.deadline?.node.member("after")
        else { return }
        let shown = DurationText.format(deadline)
        var isSaid = false
        for state in draft.states {
            guard let timeout = state.timeout?.duration, deadline < timeout else {
                continue
            }
            isSaid = true
            context.report(
                .deadlineTooShort,
                "the deadline (\(shown)) ends before the timeout of \"\(state.name.value)\" "
                    + "(\(DurationText.format(timeout))) can", at: node,
                help: "write a longer deadline, or a shorter timeout")
        }
        guard !isSaid, let fastest = ways.fastestWay(), deadline < fastest.wait else { return }
        context.report(
            .deadlineTooShort,
            "the deadline (\(shown)) ends before the fastest way to \"\(fastest.end)\" "
                + "(\(DurationText.format(fastest.wait))) can", at: node,
            help: "write a longer deadline")
    }

    // MARK: Delays

    /// The commands that are sent in a visit of a state, with whether they come with its entry.
    private func forEachEmission(
        during state: StateDraft,
        _ body: (_ emission: EmissionDraft, _ isBehindNoReturn: Bool) -> Void
    ) {
        for emission in state.onEnter.emit { body(emission, false) }
        for emission in state.forEach?.emit ?? [] { body(emission, false) }
        for emission in state.remind?.emit ?? [] { body(emission, false) }
        for transition in state.transitions where transition.goto == nil && transition.fail == nil {
            for emission in transition.emit { body(emission, transition.pointOfNoReturn) }
        }
        for transition in ways.transitions(into: state.name.value) {
            for emission in transition.emit { body(emission, transition.pointOfNoReturn) }
        }
    }

    private func checkDelay(_ emission: EmissionDraft, _ timeout: Duration) {
        guard !emission.keep, let delay = emission.delay, let wait = delay.literalDuration,
            wait >= timeout
        else { return }
        context.report(
            .delayOutlastsTimeout,
            "emitted after \(DurationText.format(wait)), but the state ends after "
                + "\(DurationText.format(timeout))", at: delay.node,
            help: "send it sooner, wait longer, or write \"keep\": true")
    }

    // MARK: Retries

    private func checkRetries() {
        for (state, isEarly) in zip(draft.states, ways.isBeforeNoReturn) where isEarly {
            guard let after = state.timeout?.after, let timeout = state.timeout?.duration else {
                continue
            }
            forEachEmission(during: state) { emission, isBehindNoReturn in
                let name = emission.use.command
                guard !isBehindNoReturn, !emission.keep else { return }
                let schedule = schedule(of: name.value)
                guard schedule > timeout else { return }
                context.report(
                    .retryOutlastsTimeout,
                    "retries go on for \(Self.roughly(schedule)), the state ends after "
                        + DurationText.format(timeout), at: name,
                    help: "take a retry policy that ends sooner, or wait longer",
                    related: [
                        RelatedPlace("the timeout stands here", at: context.span(after.node))
                    ])
            }
        }
    }

    /// How long the tries of a command go on.
    private func schedule(of command: String) -> Duration {
        let retry = names.commandByName[command]?.retry?.value
        return (retry.flatMap { names.policyByName[$0]?.policy } ?? RetryPolicy()).schedule
    }

    /// A long time in its largest units, so that it can be read at a glance.
    private static func roughly(_ duration: Duration) -> String {
        let units: [Int64] = [86_400, 3_600, 60]
        let seconds = duration.components.seconds
        guard let unit = units.first(where: { seconds >= 10 * $0 }) else {
            return DurationText.format(duration)
        }
        return DurationText.format(.seconds(seconds - seconds % unit))
    }

    private func checkStorms() {
        for draft in draft.retryPolicies where draft.name.node.source == self.draft.node.source {
            let policy = draft.policy
            let grows = policy.multiplyBy > 1 && policy.maxDelay > policy.firstDelay
            guard policy.attempts > 50, policy.firstDelay < .milliseconds(100), !grows,
                !policy.jitter
            else { continue }
            context.report(
                .retryStorm,
                "\(policy.attempts.grouped) tries \(DurationText.format(policy.firstDelay)) apart",
                at: draft.name, help: "let the delay grow, with \"jitter\"")
        }
    }

    // MARK: Holding

    /// How many pairs of states and events are looked at.
    private static let mostPairs = 250_000

    /// An event that is held must not be dropped while the state before can still last.
    private func checkHolding() {
        guard draft.states.count * draft.events.count <= Self.mostPairs else {
            if let name = draft.workflow {
                context.report(
                    .gaveUp,
                    "the states of \"\(name.value)\" are too many to say how long its events are "
                        + "held; not checked", at: name,
                    help: "divide it into several workflows")
            }
            return
        }
        for event in draft.events where event.name.node.source == draft.node.source {
            let name = event.name.value
            let hold = event.rules.holdFor ?? draft.eventRules.holdFor ?? EventRules().holdFor
            let ambiguous = event.rules.ambiguous?.value ?? draft.eventRules.ambiguous?.value
            guard
                let wait = ways.longestWait(before: name, isLateOnceSeen: ambiguous != .early),
                wait.time > hold
            else { continue }
            context.report(
                .holdTooShort,
                "held \(DurationText.format(hold)), but the state that takes it may come after "
                    + DurationText.format(wait.time), at: place(of: event),
                help: "write a longer \"holdFor\" under its \"rules\"",
                note: "\"\(name)\" may come in \"\(wait.state)\", which does not take it")
        }
    }

    private func place(of event: EventDraft) -> Located<String> {
        guard let rules = event.name.node.member("rules"),
            let hold = rules.member("early")?.member("holdFor")
        else { return event.name }
        return Located(event.name.value, hold)
    }
}

extension RetryPolicy {
    /// The time from the first try to the last, without jitter.
    var schedule: Duration {
        var total = Duration.zero
        var delay = firstDelay
        for number in 1..<max(1, attempts) {
            guard delay < maxDelay, multiplyBy > 1 else {
                return total + min(delay, maxDelay) * (attempts - number)
            }
            total += delay
            delay = delay * multiplyBy
        }
        return total
    }
}
