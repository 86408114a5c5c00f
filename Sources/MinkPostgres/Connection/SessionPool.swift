// A few connections for what is not the engine's own work.
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
        let (job, running) = (UInt64.random(in: .min ... .max), slot.running)
        let outcome: Swift.Result<Result, StoreError> = await withTaskCancellationHandler {
            do throws(StoreError) {
                return .success(
                    try await slot.worker.run { session throws(StoreError) in
                        running.job.withLock { $0 = job }
                        defer { running.job.withLock { $0 = nil } }
                        return try body(session)
                    })
            } catch {
                return .failure(error)
            }
        } onCancel: {
            running.cancel(job)
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

/// What a connection of the pool is doing, for those who want it to end.
private final class Running: Sendable {
    let job = Mutex<UInt64?>(nil)
    let canceller = Mutex<Canceller?>(nil)

    /// Ends a job if it is the one that runs.
    func cancel(_ unwanted: UInt64) {
        // Held meanwhile, so that the next job is not the one that is hit.
        job.withLock { job in
            guard job == unwanted else { return }
            canceller.withLock(\.self)?.cancel()
        }
    }
}
