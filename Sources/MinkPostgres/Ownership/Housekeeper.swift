// Cleans up behind the work: rows of the outbox and of timers live for a moment, and the server's
// own cleaning comes too late for them.
import MinkStore

/// Trims and cleans, on a connection and in a thread of its own, until it is stopped.
final class Housekeeper: Sendable {
    /// How often one looks whether there is something to clean.
    private static let pause = Duration.seconds(5)
    /// A lane that has written fewer batches since the last cleaning is left alone.
    private static let busy: Int64 = 500

    private let stop: Signal

    init(_ lease: Lease, at address: Address) throws(StoreError) {
        let stop = try Signal()
        self.stop = stop
        try Thread.start {
            let session = Session(address)
            var cleaned: Int64 = 0
            while !stop.wait(atMost: Self.pause) {
                // What fails now is tried again; nobody waits for it.
                do { try Self.clean(lease, session, &cleaned) } catch {}
            }
        }
    }

    func end() {
        stop.send()
    }

    private static func clean(
        _ lease: Lease, _ session: Session, _ cleaned: inout Int64
    ) throws(StoreError) {
        guard let lane = lease.lane else { return }
        let batch = try CursorTable.newest(of: lane.number, with: .none, session).batch
        guard batch >= cleaned + busy else { return }
        cleaned = batch
        try CursorTable.trim(lane, session)
        CrashPoint.cursorsTrimmed.reach()
        // One by one: several in one script would be one transaction, which can not clean.
        for table in ["outbox", "timers", "cursors", "lanes"] {
            try session.script(
                "vacuum (truncate off) \(session.address.schema.quoted).\(table)")
        }
    }
}
