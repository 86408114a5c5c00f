// Handlers that would count twice when an event is published again under a new id.
import MinkExpression

/// Checks what the handlers of one draft add up.
struct RepeatChecks {
    let context: ReadingContext
    let draft: Draft
    let names: DeclaredNames

    func run() {
        for state in draft.states {
            for handler in state.on { check(handler) }
        }
        for handler in draft.anyState?.on ?? [] { check(handler) }
    }

    private func check(_ handler: HandlerDraft) {
        guard handler.transitions.contains(where: { !$0.set.isEmpty }) else { return }
        let name = handler.name.value
        guard let event = names.eventByName[name], event.uniqueBy == nil else { return }
        for transition in handler.transitions {
            for assignment in transition.set { check(assignment, event: name) }
        }
    }

    private func check(_ assignment: AssignmentDraft, event: String) {
        let field = assignment.field.value
        guard case .expression(let draft) = assignment.value,
            draft.text.contains("event"), draft.text.contains(field),
            CompiledExpression.adds(draft.text, path: ["data", field], variable: "event")
        else { return }
        context.report(
            .notIdempotentHandler,
            "a re-published event with a new id would count twice; add \"uniqueBy\"",
            at: draft.node,
            note: "\"uniqueBy\" names the field of \"\(event)\" that tells two of them apart")
    }
}
