// What a verification reads of a store: everything, a page at a time, and never on the path of an
// event.
package import MinkEngine
package import MinkExpression

/// Reads by which a store is held against what is promised.
package protocol StoreInspection: Sendable {
    /// How far the log is judged now, in a form that only this store reads.
    func judgedPlaces() async throws(StoreError) -> JudgedPlaces

    /// Events behind a position, by position, and in which partitions each was judged by then.
    func inspectEvents(
        after position: Int64, limit: Int, judgedBy places: JudgedPlaces
    ) async throws(StoreError) -> [InspectedEvent]

    /// When each definition was published, by its fingerprint.
    func published() async throws(StoreError) -> [String: Timestamp]

    /// Sagas and all that belongs to them, as they stand at one moment, in the order of their
    /// start.
    func dossiers(
        after sequence: Int64, limit: Int
    ) async throws(StoreError) -> [SagaDossier]

    /// One saga and all that belongs to it; `nil` when there is none.
    func dossier(of id: InstanceID) async throws(StoreError) -> SagaDossier?

    /// What of the store's own records does not fit together, at most some dozens of each kind.
    func disorder() async throws(StoreError) -> [StoreDisorder]
}

/// Records that do not fit together.
package struct StoreDisorder: Sendable, Hashable {
    /// What they are about.
    package enum Kind: Sendable, Hashable {
        case commands, timers, owners
    }

    package let kind: Kind
    /// What is wrong, for people.
    package let what: String

    package init(_ kind: Kind, _ what: String) {
        self.kind = kind
        self.what = what
    }
}

/// How far the log was judged at one moment.
package struct JudgedPlaces: Sendable, Hashable {
    /// A text that the store wrote and reads.
    package let text: String

    package init(text: String) {
        self.text = text
    }
}

/// An event of the log, and who has judged it.
package struct InspectedEvent: Sendable, Hashable {
    package let event: EventRecord
    /// When it was appended.
    package let appended: Timestamp
    /// The partitions in which it was judged.
    package let judgedIn: PartitionSet

    package init(event: EventRecord, appended: Timestamp, judgedIn: PartitionSet) {
        self.event = event
        self.appended = appended
        self.judgedIn = judgedIn
    }
}

/// A saga and all that belongs to it, as it stands at one moment.
package struct SagaDossier: Sendable, Hashable {
    /// The saga, with its outstanding commands.
    package let row: InstanceRow
    /// Its turns, oldest first; the oldest may be gone.
    package let history: [HistoryRow]
    /// Its rows in the table of timers.
    package let timers: [Timer]

    package init(row: InstanceRow, history: [HistoryRow], timers: [Timer]) {
        self.row = row
        self.history = history
        self.timers = timers
    }
}
