// The embedded store: a file, or memory, and no server.
//
// One process at a time. The lock on the file is the operating system's: it goes with the process,
// however that ends. A commit has reached the disk when it returns.
package import MinkEngine
package import MinkExpression
package import MinkStore
import Synchronization

/// Keeps everything in one SQLite database.
///
/// Calls are served one after the other, in the thread of the caller: a commit to memory takes some
/// microseconds, one to a file as long as the disk needs to confirm it.
package final class SQLiteStore: Sendable {
    private let session: Mutex<Session?>

    /// Opens a file, which may be new, or `:memory:` for a store that ends with this object.
    ///
    /// - Throws: ``StoreError`` with code `occupied` if another process has the file open, `corrupt`
    ///   if it is no database of ours or one of a newer version.
    package init(file: String) throws(StoreError) {
        session = Mutex(try Session(file: file))
    }

    /// Closes the file; every later call fails.
    package func close() {
        session.withLock { $0 = nil }
    }

    /// Runs a body that alone has the database.
    func locked<Result: Sendable>(
        _ body: (Session) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try session.withLock { session throws(StoreError) in
            guard let session else {
                throw StoreError(code: .unavailable, message: "the store is closed")
            }
            return try body(session)
        }
    }
}

extension SQLiteStore: WorkflowStore {
    package func claim(_ kind: ClaimKind) async throws(StoreError) -> Claim {
        try locked { session throws(StoreError) in
            Claim(cursor: try session.notes.cursor(), notes: try session.notes.all())
        }
    }

    package func ready(_ request: ReadyRequest) async throws(StoreError) -> ReadyWork {
        try locked { session throws(StoreError) in try session.ready(request) }
    }

    package func nextDue() async throws(StoreError) -> Timestamp? {
        try locked { session throws(StoreError) in try session.nextDue() }
    }

    package func load(
        _ ids: [InstanceID]
    ) async throws(StoreError) -> [InstanceID: StoredInstance] {
        try locked { session throws(StoreError) in try session.load(ids) }
    }

    package func seen(
        _ values: [SeenValue], by id: InstanceID
    ) async throws(StoreError) -> Set<SeenValue> {
        try locked { session throws(StoreError) in
            var known: Set<SeenValue> = []
            for value in values where try session.seen.contains(value, of: id) {
                known.insert(value)
            }
            return known
        }
    }

    package func commit(_ batch: TurnBatch) async throws(StoreError) -> [EventRecord] {
        try locked { session throws(StoreError) in try session.commit(batch) }
    }
}

extension SQLiteStore: ClosableStore {}

extension SQLiteStore: CommitGrouping {
    package func beginGroup() async throws(StoreError) {
        try locked { session throws(StoreError) in try session.transactions.beginGroup() }
    }

    package func endGroup() async throws(StoreError) {
        try locked { session throws(StoreError) in try session.transactions.endGroup() }
    }
}

extension SQLiteStore: EventLog {
    package func append(
        _ events: [EventRecord], at now: Timestamp, notes: [String: String]
    ) async throws(StoreError) -> [Appended] {
        CrashPoint.eventBeforeAppend.reach()
        let appended = try locked { session throws(StoreError) in
            try session.append(events, at: now, notes: notes)
        }
        CrashPoint.eventAppended.reach()
        return appended
    }

    package func read(
        after position: Int64, limit: Int
    ) async throws(StoreError) -> [EventRecord] {
        try locked { session throws(StoreError) in
            try session.events.read(after: position, limit: limit)
        }
    }

    package func event(id: String, tenant: String) async throws(StoreError) -> EventRecord? {
        try locked { session throws(StoreError) in
            try session.events.event(id: id, tenant: tenant)
        }
    }
}
