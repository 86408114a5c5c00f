// Standard output and standard error, buffered, without Foundation.
import Glibc
import Synchronization

/// Where a process writes.
enum Output {
    private static let buffer = Mutex<[UInt8]>([])

    /// Writes a line of data to standard output.
    static func line(_ text: String) {
        write(text + "\n")
    }

    /// Writes data to standard output.
    static func write(_ text: String) {
        write { $0.append(contentsOf: text.utf8) }
    }

    /// Writes the bytes to standard output that a body puts behind those that wait.
    static func write(_ append: (inout [UInt8]) -> Void) {
        let full: [UInt8] = buffer.withLock { buffer in
            append(&buffer)
            guard buffer.count >= 1 << 16 else { return [] }
            defer { buffer.removeAll(keepingCapacity: true) }
            return buffer
        }
        send(full, to: STDOUT_FILENO)
    }

    /// Writes a message for people to standard error.
    static func message(_ text: String) {
        flush()
        send(Array((text + "\n").utf8), to: STDERR_FILENO)
    }

    /// Sends what is buffered.
    static func flush() {
        let rest: [UInt8] = buffer.withLock { buffer in
            defer { buffer.removeAll(keepingCapacity: true) }
            return buffer
        }
        send(rest, to: STDOUT_FILENO)
    }

    /// Whether a person reads standard output on a screen that shows colours.
    static var isColored: Bool {
        isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil
            && getenv("TERM").map { String(cString: $0) != "dumb" } ?? false
    }

    private static func send(_ bytes: [UInt8], to file: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(file, buffer.baseAddress?.advanced(by: sent), bytes.count - sent)
            }
            if count > 0 {
                sent += count
            } else if errno != EINTR {
                return  // The reader is gone; there is nobody left to tell.
            }
        }
    }
}
