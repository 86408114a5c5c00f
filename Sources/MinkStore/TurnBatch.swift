// What is written in one transaction.
package import MinkEngine
package import MinkExpression

/// Turns, settled deliveries and answers that become durable together.
package struct TurnBatch: Sendable, Hashable {
    /// Turns; several of one instance stand in the order in which they were decided.
    ///
    /// Each counts one version and one history row. One that was refused writes nothing and counts
    /// no version; one without an instance removes what was held under the key. Facts about dead
    /// letters become dead letters.
    package var turns: [Turn] = []
    /// Commands that were accepted or given up, by id: they leave the outbox.
    ///
    /// One that a turn of this batch emits never stands in it, and counts as having been there.
    package var settled: [String] = []
    /// Tries that failed.
    package var failedAttempts: [FailedAttempt] = []
    /// Events to append: answers, and commands that go to the log.
    ///
    /// An answer is appended only if its command is settled here and was still in the outbox, so a
    /// delivery that happens twice appends once.
    package var answers: [Answer] = []
    /// Events that belong to no instance, and why.
    package var deadLetters: [DeadLetter] = []
    /// Operator inputs that were judged, by number.
    package var judgedActions: [Int64] = []
    /// Why judged inputs did not fit, by number.
    package var refusals: [Int64: String] = [:]
    /// What the record tells of the inputs that were judged.
    package var audit: [AuditEntry] = []
    /// The position of the last event that was judged; `nil` leaves it.
    package var cursor: Int64?
    /// Small texts to keep, by name.
    package var notes: [String: String] = [:]

    package init() {}

    package var isEmpty: Bool {
        turns.isEmpty && settled.isEmpty && failedAttempts.isEmpty && answers.isEmpty
            && deadLetters.isEmpty && judgedActions.isEmpty && audit.isEmpty && cursor == nil
            && notes.isEmpty
    }
}

/// One decision, and the version it was decided from.
///
/// A class, because it never changes and holds a whole instance: the loop, the store and whoever
/// watches hand it on.
package final class Turn: Sendable, Hashable {
    package let id: InstanceID
    /// The version that the instance must have; 0 when it must not exist.
    package let expectedVersion: Int64
    package let input: Input
    package let decision: Decision
    /// The time of the turn.
    package let at: Timestamp

    package init(
        id: InstanceID, expectedVersion: Int64, input: Input, decision: Decision, at: Timestamp
    ) {
        self.id = id
        self.expectedVersion = expectedVersion
        self.input = input
        self.decision = decision
        self.at = at
    }

    package static func == (left: Turn, right: Turn) -> Bool {
        left === right
            || left.id == right.id && left.expectedVersion == right.expectedVersion
                && left.input == right.input && left.decision == right.decision
                && left.at == right.at
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(expectedVersion)
        hasher.combine(at)
    }
}

/// An event that answers a command.
package struct Answer: Sendable, Hashable {
    /// The command, by its id.
    package let command: String
    package let event: EventRecord

    package init(command: String, event: EventRecord) {
        self.command = command
        self.event = event
    }
}

/// A try that failed, and when the next one is due.
package struct FailedAttempt: Sendable, Hashable {
    package let command: String
    /// How many tries were made now.
    package let attempts: Int
    /// When the next one is due; `nil` when no tries are left and a person was told.
    package let nextDue: Timestamp?
    /// How it ended, for people.
    package let error: String

    package init(command: String, attempts: Int, nextDue: Timestamp?, error: String) {
        self.command = command
        self.attempts = attempts
        self.nextDue = nextDue
        self.error = error
    }
}

/// An event that nobody could use, and why.
package struct DeadLetter: Sendable, Hashable, Codable {
    package let event: EventRecord
    /// Who could not use it; `nil` when no key was found.
    package let instance: InstanceID?
    /// One of `no-key`, `bad-event`, `held`, `unexpected`, `late`, `dropped`.
    package let reason: String
    /// What happened, for people.
    package let message: String
    package let at: Timestamp

    package init(
        event: EventRecord, instance: InstanceID?, reason: String, message: String, at: Timestamp
    ) {
        self.event = event
        self.instance = instance
        self.reason = reason
        self.message = message
        self.at = at
    }
}
