// What stands between the values: white space, and the comments that JSON does not have. Also what
// is checked before the first value: size and encoding.

extension JSONReader {
    /// Moves to the next byte that is neither white space nor comment.
    mutating func skipSpace() {
        while place < source.count {
            switch source[place] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                place += 1
            case UInt8(ascii: "/"), UInt8(ascii: "#"):
                guard skipComment() else { return }
            default:
                return
            }
        }
    }

    private mutating func skipComment() -> Bool {
        let start = place
        if source[place] == UInt8(ascii: "#") {
            place = endOfLine(from: place)
        } else if starts(with: "//") {
            place = endOfLine(from: place)
        } else if starts(with: "/*") {
            place += 2
            while place < source.count, !starts(with: "*/") { place += 1 }
            guard place < source.count else {
                report(.syntax, start..<start + 2, "this comment is never closed")
                return true
            }
            place += 2
        } else {
            return false
        }
        guard canReport(.notPlainJSON, at: start) else { return true }
        report(
            .notPlainJSON, start..<place,
            "remove the comment; \(limits.subject) are plain JSON without comments",
            help: "a note can stand under the key \"$comment\"",
            fix: .init(range: start..<place, replacement: ""))
        return true
    }

    /// The end of the line without its line break.
    func endOfLine(from start: Int) -> Int {
        var end = start
        while end < source.count, source[end] != UInt8(ascii: "\n") { end += 1 }
        if end > start, source[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return end
    }

    func starts(with text: StaticString) -> Bool { source.starts(with: text, at: place) }

    mutating func checkSize() -> Bool {
        guard source.count > limits.bytes else { return true }
        let size =
            limits.bytes % (1 << 20) == 0 ? "\(limits.bytes >> 20) MiB" : "\(limits.bytes) bytes"
        stop(.tooBig, 0..<0, "larger than \(size)")
        return false
    }

    /// Refuses UTF-16, and skips a byte order mark.
    mutating func checkEncoding() -> Bool {
        if source.startsWithByteOrderMark {
            report(
                .encoding, 0..<3, "the file begins with an invisible byte order mark",
                severity: .warning, help: "save the file as UTF-8 without BOM",
                fix: .init(range: 0..<3, replacement: ""))
            place = 3
        }
        guard isUTF16 else { return true }
        stop(.encoding, 0..<2, "this is UTF-16; save the file as UTF-8")
        return false
    }

    /// Whether a mark says so, or every second byte is zero, as in Latin text.
    private var isUTF16: Bool {
        guard source.count >= 2 else { return false }
        if source[0] == 0xFF && source[1] == 0xFE || source[0] == 0xFE && source[1] == 0xFF {
            return true
        }
        guard source.count >= 4 else { return false }
        return source[0] == 0 && source[2] == 0 && source[1] != 0
            || source[1] == 0 && source[3] == 0 && source[0] != 0
    }
}
