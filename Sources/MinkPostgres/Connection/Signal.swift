// Wakes a thread that waits, or lets it wait for some time.
import Glibc
import MinkStore

/// A pair of sockets whose bytes are signals: a wait on it has a limit that no change of the clock touches.
final class Signal: Sendable {
    private let reading: Int32
    private let writing: Int32

    init() throws(StoreError) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(
            SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw StoreError(
                code: .unavailable, message: "no more files can be opened; raise the limit")
        }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        close(reading)
        close(writing)
    }

    /// Signals, and never waits: where no byte fits any more, enough of them are under way.
    func send() {
        var byte: UInt8 = 1
        _ = write(writing, &byte, 1)
    }

    /// Waits for a signal, at most so long; without a limit as long as it takes.
    ///
    /// - Returns: Whether one came.
    @discardableResult
    func wait(atMost duration: Duration? = nil) -> Bool {
        let deadline = duration.map { MonotonicTime.now + $0 }
        while true {
            var source = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
            if poll(&source, 1, deadline?.millisecondsLeft ?? -1) > 0 {
                // All that came count as one.
                var bytes = [UInt8](repeating: 0, count: 256)
                if read(reading, &bytes, bytes.count) > 0 { return true }
            }
            if let deadline, deadline < .now { return false }
        }
    }

    /// Waits for a signal, or until something can be read from a file.
    func wait(orReadable file: Int32) {
        var sources = [
            pollfd(fd: reading, events: Int16(POLLIN), revents: 0),
            pollfd(fd: file, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&sources, 2, -1) > 0, sources[0].revents != 0 else { return }
        var bytes = [UInt8](repeating: 0, count: 256)
        _ = read(reading, &bytes, bytes.count)
    }
}
