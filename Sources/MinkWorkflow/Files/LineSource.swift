// The lines of a file or of standard input, one after the other, in bounded memory.
import Glibc
import MinkDefinition

/// Reads lines.
package struct LineSource {
    /// A line without its break.
    package struct Line: Sendable {
        /// Its number, from 1.
        package let number: Int
        package let bytes: [UInt8]
        /// The digest of this line and all before it.
        package let fingerprint: String

        /// Whether nothing stands on it.
        package var isBlank: Bool { bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var number = 0
    private var digest: [UInt8] = []
    private var pushedBack: [Line] = []

    /// Longer lines are cut here; no event is so long.
    private static let mostBytes = 4 << 20

    /// Opens a file, or standard input for "-".
    package static func open(_ path: String) -> Result<LineSource, FileError> {
        if path == "-" { return .success(LineSource(descriptor: STDIN_FILENO)) }
        if FileSystem.kind(of: path) == .folder {
            errno = EISDIR
            return .failure(FileError(path: path))
        }
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(FileError(path: path)) }
        return .success(LineSource(descriptor: descriptor))
    }

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The next line; `nil` behind the last one.
    package mutating func next() -> Line? {
        if !pushedBack.isEmpty { return pushedBack.removeFirst() }
        guard let bytes = nextBytes() else { return nil }
        number += 1
        digest = Digest.sha256(digest + bytes)
        return Line(
            number: number, bytes: bytes, fingerprint: Digest.hexadecimal(digest.prefix(16)))
    }

    /// Whether the next line is here already, so that reading it can not wait for its writer.
    package var hasLineAtHand: Bool {
        !pushedBack.isEmpty || buffer[position...].contains(0x0A)
    }

    /// The next line, and those behind it that are at hand; `nil` behind the last one.
    package mutating func nextLines(atMost limit: Int) -> [Line]? {
        guard let first = next() else { return nil }
        var lines = [first]
        while hasLineAtHand, lines.count < limit, let line = next() { lines.append(line) }
        return lines
    }

    /// Puts lines back, to be read again.
    package mutating func putBack(_ lines: [Line]) {
        pushedBack = lines + pushedBack
    }

    private mutating func nextBytes() -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            if let end = buffer[position...].firstIndex(of: 0x0A) {
                append(buffer[position..<end], to: &line)
                position = end + 1
                return line
            }
            append(buffer[position...], to: &line)
            position = buffer.count
            guard fill() else { return line.isEmpty ? nil : line }
        }
    }

    private func append(_ bytes: ArraySlice<UInt8>, to line: inout [UInt8]) {
        line += bytes.prefix(max(0, Self.mostBytes - line.count))
    }

    private mutating func fill() -> Bool {
        guard !isAtEnd else { return false }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var count = -1
        repeat { count = read(descriptor, &chunk, chunk.count) } while count < 0 && errno == EINTR
        guard count > 0 else {
            isAtEnd = true
            return false
        }
        buffer = Array(chunk[..<count])
        position = 0
        return true
    }
}
