// The states of a draft, and their ways out.

struct StateDraft {
    let name: Located<String>
    var description: String?
    var onEnter = EntryDraft()
    var on: [HandlerDraft] = []
    var timeout: TimeoutDraft?
    var remind: ReminderDraft?
    var waitFor: WaitForDraft?
    var forEach: ForEachDraft?
    var onJoin: [TransitionDraft] = []
    var outcome: Outcome?
    /// Whether `final` stands there, even with a word that is no outcome.
    var isFinal = false
    /// Whether parts of the state are lost to a mistake in the JSON text or in a key.
    var isDamaged = false
}

struct EntryDraft {
    var set: [AssignmentDraft] = []
    var compensation: [UseDraft] = []
    var emit: [EmissionDraft] = []
}

/// What happens with one event, or with the outcome of one command.
struct HandlerDraft {
    let name: Located<String>
    let transitions: [TransitionDraft]
}

struct StartDraft {
    let event: Located<String>
    let transitions: [TransitionDraft]
    let deliversToExisting: Bool
    /// Whether the file says what an event does that comes again.
    let saysOnExisting: Bool
}

struct AnyStateDraft {
    let node: Node
    let on: [HandlerDraft]
    let except: [Located<String>]
}

struct TransitionDraft {
    let node: Node
    var when: ExpressionDraft?
    var isOtherwise = false
    var set: [AssignmentDraft] = []
    var compensation: [UseDraft] = []
    var pointOfNoReturn = false
    var fail: FailureDraft?
    var emit: [EmissionDraft] = []
    var goto: Located<String>?
    var ignore = false
}

struct FailureDraft {
    let reason: TemplateDraft
    let endIn: Located<String>?
}

struct AssignmentDraft {
    let field: Located<String>
    let value: TemplateDraft
}

/// A command that is named in `emit` or `compensation`.
struct UseDraft {
    let command: Located<String>
    let overrides: [MemberDraft]
}

struct EmissionDraft {
    let use: UseDraft
    let delay: TemplateDraft?
    let keep: Bool
}

struct TimeoutDraft {
    let node: Node
    let after: TemplateDraft?
    let at: TemplateDraft?
    let transitions: [TransitionDraft]
}

struct ReminderDraft {
    let node: Node
    let every: TemplateDraft?
    let emit: [EmissionDraft]
    let atMost: Int?
    let then: [TransitionDraft]
}

struct PartDraft {
    let event: Located<String>
    var when: ExpressionDraft?
    var set: [AssignmentDraft] = []
    var compensation: [UseDraft] = []
}

enum NeedDraft {
    case all, any
    case count(TemplateDraft)
}

struct WaitForDraft {
    let node: Node
    let parts: [PartDraft]
    let need: NeedDraft
    let others: Others
}

struct ForEachDraft {
    let node: Node
    let items: ExpressionDraft?
    let name: Located<String>?
    let key: ExpressionDraft?
    let matchEvent: ExpressionDraft?
    let maxConcurrent: Int?
    let emit: [EmissionDraft]
    let done: [PartDraft]
    let failed: [PartDraft]
    let need: NeedDraft
    let whenImpossible: WhenImpossible
    let others: Others
}
