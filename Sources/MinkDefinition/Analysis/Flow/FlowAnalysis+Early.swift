// Events that may be early and late in the same state.
import MinkExpression

extension FlowAnalysis {
    /// An event is both where a state that handles it may lie behind the saga and may still come.
    func checkEarlyAndLate() {
        let starts = Set(draft.start.filter { !$0.deliversToExisting }.map(\.event.value))
        guard draft.eventRules.ambiguous == nil else { return }
        for event in draft.events
        where event.rules.ambiguous == nil && !starts.contains(event.name.value) {
            guard let handlers = graph.handlers(of: event.name.value) else { continue }
            var behind = StateSet(capacity: draft.states.count)
            for handler in handlers.members where isReached(handler) {
                behind.formUnion(graph.reachable(from: handler))
            }
            for state in behind.members
            where !handlers.contains(state) && isReached(state) && !model.states[state].isFinal
                && graph.reachable(from: state).intersects(handlers)
            {
                report(event, state, handlers)
            }
        }
    }

    private func report(_ event: EventDraft, _ state: Int, _ handlers: StateSet) {
        let name = name(state)
        var related = [self.related("the saga waits here", draft.states[state].name)]
        if let first = handlers.members.first(where: { graph.reachable(from: state).contains($0) }),
            let handler = draft.states[first].handlerName(of: event.name.value)
        {
            related.append(self.related("it is handled here", handler))
        }
        context.report(
            .earlyAndLate, "\"\(event.name.value)\" may be early or late in \"\(name)\"",
            at: event.name, help: "say which under \"rules\": { \"ambiguous\": \"early\" }",
            related: related)
    }
}
