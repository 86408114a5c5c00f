// How the work of a store is shared out among the engines that are connected to it.
package import MinkExpression

/// How much of the work a process takes.
package enum ClaimKind: Sendable, Hashable {
    /// All of it, or nothing: for a command line that works alone.
    case whole
    /// A fair share, which changes as other engines come and go.
    case share
}

/// What a process owns at the moment.
package struct WorkShare: Sendable, Hashable {
    /// What it owns.
    package var owned: PartitionSet
    /// What it should give up, because another engine has less; it is worked on until then.
    package var surplus: PartitionSet
    /// How many processes share the work.
    package var owners: Int
    /// Where the log is read on from now on; `nil` where that has not changed.
    package var cursor: Int64?
    /// When to ask again.
    package var lookAgain: Duration

    package init(
        owned: PartitionSet, surplus: PartitionSet = .none, owners: Int = 1, cursor: Int64? = nil,
        lookAgain: Duration = .seconds(3_600)
    ) {
        self.owned = owned
        self.surplus = surplus
        self.owners = owners
        self.cursor = cursor
        self.lookAgain = lookAgain
    }

    /// All of it, for a store that only one process can have.
    package static let whole = WorkShare(owned: .all)
}

/// What a store tells a process that waits.
package enum StoreSignal: Sendable, Hashable {
    /// There may be something to do.
    case work
    /// Another process came or went.
    case owners
    /// Definitions have changed.
    case definitions
}

extension WorkflowStore {
    package func claim() async throws(StoreError) -> Claim { try await claim(.whole) }

    package func tend(releasing: PartitionSet) async throws(StoreError) -> WorkShare { .whole }

    package func listen(_ hear: @escaping @Sendable (StoreSignal) -> Void) async {}

    package func tell(_ signal: StoreSignal) {}

    package var time: Timestamp? { nil }
}
