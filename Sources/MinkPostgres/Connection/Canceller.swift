// Ends a statement that runs in another thread.
import CLibpq
import MinkStore

/// The right to cancel what a connection runs; usable from every thread.
final class Canceller: Sendable {
    // libpq says that this may be used while another thread waits for the connection.
    private nonisolated(unsafe) let handle: OpaquePointer?

    init(_ connection: Connection) {
        handle = PQgetCancel(connection.handle)
    }

    deinit {
        PQfreeCancel(handle)
    }

    /// Asks the server to end the statement; it then fails in the thread that runs it.
    func cancel() {
        var words = [CChar](repeating: 0, count: 256)
        _ = PQcancel(handle, &words, Int32(words.count))
    }
}
