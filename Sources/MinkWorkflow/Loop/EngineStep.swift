// What is decided together and becomes durable together.
import MinkEngine
import MinkExpression
import MinkStore

/// A step of the engine while it grows.
struct EngineStep: Sendable {
    /// One thing that was decided.
    enum Work: Sendable {
        case event(EventRecord, PartitionSet)
        case timer(DueTimer)
        case action(PendingAction)
        case receipt(PendingCommand, Receipt)
    }

    /// What to write.
    var batch = TurnBatch()
    /// What has to be told once it is durable, in order.
    private(set) var told: [Observation] = []
    /// What was decided, in order.
    private(set) var work: [Work] = []

    var isEmpty: Bool { batch.isEmpty }

    /// Whether nothing came of it but that the log was read further.
    var isOnlyReading: Bool { batch.cursor != nil && work.isEmpty }

    mutating func begin(_ work: Work) { self.work.append(work) }

    mutating func add(_ turn: Turn) {
        batch.turns.append(turn)
        tell(.turn(turn))
    }

    mutating func tell(_ observation: Observation) { told.append(observation) }

    mutating func bury(_ letter: DeadLetter) {
        batch.deadLetters.append(letter)
        tell(.deadLetter(letter))
    }

    mutating func judged(
        _ action: PendingAction, from before: Instance?, to after: Instance?, refusal: String?,
        at now: Timestamp
    ) {
        batch.judgedActions.append(action.number)
        batch.refusals[action.number] = refusal
        batch.audit.append(
            AuditEntry(action, from: before, to: after, refusal: refusal, at: now))
    }

    /// Whether a turn of the step has brought a value that must not come twice.
    func hasSeen(_ value: SeenValue, by id: InstanceID) -> Bool {
        batch.turns.contains { $0.id == id && $0.decision.seenValues.contains(value) }
    }
}
