// Where the lines of a text begin, so that a byte can be shown to people as line and column.

/// A place in a text, as editors show it.
package struct TextPosition: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Counted from 1.
    package let line: Int
    /// Counted from 1, in Unicode scalars.
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: TextPosition, right: TextPosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    /// Line and column, as in `12:7`.
    package var description: String { "\(line):\(column)" }
}

/// The bytes at which the lines of a UTF-8 text begin.
package struct LineTable: Sendable {
    private let starts: [Int]

    /// The lines of a text; a byte order mark at its start counts for nothing.
    package init(of source: [UInt8]) {
        var starts = [source.startsWithByteOrderMark ? 3 : 0]
        for byte in source.indices where source[byte] == UInt8(ascii: "\n") {
            starts.append(byte + 1)
        }
        self.starts = starts
    }

    /// The line and column of a byte; of a place behind the text, those of its end.
    package func position(ofByte byte: Int, in source: [UInt8]) -> TextPosition {
        var byte = min(max(byte, starts[0]), source.count)
        while byte > starts[0], byte < source.count, source[byte].isContinuation { byte -= 1 }
        let line = lineIndex(ofByte: byte)
        var column = 1
        for byte in starts[line]..<byte where !source[byte].isContinuation { column += 1 }
        return TextPosition(line: line + 1, column: column)
    }

    /// The bytes of a line, counted from 1, without its line break; `nil` when there is none such.
    package func range(ofLine line: Int, in source: [UInt8]) -> Range<Int>? {
        guard starts.indices.contains(line - 1) else { return nil }
        let start = starts[line - 1]
        var end = line < starts.count ? starts[line] - 1 : source.count
        if end > start, source[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return start..<end
    }

    /// The last line that begins at or before a byte.
    private func lineIndex(ofByte byte: Int) -> Int {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= byte { low = middle } else { high = middle }
        }
        return low
    }
}

extension UInt8 {
    /// Whether this byte goes on with a UTF-8 sequence that began before it.
    var isContinuation: Bool { self & 0xC0 == 0x80 }
}

extension [UInt8] {
    var startsWithByteOrderMark: Bool {
        count >= 3 && self[0] == 0xEF && self[1] == 0xBB && self[2] == 0xBF
    }
}
