// The right of a process to work, as its threads know it.
import MinkStore
import Synchronization

/// What a process owns.
struct Lane: Sendable, Hashable {
    let number: Int64
    /// Grows whenever the lane changes hands: the fence of every commit.
    let epoch: Int64
}

/// The lane that a store holds, shared by the thread that commits and the one that renews.
final class Lease: Sendable {
    private enum State {
        case unclaimed
        case held(Lane, until: MonotonicTime)
        case lost
    }

    private let state = Mutex(State.unclaimed)
    /// Since when the thread that commits is at its present job; `nil` when it has none.
    private let busySince = Mutex<MonotonicTime?>(nil)

    /// The lane; `nil` when none is held.
    var lane: Lane? {
        state.withLock { if case .held(let lane, _) = $0 { lane } else { nil } }
    }

    /// Whether the lane went to another process.
    var isLost: Bool {
        state.withLock { if case .lost = $0 { true } else { false } }
    }

    /// Whether the lease may have run out: nobody needs to have taken it over.
    var isDoubtful: Bool {
        state.withLock { if case .held(_, let until) = $0 { until < .now } else { false } }
    }

    /// Notes that the thread that commits begins a job, or has ended it.
    func note(busySince moment: MonotonicTime?) {
        busySince.withLock { $0 = moment }
    }

    /// Whether the thread that commits has been at one job for so long.
    func isStuck(for span: Duration) -> Bool {
        busySince.withLock { $0.map { $0 + span < .now } ?? false }
    }

    func hold(_ lane: Lane, until: MonotonicTime) {
        state.withLock { $0 = .held(lane, until: until) }
    }

    /// Notes a renewal, unless the lane has changed meanwhile.
    func extend(_ renewed: Lane, until: MonotonicTime) {
        state.withLock { state in
            guard case .held(renewed, _) = state else { return }
            state = .held(renewed, until: until)
        }
    }

    /// Notes that somebody else has the lane, unless it has changed meanwhile.
    func lose(_ lost: Lane) {
        state.withLock { state in
            guard case .held(lost, _) = state else { return }
            state = .lost
            CrashPoint.leaseLost.reach()
        }
    }

    /// Gives the lane up, because nobody knows what was written last.
    func abandon() {
        state.withLock { $0 = .lost }
    }

    func release() {
        state.withLock { $0 = .unclaimed }
    }
}
