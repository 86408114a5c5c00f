// Keeps a lease alive, on a connection of its own: a long batch must not let it run out.
import MinkStore

/// Renews the lease that a store holds, in a thread of its own, until it is stopped.
final class Renewer: Sendable {
    private let stop: Signal

    /// Starts to renew at a third of the lease's time.
    init(_ lease: Lease, _ serverClock: ServerClock, at address: Address) throws(StoreError) {
        let stop = try Signal()
        self.stop = stop
        try Thread.start {
            let session = Session(address)
            while !stop.wait(atMost: address.options.leaseTime / 3) {
                // Tried again at the next third; meanwhile the lease may run out, and says so.
                do { try Self.renew(lease, serverClock, session) } catch {}
            }
        }
    }

    func end() {
        stop.send()
    }

    private static func renew(
        _ lease: Lease, _ serverClock: ServerClock, _ session: Session
    ) throws(StoreError) {
        guard let lane = lease.lane else { return }
        // A connection that has gone silent must not keep the work from others.
        guard !lease.isStuck(for: session.address.options.leaseTime) else { return }
        let asked = MonotonicTime.now
        CrashPoint.leaseBeforeRenewal.reach()
        guard let time = try LaneTable.renew(lane, session) else { return lease.lose(lane) }
        CrashPoint.leaseRenewed.reach()
        serverClock.note(time, askedAt: asked)
        lease.extend(lane, until: asked + session.address.options.leaseTime)
    }
}
