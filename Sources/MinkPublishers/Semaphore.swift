// Lets one of our own threads wait for a word from elsewhere.
import Glibc

/// A semaphore of the system that counts from 0.
final class Semaphore: Sendable {
    // The system says that it may be used by several threads.
    private nonisolated(unsafe) let place: UnsafeMutablePointer<sem_t>

    init() {
        place = .allocate(capacity: 1)
        place.initialize(to: sem_t())
        sem_init(place, 0, 0)
    }

    deinit {
        sem_destroy(place)
        place.deallocate()
    }

    /// Lets one wait end.
    func signal() { sem_post(place) }

    /// Waits for a signal, and uses it up.
    func wait() {
        while sem_wait(place) != 0, errno == EINTR {}
    }
}
