// Threads of our own, for what waits.
import Glibc
import MinkStore

/// Starts threads.
enum Thread {
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Runs a body in a new thread, which ends with it.
    static func start(_ body: @escaping @Sendable () -> Void) throws(StoreError) {
        var thread = pthread_t()
        let handed = Unmanaged.passRetained(Body(body))
        let result = pthread_create(
            &thread, nil,
            { handed in
                guard let handed else { return nil }
                Unmanaged<Body>.fromOpaque(handed).takeRetainedValue().run()
                return nil
            }, handed.toOpaque())
        guard result == 0 else {
            handed.release()
            throw StoreError(
                code: .unavailable, message: "no thread can be started; free some memory")
        }
        pthread_detach(thread)
    }
}
