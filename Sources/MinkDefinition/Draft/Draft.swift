// A workflow file whose shape was checked: every part is there or known to be wrong, and every
// part knows its place. Names are not resolved and expressions not compiled yet.
import MinkExpression

/// A value of the file, and the node that holds it.
struct Located<Value> {
    let value: Value
    let node: Node
    /// The bytes that a finding about it marks.
    let range: Range<Int>

    init(_ value: Value, _ node: Node, range: Range<Int>? = nil) {
        self.value = value
        self.node = node
        self.range = range ?? node.range
    }
}

/// The parts of a workflow file.
struct Draft {
    let node: Node
    var workflow: Located<String>?
    var version: Located<Int>?
    var owner: String?
    var description: String?
    var correlateBy: Located<String>?
    var data: [DataDraft] = []
    var events: [EventDraft] = []
    var commands: [CommandDraft] = []
    var retryPolicies: [PolicyDraft] = []
    var compensation: CompensationDraft?
    var deadline: DeadlineDraft?
    var eventRules = EventRulesDraft()
    var start: [StartDraft] = []
    var states: [StateDraft] = []
    var anyState: AnyStateDraft?
    var retain: Duration?
    var limits: LimitsDraft?
    var migration: MigrationDraft?

    /// What `use` and `$ref` brought in, in the order in which it was met.
    var included: [Node] = []
    /// Sections of which parts are lost to a mistake in the JSON text.
    var damaged: Set<Section> = []

    /// The sections that declare names.
    enum Section { case data, events, commands, retryPolicies, states }
}

struct DataDraft {
    let name: Located<String>
    let type: DataType
    let isOptional: Bool
    let isPersonal: Bool
    let initial: Value?
}

struct EventDraft {
    let name: Located<String>
    let type: DataType
    let correlate: ExpressionDraft?
    let uniqueBy: Located<String>?
    let rules: EventRulesDraft
    let personalFields: Set<String>
}

struct EventRulesDraft {
    var holdFor: Duration?
    var early: Located<EventRules.WhenEarly>?
    var late: Located<EventRules.WhenLate>?
    var unexpected: Located<EventRules.WhenUnexpected>?
    var ambiguous: Located<EventRules.Ambiguous>?
}

struct CommandDraft {
    let name: Located<String>
    var arguments: [MemberDraft] = []
    var destination: Located<String>?
    var retry: Located<String>?
    var doneBy: [Located<String>] = []
    var failedBy: [Located<String>] = []
    var undo: [Located<String>] = []
    var confirmation: ConfirmationDraft?
}

struct ConfirmationDraft {
    let event: Located<String>?
    let within: Duration?
    let failedBy: Located<String>?
    let when: ExpressionDraft?
}

struct PolicyDraft {
    let name: Located<String>
    let policy: RetryPolicy
}

struct CompensationDraft {
    let node: Node
    let whenStuck: CompensationRule.WhenStuck
    let endIn: Located<String>?
}

struct DeadlineDraft {
    let node: Node
    let after: Duration?
    let fail: FailureDraft?
}

struct LimitsDraft {
    var limits = Limits()
    var raised: [Located<Int>] = []
}

struct MigrationDraft {
    var from: [Int] = []
    var states: [(from: Located<String>, to: Located<String>)] = []
    var set: [AssignmentDraft] = []
    var timers: Migration.Timers = .keep
}
