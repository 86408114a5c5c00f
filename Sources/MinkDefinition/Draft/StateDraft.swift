// The states of a draft, and their ways out.

/// A state of a file.
///
/// A class, because it never changes after it was read and every check hands it on.
final class StateDraft {
    let name: Located<String>
    let description: String?
    let onEnter: EntryDraft
    let on: [HandlerDraft]
    let timeout: TimeoutDraft?
    let remind: ReminderDraft?
    let waitFor: WaitForDraft?
    let forEach: ForEachDraft?
    let onJoin: [TransitionDraft]
    let outcome: Outcome?
    /// Whether `final` stands there, even with a word that is no outcome.
    let isFinal: Bool
    /// Whether parts of the state are lost to a mistake in the JSON text or in a key.
    let isDamaged: Bool
    /// Every transition that can leave this state or happen in it.
    let transitions: [TransitionDraft]

    init(
        name: Located<String>, description: String?, onEnter: EntryDraft,
        on: [HandlerDraft] = [], timeout: TimeoutDraft? = nil, remind: ReminderDraft? = nil,
        waitFor: WaitForDraft? = nil, forEach: ForEachDraft? = nil,
        onJoin: [TransitionDraft] = [], outcome: Outcome? = nil, isFinal: Bool, isDamaged: Bool
    ) {
        self.name = name
        self.description = description
        self.onEnter = onEnter
        self.on = on
        self.timeout = timeout
        self.remind = remind
        self.waitFor = waitFor
        self.forEach = forEach
        self.onJoin = onJoin
        self.outcome = outcome
        self.isFinal = isFinal
        self.isDamaged = isDamaged
        var transitions: [TransitionDraft] = []
        for handler in on { transitions += handler.transitions }
        transitions += timeout?.transitions ?? []
        transitions += remind?.then ?? []
        self.transitions = transitions + onJoin
    }
}

struct EntryDraft {
    var set: [AssignmentDraft] = []
    var compensation: [UseDraft] = []
    var emit: [EmissionDraft] = []
}

/// What happens with one event, or with the outcome of one command.
final class HandlerDraft {
    let name: Located<String>
    let transitions: [TransitionDraft]

    init(name: Located<String>, transitions: [TransitionDraft]) {
        self.name = name
        self.transitions = transitions
    }
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

/// One way to go on.
///
/// A class, because it never changes after it was read and every check hands it on.
final class TransitionDraft {
    let node: Node
    let when: ExpressionDraft?
    let isOtherwise: Bool
    let set: [AssignmentDraft]
    let compensation: [UseDraft]
    let pointOfNoReturn: Bool
    let fail: FailureDraft?
    let emit: [EmissionDraft]
    let goto: Located<String>?
    let ignore: Bool

    init(
        node: Node, when: ExpressionDraft?, isOtherwise: Bool, set: [AssignmentDraft],
        compensation: [UseDraft], pointOfNoReturn: Bool, fail: FailureDraft?,
        emit: [EmissionDraft], goto: Located<String>?, ignore: Bool
    ) {
        self.node = node
        self.when = when
        self.isOtherwise = isOtherwise
        self.set = set
        self.compensation = compensation
        self.pointOfNoReturn = pointOfNoReturn
        self.fail = fail
        self.emit = emit
        self.goto = goto
        self.ignore = ignore
    }
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

/// When to stop waiting.
final class TimeoutDraft {
    let node: Node
    let after: TemplateDraft?
    /// How long to wait, where that is written out.
    let duration: Duration?
    let at: TemplateDraft?
    let transitions: [TransitionDraft]

    init(
        node: Node, after: TemplateDraft?, at: TemplateDraft?, transitions: [TransitionDraft]
    ) {
        self.node = node
        self.after = after
        duration = after?.literalDuration
        self.at = at
        self.transitions = transitions
    }
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
