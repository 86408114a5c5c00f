// What people ask of a store. Never on the path of an event.
package import MinkEngine
package import MinkExpression

/// Reads for people.
package protocol WorkflowQueries: Sendable {
    /// Instances that fit, in the order of their start, held-only ones last.
    func instances(_ filter: InstanceFilter) async throws(StoreError) -> [InstanceRow]

    /// What happened to an instance, oldest first.
    func history(of id: InstanceID) async throws(StoreError) -> [HistoryRow]

    /// Events that nobody could use, oldest first, whatever became of them.
    func deadLetters(
        after number: Int64, limit: Int
    ) async throws(StoreError) -> [(number: Int64, letter: DeadLetter)]

    /// Commands that are not settled, in order of emission.
    func outbox(of id: InstanceID) async throws(StoreError) -> [PendingCommand]

    /// What people decided about an instance, oldest first, judged or not.
    func actions(on id: InstanceID) async throws(StoreError) -> [ActionRow]

    /// Hands in what a person decided, together with some notes; the owner of the instance judges
    /// it.
    ///
    /// - Returns: The number of the input.
    func request(
        _ action: OperatorAction, on id: InstanceID, by person: String, at now: Timestamp,
        notes: [String: String]
    ) async throws(StoreError) -> Int64
}

/// Which instances to list.
package struct InstanceFilter: Sendable, Hashable {
    package var tenant: String?
    package var workflow: String?
    package var key: InstanceKey?
    package var statuses: Set<Instance.Status>?
    package var correlationID: String?
    /// Only instances that have something of a kind; `nil` asks for all.
    package var having: Content?
    /// Rows behind this one, by ``InstanceRow/sequence``.
    package var after: Int64 = 0
    package var limit = 1_000

    package init() {}

    /// What an instance may have.
    package enum Content: Sendable, Hashable {
        case incidents, heldEvents

        /// What stands in the stored form of nearly only those instances that have it; a reader
        /// still has to look.
        package var mark: String {
            switch self {
            case .incidents: #""incidents":[{"#
            case .heldEvents: #""held":[{"#
            }
        }
    }
}

/// An instance in a list.
package struct InstanceRow: Sendable, Hashable {
    /// Its place in the order of start.
    package let sequence: Int64
    package let version: Int64
    package let instance: Instance

    package init(sequence: Int64, version: Int64, instance: Instance) {
        self.sequence = sequence
        self.version = version
        self.instance = instance
    }
}

/// One turn of an instance.
package struct HistoryRow: Sendable, Hashable {
    package let version: Int64
    package let at: Timestamp
    package let input: Input
    package let facts: [Fact]

    package init(version: Int64, at: Timestamp, input: Input, facts: [Fact]) {
        self.version = version
        self.at = at
        self.input = input
        self.facts = facts
    }
}

/// What a person decided, and what became of it.
package struct ActionRow: Sendable, Hashable {
    package let number: Int64
    package let action: OperatorAction
    package let person: String
    package let at: Timestamp
    package let isJudged: Bool
    /// Why it did not fit; `nil` when it did, or was not judged yet.
    package let refusal: String?

    package init(
        number: Int64, action: OperatorAction, person: String, at: Timestamp, isJudged: Bool,
        refusal: String?
    ) {
        self.number = number
        self.action = action
        self.person = person
        self.at = at
        self.isJudged = isJudged
        self.refusal = refusal
    }
}
