// The names of a workflow that its scenarios may use.
import MinkExpression

/// What scenarios may mention of a workflow.
struct ScenarioVocabulary: Sendable {
    let workflow: String
    let version: Int
    /// Where the workflow's name stands.
    let span: SourceSpan
    /// First events, each with what makes two workflows begin together.
    let starts: [Start]
    private(set) var events: Set<String>
    private(set) var commands: Set<String>
    private(set) var states: Set<String>
    private(set) var data: Set<String>

    struct Start: Sendable {
        let event: String
        /// The event and the field or expression of its key.
        let key: String
        let span: SourceSpan
    }

    /// The names of a draft; `nil` without a name or version.
    init?(_ draft: Draft, in context: ReadingContext) {
        guard let workflow = draft.workflow, let version = draft.version else { return nil }
        self.workflow = workflow.value
        self.version = version.value
        span = context.span(workflow.node)
        starts = draft.start.map { start in
            let name = start.event.value
            let correlate = draft.events.first { $0.name.value == name }?.correlate?.text
            let key = correlate?.trimmingSpaces ?? "event.\(draft.correlateBy?.value ?? "")"
            return Start(
                event: name, key: "\(name) \(key)",
                span: context.span(start.event.node, start.event.range))
        }
        events = Set(draft.events.map(\.name.value))
        commands = Set(draft.commands.map(\.name.value))
        states = Set(draft.states.map(\.name.value))
        data = Set(draft.data.map(\.name.value))
    }

    /// The names of two versions of one workflow.
    func merged(with other: ScenarioVocabulary) -> ScenarioVocabulary {
        var both = self
        both.events.formUnion(other.events)
        both.commands.formUnion(other.commands)
        both.states.formUnion(other.states)
        both.data.formUnion(other.data)
        return both
    }
}
