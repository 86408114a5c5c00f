// What the handlers of a bench have seen: ended orders, and how long commands took to arrive.
import Glibc
import MinkExpression
import Synchronization

/// Counts from any thread, and wakes the one who waits for a count.
final class Tally: Sendable {
    private struct State {
        var ended = 0
        var latencies: [Int64] = []
        var wanted = Int.max
        var sleeper: CheckedContinuation<Void, Never>?

        /// Whom to wake, when enough orders have ended.
        mutating func awake() -> CheckedContinuation<Void, Never>? {
            guard ended >= wanted else { return nil }
            wanted = .max
            defer { sleeper = nil }
            return sleeper
        }
    }

    private let state = Mutex(State())

    /// How many orders have ended.
    var ended: Int { state.withLock(\.ended) }

    func didEnd() {
        let sleeper = state.withLock { state in
            state.ended += 1
            return state.awake()
        }
        sleeper?.resume()
    }

    /// Notes that a command came whose event was sent at a moment; 0 where nobody asks.
    func didArrive(_ sentAt: Value?) {
        guard case .int(let sentAt) = sentAt, sentAt > 0 else { return }
        let took = Self.nanoseconds - sentAt
        state.withLock { $0.latencies.append(took) }
    }

    /// Waits until so many orders have ended, or the task is cancelled.
    ///
    /// For one task at a time.
    func wait(for count: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let sleeper = state.withLock { state in
                    state.wanted = Task.isCancelled ? .min : count
                    state.sleeper = continuation
                    return state.awake()
                }
                sleeper?.resume()
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.wanted = .min
                return state.awake()
            }
            sleeper?.resume()
        }
    }

    /// The latencies since this was asked last, in nanoseconds.
    func takeLatencies() -> [Int64] {
        state.withLock { state in
            defer { state.latencies = [] }
            return state.latencies
        }
    }

    /// The machine's own clock, the same in all its processes.
    static var nanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
