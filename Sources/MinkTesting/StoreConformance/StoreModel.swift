// A store as plain collections, to hold the real one against.
import MinkEngine
import MinkExpression
import MinkStore

/// What a store should hold after some batches, told the simplest way.
struct StoreModel {
    struct Saga {
        var version: Int64
        var instance: Instance
        var rows: Int
    }

    private(set) var sagas: [InstanceID: Saga] = [:]
    private(set) var commands: [PendingCommand] = []
    private(set) var events: [EventRecord] = []
    private(set) var cursor: Int64 = 0
    private(set) var notes: [String: String] = [:]
    private(set) var letters: [DeadLetter] = []
    private var exhausted: Set<String> = []
    private var emitted: Int64 = 0

    /// The timers of all instances in the order of their arming.
    private(set) var armed: [DueTimer] = []

    /// Appends events as the log promises.
    mutating func append(_ new: [EventRecord]) -> [Bool] {
        new.map { append($0) }
    }

    private mutating func append(_ event: EventRecord) -> Bool {
        let isKnown = events.contains {
            $0.id == event.id && $0.metadata.tenant == event.metadata.tenant
        }
        if !isKnown { events.append(event) }
        return !isKnown
    }

    /// Applies a batch; false, and unchanged, when a version is wrong.
    mutating func commit(_ batch: TurnBatch) -> Bool {
        var next = self
        for turn in batch.turns {
            guard next.sagas[turn.id]?.version ?? 0 == turn.expectedVersion else { return false }
            next.apply(turn)
        }
        let settled = Set(batch.settled).filter { id in
            next.commands.contains { $0.command.id == id }
        }
        next.commands.removeAll { settled.contains($0.command.id) }
        for answer in batch.answers where settled.contains(answer.command) {
            _ = next.append(answer.event)
        }
        for failure in batch.failedAttempts { next.apply(failure) }
        let gone = Set(batch.turns.flatMap(\.decision.withdrawn))
        next.commands.removeAll { gone.contains($0.command.id) }
        next.letters += batch.deadLetters
        next.cursor = batch.cursor ?? next.cursor
        next.notes.merge(batch.notes) { _, new in new }
        self = next
        return true
    }

    private mutating func apply(_ turn: Turn) {
        guard let instance = turn.decision.instance else { return }
        let rows = sagas[turn.id]?.rows ?? 0
        sagas[turn.id] = Saga(
            version: turn.expectedVersion + 1, instance: instance, rows: rows + 1)
        for command in turn.decision.commands {
            emitted += 1
            commands.append(
                PendingCommand(
                    sequence: emitted, command: command, attempts: 0, due: command.due,
                    isLastAttempt: false, lastError: nil))
        }
        armed.removeAll { due in
            due.instance == turn.id && !instance.timers.contains(due.timer)
        }
        for timer in instance.timers {
            let due = DueTimer(instance: turn.id, timer: timer)
            if !armed.contains(due) { armed.append(due) }
        }
    }

    private mutating func apply(_ failure: FailedAttempt) {
        guard let place = commands.firstIndex(where: { $0.command.id == failure.command }) else {
            return
        }
        let old = commands[place]
        commands[place] = PendingCommand(
            sequence: old.sequence, command: old.command, attempts: failure.attempts,
            due: failure.nextDue, isLastAttempt: old.isLastAttempt, lastError: failure.error)
        if failure.nextDue == nil {
            exhausted.insert(failure.command)
        } else {
            exhausted.remove(failure.command)
        }
    }

    /// The ids of the commands that should be offered.
    func offered(at now: Timestamp) -> [String] {
        let open = commands.filter { !exhausted.contains($0.command.id) }
        let delayed = open.filter { $0.due.map { $0 <= now } ?? false }
            .sorted { ($0.due ?? now, $0.sequence) < ($1.due ?? now, $1.sequence) }
        return (delayed + open.filter { $0.due == nil }).map(\.command.id)
    }

    func outstanding(of id: InstanceID) -> [OutstandingCommand] {
        commands.filter { $0.command.instance == id }.map {
            OutstandingCommand(
                $0.command, attempts: $0.attempts,
                isExhausted: exhausted.contains($0.command.id))
        }
    }

    func due(at now: Timestamp) -> [DueTimer] {
        armed.enumerated().filter { $0.element.timer.due <= now }
            .sorted { left, right in
                let (a, b) = (left.element.timer, right.element.timer)
                return (a.due, a.kind.rawValue, left.offset)
                    < (b.due, b.kind.rawValue, right.offset)
            }
            .map(\.element)
    }
}
