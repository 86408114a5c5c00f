// A batch as rows: what each table gets, loses and changes.
//
// Several turns of one instance become one state and a history row each. A command that is settled
// in the same batch never stands in the outbox.
import MinkEngine
import MinkExpression
import MinkStore

struct BatchPlan {
    /// A state to write.
    struct SagaRow {
        let part: Int16
        let before: SagaHead
        let version: Int64
        let instance: Instance
        /// The new place in the order of start; `nil` leaves it.
        let place: Int64?
    }

    struct HistoryEntry {
        let saga: Int64
        let version: Int64
        let turn: Turn
    }

    struct Emitted {
        let part: Int16
        let saga: Int64
        let command: CommandRecord
    }

    struct TimerRow {
        let part: Int16
        let saga: Int64
        let timer: Timer
    }

    private(set) var sagas: [SagaRow] = []
    /// Instances that were only held, and are gone.
    private(set) var removals: [(part: Int16, head: SagaHead)] = []
    private(set) var history: [HistoryEntry] = []
    private(set) var commands: [Emitted] = []
    private(set) var armed: [TimerRow] = []
    private(set) var disarmed: [TimerRow] = []
    private(set) var seen: [(saga: Int64, value: SeenValue)] = []
    private(set) var letters: [DeadLetter] = []

    /// Instances after the batch, for those who remember them.
    var heads: [(InstanceID, SagaHead)] {
        sagas.map { row in
            (
                row.instance.id,
                SagaHead(row.instance, saga: row.before.saga, version: row.version)
            )
        }
    }

    /// Instances that end here stand behind all that have started.
    private static let heldPlaces: Int64 = 1 << 62

    /// Plans a batch.
    ///
    /// - Parameters:
    ///   - batch: What was decided.
    ///   - known: What is stored of the instances of its turns; others are new.
    ///   - number: Gives the next number for a row or a place.
    /// - Throws: ``StoreError`` with code `conflict` if a turn was decided from another version.
    init(
        _ batch: TurnBatch, known: [InstanceID: SagaHead],
        number: () throws(StoreError) -> Int64
    ) throws(StoreError) {
        let passing = Set(batch.settled)
        var known = known
        var open: [InstanceID: InstanceDraft<SagaHead>] = [:]
        for turn in batch.turns {
            var draft: InstanceDraft<SagaHead>
            if let drafted = open[turn.id] {
                draft = drafted
            } else if let head = known[turn.id] {
                draft = InstanceDraft(head)
            } else {
                draft = InstanceDraft(SagaHead(new: try number()))
            }
            try draft.add(turn)
            record(turn, in: draft, passing)
            if draft.isRemoved {
                // Gone: a later turn of the batch begins anew.
                remove(draft.before, Partition.number(of: turn.id))
                known[turn.id] = nil
            }
            open[turn.id] = draft.isEmpty ? nil : draft
        }
        for turn in batch.turns {
            guard let draft = open.removeValue(forKey: turn.id) else { continue }
            try save(draft, number)
        }
        letters += batch.deadLetters
    }

    /// Notes what a turn leaves behind besides the new state.
    private mutating func record(
        _ turn: Turn, in draft: InstanceDraft<SagaHead>, _ passing: Set<String>
    ) {
        guard turn.decision.refusal == nil else { return }
        for case .deadLetter(_, _, let reason, let message, let event) in turn.decision.facts {
            letters.append(
                DeadLetter(
                    event: event, instance: turn.id, reason: reason, message: message, at: turn.at))
        }
        guard turn.decision.instance != nil else { return }
        let (saga, part) = (draft.before.saga, Partition.number(of: turn.id))
        history.append(HistoryEntry(saga: saga, version: draft.version, turn: turn))
        for command in turn.decision.commands where !passing.contains(command.id) {
            commands.append(Emitted(part: part, saga: saga, command: command))
        }
        for value in turn.decision.seenValues { seen.append((saga, value)) }
    }

    private mutating func remove(_ head: SagaHead, _ part: Int16) {
        history.removeAll { $0.saga == head.saga }
        seen.removeAll { $0.saga == head.saga }
        if head.isStored { removals.append((part, head)) }
    }

    private mutating func save(
        _ draft: InstanceDraft<SagaHead>, _ number: () throws(StoreError) -> Int64
    ) throws(StoreError) {
        guard let instance = draft.instance else { return }
        let before = draft.before
        let isStarting = instance.status != nil && !before.hasStarted
        var place: Int64?
        if isStarting {
            place = try number()
        } else if !before.isStored {
            place = Self.heldPlaces + before.saga
        }
        let part = Partition.number(of: instance.id)
        sagas.append(
            SagaRow(
                part: part, before: before, version: draft.version, instance: instance,
                place: place))
        replace(before.timers, by: instance.runningTimers, of: before.saga, part)
    }

    /// Arms and disarms what differs; a timer that stays keeps its place in the order of arming.
    private mutating func replace(
        _ old: [Timer], by new: [Timer], of saga: Int64, _ part: Int16
    ) {
        var missing = new
        for timer in old {
            if let place = missing.firstIndex(of: timer) {
                missing.remove(at: place)
            } else {
                disarmed.append(TimerRow(part: part, saga: saga, timer: timer))
            }
        }
        armed += missing.map { TimerRow(part: part, saga: saga, timer: $0) }
    }
}
