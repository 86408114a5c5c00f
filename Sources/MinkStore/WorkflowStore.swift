// What the engine loop needs of a store, and nothing for people: those read `WorkflowQueries`.
//
//   claim ─▶ ready ─▶ load ─▶ (decide) ─▶ commit
//              ▲                            │
//              └────────────────────────────┘
package import MinkEngine
package import MinkExpression

/// Keeps instances, and commits each batch of turns whole.
///
/// Every implementation must pass `StoreConformance` in MinkTesting.
package protocol WorkflowStore: Sendable {
    /// Takes possession of the store's work, or of a share of it.
    ///
    /// - Returns: Where the log is to be read from, and the notes that were committed last.
    /// - Throws: ``StoreError`` with code `occupied` if another process owns it.
    func claim(_ kind: ClaimKind) async throws(StoreError) -> Claim

    /// Gives up some partitions, takes over what nobody owns, and says what is owned now.
    ///
    /// An engine asks from time to time, between two batches. Everything of a partition that it
    /// gives up must be committed before.
    ///
    /// - Throws: ``StoreError`` with code `occupied` if another process has taken the work over.
    func tend(releasing: PartitionSet) async throws(StoreError) -> WorkShare

    /// Lets somebody hear when there may be something to do. A signal can be missed.
    func listen(_ hear: @escaping @Sendable (StoreSignal) -> Void) async

    /// Tells other processes that listen.
    func tell(_ signal: StoreSignal)

    /// The store's own time; `nil` where it has none but the machine's.
    var time: Timestamp? { get }

    /// What can be worked on now, in the order in which it has to be judged.
    ///
    /// Where writers commit side by side, an event may become visible behind others with higher
    /// positions; it then comes later.
    ///
    /// - Throws: ``StoreError`` with code `occupied` if another process has taken the work over.
    func ready(_ request: ReadyRequest) async throws(StoreError) -> ReadyWork

    /// The earliest moment at which a timer or a waiting command is due; `nil` when there is none.
    func nextDue() async throws(StoreError) -> Timestamp?

    /// The instances with these names, with their outstanding commands; unknown ones are left out.
    func load(_ ids: [InstanceID]) async throws(StoreError) -> [InstanceID: StoredInstance]

    /// Which of these values the instance has seen before.
    func seen(_ values: [SeenValue], by id: InstanceID) async throws(StoreError) -> Set<SeenValue>

    /// Writes states, history, commands, timers, answers and the cursor in one transaction.
    ///
    /// - Parameter batch: What to write, and the versions it was decided from.
    /// - Returns: The answers' events with their positions; those the log knew are left out.
    /// - Throws: ``StoreError`` with code `conflict` if an instance has another version than it was
    ///   decided from: nothing was written, load and decide again.
    func commit(_ batch: TurnBatch) async throws(StoreError) -> [EventRecord]
}

/// Where work goes on.
package struct Claim: Sendable, Hashable {
    /// The position of the last event that was judged.
    package let cursor: Int64
    /// Small texts that were committed together with the work, by name.
    package let notes: [String: String]
    /// What is owned from the start.
    package let share: WorkShare

    package init(cursor: Int64, notes: [String: String], share: WorkShare = .whole) {
        self.cursor = cursor
        self.notes = notes
        self.share = share
    }
}

/// What the loop asks for; a limit of 0 leaves a kind out.
package struct ReadyRequest: Sendable, Hashable {
    /// Events behind this one: the cursor of the claim, or the last event that was judged.
    package var after: Int64
    /// Timers and commands that are due at this moment.
    package var now: Timestamp
    /// The most events.
    package var events = 0
    /// The most inputs of people.
    package var actions = 0
    /// The most timers.
    package var timers = 0
    /// The most commands, delayed and retried ones first, by the moment at which they are due.
    package var commands = 0

    package init(after: Int64, now: Timestamp) {
        self.after = after
        self.now = now
    }
}

/// What can be worked on.
package struct ReadyWork: Sendable, Hashable {
    /// Events of the log, by position.
    package var events: [EventRecord] = []
    /// In which partitions these events have to be judged; others have judged them before, or will.
    package var scope: PartitionSet = .all
    /// What people decided, in the order in which they did.
    package var actions: [PendingAction] = []
    /// Due timers: by moment, then kind, then order of arming.
    package var timers: [DueTimer] = []
    /// Commands to hand out: those whose moment came, by moment, then the others in order of
    /// emission.
    package var commands: [PendingCommand] = []

    package init() {}

    package var isEmpty: Bool {
        events.isEmpty && actions.isEmpty && timers.isEmpty && commands.isEmpty
    }
}

/// A timer and its instance.
package struct DueTimer: Sendable, Hashable {
    package let instance: InstanceID
    package let timer: Timer

    package init(instance: InstanceID, timer: Timer) {
        self.instance = instance
        self.timer = timer
    }
}

/// What a person decided, waiting to be judged.
package struct PendingAction: Sendable, Hashable {
    package let number: Int64
    package let instance: InstanceID
    /// Who decided it.
    package let person: String
    package let action: OperatorAction

    package init(number: Int64, instance: InstanceID, person: String, action: OperatorAction) {
        self.number = number
        self.instance = instance
        self.person = person
        self.action = action
    }
}

/// A command of the outbox.
package struct PendingCommand: Sendable, Hashable {
    /// Its place in the order of emission, over all instances.
    package let sequence: Int64
    package let command: CommandRecord
    /// How many tries were made.
    package let attempts: Int
    /// Not to be handed out before; `nil` at once.
    package let due: Timestamp?
    /// Whether the next try is the last, because the saga is being undone.
    package let isLastAttempt: Bool
    /// How the last try ended, for people.
    package let lastError: String?

    package init(
        sequence: Int64, command: CommandRecord, attempts: Int, due: Timestamp?,
        isLastAttempt: Bool, lastError: String?
    ) {
        self.sequence = sequence
        self.command = command
        self.attempts = attempts
        self.due = due
        self.isLastAttempt = isLastAttempt
        self.lastError = lastError
    }
}

/// An instance, and the version that a commit has to name.
package struct StoredInstance: Sendable, Hashable {
    /// Counts the commits of the instance, from 1.
    package let version: Int64
    package let instance: Instance

    package init(version: Int64, instance: Instance) {
        self.version = version
        self.instance = instance
    }
}
