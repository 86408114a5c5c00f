// Threads of our own, for what waits: libcurl and librdkafka never hold up Swift's shared threads.
import Glibc
import MinkStore

/// Starts threads.
enum OwnThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs a body in a new thread, which ends with it.
    static func start(_ body: @escaping @Sendable () -> Void) throws(PublisherError) {
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let problem = pthread_create(
            &thread, nil,
            { raw in
                guard let raw else { return nil }
                // A connection that breaks under a write is an error there, no end of the process.
                var signals = sigset_t()
                sigemptyset(&signals)
                sigaddset(&signals, SIGPIPE)
                pthread_sigmask(SIG_BLOCK, &signals, nil)
                Unmanaged<Work>.fromOpaque(raw).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard problem == 0 else {
            work.release()
            throw PublisherError("no thread can be started; free some memory")
        }
        pthread_detach(thread)
    }
}
