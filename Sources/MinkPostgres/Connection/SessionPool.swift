// A few connections for what is not the engine's own work.
import Glibc
import MinkStore
import Synchronization

/// Runs bodies on whichever connection is free.
final class SessionPool: Sendable {
    private struct Slot {
        let worker: Worker<Session>
        let running: Running
        var waiting = 0
    }

    private let slots: Mutex<[Slot]>

    init(_ address: Address) throws(StoreError) {
        var made: [Slot] = []
        for _ in 0..<max(1, address.options.poolSize) {
            let running = Running()
            let worker = try Worker {
                Session(address) { canceller in running.canceller.withLock { $0 = canceller } }
            }
            made.append(Slot(worker: worker, running: running))
        }
        slots = Mutex(made)
    }

    /// Runs a body on the connection for which the fewest wait.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable (Session) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let (index, slot) = take()
        defer { slots.withLock { $0[index].waiting -= 1 } }
        return try await slot.worker.run(body)
    }

    /// Runs a body that the server gives up when the task is cancelled.
    func runCancellable<Result: Sendable>(
        _ body: @escaping @Sendable (Session) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let (index, slot) = take()
        defer { slots.withLock { $0[index].waiting -= 1 } }
        let (job, running) = (Job(), slot.running)
        let outcome: Swift.Result<Result, StoreError> = await withTaskCancellationHandler {
            do throws(StoreError) {
                return .success(
                    try await slot.worker.run { session throws(StoreError) in
                        guard job.begin() else { throw .cancelled }
                        defer { job.end() }
                        return try body(session)
                    })
            } catch {
                return .failure(error)
            }
        } onCancel: {
            job.cancel(running)
        }
        return try outcome.get()
    }

    private func take() -> (Int, Slot) {
        slots.withLock { slots in
            let index = slots.indices.min { slots[$0].waiting < slots[$1].waiting } ?? 0
            slots[index].waiting += 1
            return (index, slots[index])
        }
    }

    func close() {
        for slot in slots.withLock(\.self) {
            slot.worker.submit { $0.disconnect() }
            slot.worker.close()
        }
    }
}

/// The means to end what a connection of the pool runs.
private final class Running: Sendable {
    let canceller = Mutex<Canceller?>(nil)
}

/// A question that may be given up before and while it is asked.
private final class Job: Sendable {
    private enum State {
        case waiting
        case running
        case over
    }

    private let state = Mutex(State.waiting)

    /// Whether the question is to be asked.
    func begin() -> Bool {
        state.withLock { state in
            guard state == .waiting else { return false }
            state = .running
            return true
        }
    }

    func end() {
        state.withLock { $0 = .over }
    }

    /// Gives the question up.
    ///
    /// The server takes no notice while it has not got the question, so it is told again, from a
    /// thread of its own, until the question is over.
    func cancel(_ running: Running) {
        let isRunning = state.withLock { state in
            if state == .waiting { state = .over }
            return state == .running
        }
        guard isRunning else { return }
        // Without a thread the question runs to its end.
        do throws(StoreError) {
            try Thread.start { [self] in
                while tellToEnd(running) { usleep(100_000) }
            }
        } catch {}
    }

    /// Tells the server to end the question; `false` when it is over.
    private func tellToEnd(_ running: Running) -> Bool {
        // Held meanwhile, so that the next question is not the one that is hit.
        state.withLock { state in
            guard state == .running else { return false }
            running.canceller.withLock(\.self)?.cancel()
            return true
        }
    }
}

extension StoreError {
    fileprivate static var cancelled: StoreError {
        StoreError(code: .unavailable, message: "the question was given up before it was asked")
    }
}
