// Wakes one sleeper, or lets it not fall asleep when the call came just before.
import Synchronization

/// A signal for one waiting task.
final class WakeUp: Sendable {
    private struct State {
        var isSet = false
        /// Whether other engines came or went.
        var haveOwnersChanged = false
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Wakes the sleeper; without one the next wait returns at once.
    func signal() {
        let sleeper = state.withLock { state in
            defer { state.sleeper = nil }
            state.isSet = state.sleeper == nil
            return state.sleeper
        }
        sleeper?.resume()
    }

    /// Notes that other engines came or went, and wakes the sleeper.
    func signalOwners() {
        state.withLock { $0.haveOwnersChanged = true }
        signal()
    }

    /// Whether other engines came or went since this was asked last.
    func takesOwnersChanged() -> Bool {
        state.withLock { state in
            defer { state.haveOwnersChanged = false }
            return state.haveOwnersChanged
        }
    }

    /// Waits for a signal, for a span of time, or for the end of the task.
    func wait(atMost limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: limit) }
            group.addTask { await self.wait() }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if state.isSet || Task.isCancelled {
                        state.isSet = false
                        return true
                    }
                    state.sleeper = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { state in
                defer { state.sleeper = nil }
                return state.sleeper
            }?.resume()
        }
    }
}
