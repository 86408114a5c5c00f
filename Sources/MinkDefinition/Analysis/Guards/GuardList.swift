// The places of a draft in which alternatives with guards stand.
import MinkExpression

/// Alternatives, the first of which is taken whose guard is true.
struct GuardList {
    /// What they belong to: the event, or the state of an `onJoin` or `then`.
    let name: Located<String>
    let transitions: [TransitionDraft]
    /// The key of a list in which one has to be taken; `nil` where none may match.
    let closingKey: String?

    /// Whether an event that no alternative takes counts as unexpected.
    var isOpen: Bool { closingKey == nil }

    /// The list as messages name it.
    var noun: String { "\"\(closingKey ?? name.value)\"" }

    /// Whether a mistake in the JSON text may have lost an alternative or a part of one.
    func isDamaged(in context: ReadingContext) -> Bool {
        context.isDamaged(name.node) || transitions.contains { context.isDamaged($0.node) }
    }

    /// Where its last alternative begins.
    func end(in context: ReadingContext) -> SourceSpan {
        guard let last = transitions.last else { return context.span(name.node, name.range) }
        return context.span(last.node, last.node.headRange)
    }
}

extension Draft {
    /// Walks all lists of alternatives that have a guard: those in which none may match, then those
    /// in which one has to be taken.
    func forEachGuardList(_ body: (GuardList) -> Void) {
        func visit(_ name: Located<String>, _ transitions: [TransitionDraft], _ key: String?) {
            guard transitions.first?.when != nil else { return }
            body(GuardList(name: name, transitions: transitions, closingKey: key))
        }
        for start in start { visit(start.event, start.transitions, nil) }
        for handler in anyState?.on ?? [] { visit(handler.name, handler.transitions, nil) }
        for state in states {
            for handler in state.on { visit(handler.name, handler.transitions, nil) }
        }
        for state in states {
            visit(state.name, state.timeout?.transitions ?? [], "then")
            visit(state.name, state.onJoin, "onJoin")
            visit(state.name, state.remind?.then ?? [], "then")
        }
    }

    /// Conditions that stand alone: of parts of a join, and of confirmations.
    var partConditions: [ExpressionDraft] {
        let parts = states.flatMap { state in
            (state.waitFor?.parts ?? []) + (state.forEach?.done ?? [])
                + (state.forEach?.failed ?? [])
        }
        return parts.compactMap(\.when) + commands.compactMap { $0.confirmation?.when }
    }
}
