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
    /// All lists of alternatives.
    var guardLists: [GuardList] {
        let handlers = (anyState?.on ?? []) + states.flatMap(\.on)
        let open =
            start.map { GuardList(name: $0.event, transitions: $0.transitions, closingKey: nil) }
            + handlers.map {
                GuardList(name: $0.name, transitions: $0.transitions, closingKey: nil)
            }
        return open + states.flatMap(\.closedLists)
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

extension StateDraft {
    /// The lists of alternatives in which one has to be taken.
    fileprivate var closedLists: [GuardList] {
        let lists = [
            (timeout?.transitions, "then"), (onJoin, "onJoin"), (remind?.then, "then"),
        ]
        return lists.map { list, key in
            GuardList(name: name, transitions: list ?? [], closingKey: key)
        }
    }
}
