// The time of the database, which all engines share. Read once in a while; in between the machine's
// steady clock counts on from there, so that no change of the machine's date moves a timer.
import MinkExpression
import MinkStore
import Synchronization

/// Tells the time of the database without asking it.
final class ServerClock: Sendable {
    private struct Reading {
        /// Microseconds since 1970.
        let time: Int64
        let readAt: MonotonicTime
    }

    private let reading = Mutex<Reading?>(nil)

    /// The time of the database; `nil` before it was read first.
    var now: Timestamp? {
        guard let reading = reading.withLock(\.self) else { return nil }
        let time = reading.time + reading.readAt.microsecondsPassed
        let (seconds, rest) = time.quotientAndRemainder(dividingBy: 1_000_000)
        return Timestamp(seconds: seconds, nanoseconds: Int32(rest) * 1_000)
    }

    /// Notes an answer; it was true at some moment since it was asked for.
    func note(_ time: Int64, askedAt asked: MonotonicTime) {
        // Of two readings the one that came back sooner says more; the last one is good enough.
        reading.withLock { $0 = Reading(time: time, readAt: asked.middle(to: .now)) }
    }

    func read(_ session: Session) throws(StoreError) {
        let asked = MonotonicTime.now
        if let time = try session.run(.serverTime).first({ $0.integer() }) {
            note(time, askedAt: asked)
        }
    }
}

extension Statement {
    static let serverTime = Statement(
        "server_time", "select (extract(epoch from clock_timestamp()) * 1000000)::bigint")
}
