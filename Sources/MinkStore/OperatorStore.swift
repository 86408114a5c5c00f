// What operators ask of a live store, and the changes that no saga decides about.
package import MinkEngine
package import MinkExpression

/// A store as operators work on it, whoever owns its work.
package protocol OperatorStore: AuditQueries {
    /// An instance with its outstanding commands, as of one moment.
    func snapshot(of id: InstanceID) async throws(StoreError) -> StoredInstance?

    /// The turns of an instance behind a version, oldest first.
    func history(of id: InstanceID, after version: Int64) async throws(StoreError) -> [HistoryRow]

    /// Commands of all instances that are not settled, in the order of emission.
    ///
    /// - Parameters:
    ///   - sequence: Only commands behind this one.
    ///   - id: Only the command with this id; `nil` asks for all.
    ///   - limit: The most commands.
    /// - Returns: The commands, also those that were given up.
    /// - Throws: ``StoreError`` if the store can not be read.
    func outbox(
        after sequence: Int64, id: String?, limit: Int
    ) async throws(StoreError) -> [OutboxRow]

    /// Events of the log that fit, the newest first.
    func events(_ filter: EventFilter) async throws(StoreError) -> [EventRecord]

    /// Dead letters that fit, oldest first.
    func letters(_ filter: LetterFilter) async throws(StoreError) -> [LetterRow]

    /// Appends events as ``EventLog`` does, together with what the record tells of it.
    ///
    /// - Parameters:
    ///   - events: What to append.
    ///   - now: The time of the call.
    ///   - entry: What to record; it is given what became of each event.
    /// - Returns: What became of each event, in the same order.
    /// - Throws: ``StoreError`` if nothing was appended.
    func append(
        _ events: [EventRecord], at now: Timestamp,
        recording entry: @escaping @Sendable ([Appended]) -> AuditEntry
    ) async throws(StoreError) -> [Appended]

    /// Settles a dead letter for good, and records it.
    ///
    /// - Returns: Whether it was open.
    func discard(letter: Int64, recording entry: AuditEntry) async throws(StoreError) -> Bool

    /// Hands in that instances judge a dead letter again; it counts as settled from now on, until
    /// one of them refuses.
    ///
    /// - Returns: The numbers of the inputs; `nil` when the letter was not open.
    func requeue(
        letter: Int64, as requests: [ActionRequest], by person: String, at now: Timestamp
    ) async throws(StoreError) -> [Int64]?
}

/// What a person asks of an instance.
package struct ActionRequest: Sendable, Hashable {
    package let instance: InstanceID
    package let action: OperatorAction

    package init(_ action: OperatorAction, on instance: InstanceID) {
        self.instance = instance
        self.action = action
    }
}

/// A command in a list of people.
package struct OutboxRow: Sendable, Hashable {
    package let pending: PendingCommand
    /// Whether no tries are left, and a person was told.
    package let isExhausted: Bool

    package init(pending: PendingCommand, isExhausted: Bool) {
        self.pending = pending
        self.isExhausted = isExhausted
    }
}

/// Which events to list.
package struct EventFilter: Sendable, Hashable {
    package var tenant: String?
    package var type: String?
    package var correlationID: String?
    /// Only events that were appended then or later.
    package var since: Timestamp = .earliest
    /// Only events before this position.
    package var before: Int64 = .max
    package var limit = 100

    package init() {}
}

/// Which dead letters to list.
package struct LetterFilter: Sendable, Hashable {
    package var tenant: String?
    /// Only letters about the event with this id.
    package var event: String?
    /// Only the letter with this number.
    package var number: Int64?
    /// Whether letters that were requeued or discarded are listed too.
    package var withSettled = false
    /// Only letters behind this one.
    package var after: Int64 = 0
    package var limit = 100

    package init() {}
}

/// A dead letter and its place in the list.
package struct LetterRow: Sendable, Hashable {
    package let number: Int64
    package let letter: DeadLetter
    /// `requeued` or `discarded`; `nil` while nobody has decided about it.
    package let outcome: String?

    package init(number: Int64, letter: DeadLetter, outcome: String?) {
        self.number = number
        self.letter = letter
        self.outcome = outcome
    }
}

extension DeadLetter {
    /// How it counts from the beginning: one that a person has made needs no decision any more.
    package var firstOutcome: String? { reason == "discarded" ? reason : nil }
}
