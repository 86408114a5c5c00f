// Runs what blocks in a thread of its own, away from the shared pool.
import Glibc

/// A thread that ends with its work.
package enum OwnThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts a thread.
    ///
    /// - Returns: Whether there was a thread to be had; without one nothing runs.
    package static func run(_ body: @escaping @Sendable () -> Void) -> Bool {
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let problem = pthread_create(
            &thread, nil,
            { raw in
                guard let raw else { return nil }
                Unmanaged<Work>.fromOpaque(raw).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard problem == 0 else {
            work.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
