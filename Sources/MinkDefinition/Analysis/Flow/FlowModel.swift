// A workflow in numbers: what each step reads, sets, arms and sends, in the order in which it runs.
//
//   state ── lists, one for each trigger ── alternatives ── operations ── exit
//
// Numbers of states, events, commands and fields are their places in the file, so that sets of them
// are bits.
import MinkExpression

/// A draft, as the analysis walks through it.
struct FlowModel {
    var states: [FlowState] = []
    var lists: [FlowList] = []
    var alternatives: [FlowAlternative] = []
    var operations: [FlowOperation] = []
    var reads: [FlowRead] = []
    var uses: [FlowUse] = []
    var commands: [FlowCommand] = []
    /// Whether each command is declared as the undo of one.
    var claimed: [Bool] = []
    /// The lists of the start events.
    var start: [Int] = []
    /// Fields that have a value from the beginning.
    var defaults: [Int] = []
    /// Undos whose values change when a field is set, by field.
    var keysOfField: [[Int]] = []
    var keyCount = 0
    /// Undos that are confirmed by a condition which reads data.
    var confirmations: [FlowConfirmation] = []
    /// What the reason of the deadline reads.
    var deadlineReads: Range<Int> = 0..<0
    var hasDeadline = false
    /// Where the deadline ends, and where an exhausted command does; `nil` when the file is silent.
    var deadlineEnd: Int?
    var defaultEnd: Int?
    /// The commands that an event answers, done or failed, by event.
    var answered: [[Int]] = []
    /// The commands that an event says were done, by event.
    var done: [[Int]] = []
}

/// What a state does on entry, and what can happen in it.
struct FlowState {
    let draft: StateDraft
    var entry: Range<Int> = 0..<0
    /// What the entry pushes and sends, in the table of uses; items of `forEach` are apart.
    var pushes: Range<Int> = 0..<0
    var emissions: Range<Int> = 0..<0
    var itemEmissions: Range<Int> = 0..<0
    /// The fields that the entry sets.
    var assigned: [FlowAlternative.Assigned] = []
    /// Fields that are set, and undos that are pushed, whichever parts make the join fire.
    var joinedFields: [Int] = []
    var joinedUndos: [Int] = []
    var lists: [Int] = []
    /// The first of ``lists`` that holds in any state and is not its own.
    var ownCount = 0
    var isFinal: Bool { draft.isFinal }
}

/// The alternatives that follow one trigger.
struct FlowList {
    let trigger: Trigger
    let alternatives: Range<Int>
    /// Where it is named in the file; `nil` for what has no name.
    let name: Located<String>?

    /// What makes one of the alternatives happen.
    enum Trigger {
        case start(Int)
        case event(Int)
        /// A part of `waitFor`.
        case part(Int)
        /// An answer for an item of `forEach`.
        case item(Int)
        case outcome(command: Int, succeeded: Bool)
        case timeout, reminder, afterReminders, join
        /// An item of `forEach` that is started later than at entry.
        case nextItem

        /// The event; `nil` where none comes.
        var event: Int? {
            switch self {
            case .start(let event), .event(let event), .part(let event), .item(let event): event
            default: nil
            }
        }
    }
}

/// One way to go on.
struct FlowAlternative {
    /// Where a finding about the whole stands.
    let node: Node
    let range: Range<Int>
    /// What the condition reads, in the table of reads.
    var conditionReads: Range<Int> = 0..<0
    var condition: DataUse?
    var hasCondition = false
    /// Fields that are set where the condition holds, and where it does not.
    var whenTrue: [Int] = []
    var whenFalse: [Int] = []
    var operations: Range<Int> = 0..<0
    var exit = Exit.stay
    var isSeal = false
    var isIgnored = false
    /// `fail` in the file, if it fails.
    var failure: Node?
    /// `goto` in the file, if it goes on.
    var goto: Located<String>?
    /// What it pushes and sends, in the table of uses.
    var pushes: Range<Int> = 0..<0
    var emissions: Range<Int> = 0..<0
    /// The fields that it sets.
    var assigned: [Assigned] = []

    struct Assigned {
        let field: Int
        /// Whether the new value is made from the old one.
        let isFromItself: Bool
    }

    enum Exit: Equatable {
        case stay
        case goto(Int)
        /// Gives up; the number of the final state, if it is known.
        case fail(Int?)
    }
}

/// One thing that a step does.
enum FlowOperation {
    /// Needs a field, by the table of reads.
    case read(Int)
    case assign(Int, surely: Bool)
    /// Pushes an undo, by the table of uses.
    case push(Int)
    case seal
    /// Sends a command, by the table of uses.
    case emit(Int)
}

/// A field of data that is read at a place.
struct FlowRead {
    let field: Int
    let isCertain: Bool
    let expression: ExpressionDraft
    let range: Range<Int>
    /// The place that uses the command whose template reads the field.
    let use: UseDraft?
    /// The undo for which it is read.
    let undo: String?
    /// Whether it is read to tell which undo an event confirms.
    var confirms = false
}

/// An undo whose confirmation reads data.
struct FlowConfirmation {
    let undo: Int
    /// What the condition reads, in the table of reads.
    let reads: Range<Int>
    /// The commands whose answers push the undo.
    var steps: Set<Int> = []
}

/// A place that names a command.
struct FlowUse {
    let command: Int
    let draft: UseDraft
    /// Tells undos with equal values apart; `nil` where values differ each time.
    var key: Int?
    /// How many answers it may wait for.
    var pending = Pending.one

    enum Pending {
        /// Its answers are counted by a join, whenever they come.
        case none
        case one
        case many
    }
}

/// A declared command.
struct FlowCommand {
    let draft: CommandDraft
    var doneBy: [Int] = []
    var failedBy: [Int] = []
    var undo = Undo.unsaid
    /// Whether the saga fails when its tries run out.
    var isExhaustible = false
    var retry = RetryPolicy()
    /// What its template reads of data.
    var reads: [TemplateRead] = []

    enum Undo: Equatable {
        case unsaid, nothing
        case commands([Int])
    }

    struct TemplateRead {
        let argument: String
        let expression: ExpressionDraft
        let use: DataUse
    }

    var name: String { draft.name.value }
    var hasAnswers: Bool { !doneBy.isEmpty || !failedBy.isEmpty }
}

extension FlowModel {
    /// The number of a state together with whether the point of no return lies behind.
    static func node(_ state: Int, sealed: Bool) -> Int { state * 2 + (sealed ? 1 : 0) }

    func isClaimed(_ command: Int) -> Bool { claimed[command] }

    func name(ofState state: Int) -> String { states[state].draft.name.value }

    func name(ofUse use: Int) -> String { commands[uses[use].command].name }
}
