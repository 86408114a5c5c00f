// A thread of its own for what waits: libpq never holds up Swift's shared threads.
//
//   await worker.run { … } ──▶ queue ──▶ thread: one job after the other ──▶ result
import MinkStore
import Synchronization

/// Runs jobs in one thread, each with the resource that lives there.
final class Worker<Resource>: Sendable {
    private struct State {
        var jobs: [@Sendable (Resource) -> Void] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let signal: Signal

    /// Starts the thread, which makes the resource and keeps it until the worker is closed.
    init(_ make: @escaping @Sendable () -> Resource) throws(StoreError) {
        signal = try Signal()
        try Thread.start { [self] in
            let resource = make()
            while let job = next() { job(resource) }
        }
    }

    /// Waits for the next job; `nil` when the worker is closed and nothing is left to do.
    private func next() -> (@Sendable (Resource) -> Void)? {
        while true {
            let (job, isClosed) = state.withLock { state in
                (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isClosed)
            }
            if let job { return job }
            if isClosed { return nil }
            signal.wait()
        }
    }

    /// Runs a body in the thread.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable (Resource) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let outcome: Swift.Result<Result, StoreError> = await withCheckedContinuation { waiting in
            let isTaken = submit { resource in
                do throws(StoreError) {
                    waiting.resume(returning: .success(try body(resource)))
                } catch {
                    waiting.resume(returning: .failure(error))
                }
            }
            if !isTaken { waiting.resume(returning: .failure(.closed)) }
        }
        return try outcome.get()
    }

    /// Leaves a job to the thread; `false` when it takes none any more.
    @discardableResult
    func submit(_ job: @escaping @Sendable (Resource) -> Void) -> Bool {
        let isTaken = state.withLock { state in
            if !state.isClosed { state.jobs.append(job) }
            return !state.isClosed
        }
        if isTaken { signal.send() }
        return isTaken
    }

    /// Lets the thread end, after the jobs that wait.
    func close() {
        state.withLock { $0.isClosed = true }
        signal.send()
    }
}

extension StoreError {
    static var closed: StoreError {
        StoreError(code: .unavailable, message: "the store is closed")
    }
}
