// The text of a file, cut into lines, to name places in it and to show them.

/// A file's bytes, with quick ways from a byte to its line and column.
///
/// A class, because it never changes and every place of a file leads to it.
package final class SourceText: Sendable {
    package let file: String
    package let bytes: [UInt8]
    private let lineStarts: [Int]
    /// How many scalars begin before each 256th byte; keeps columns cheap in files of one line.
    private let scalarsBefore: [Int]
    /// Whether every byte begins a scalar, so that columns count bytes.
    private let isPlain: Bool

    package init(file: String, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
        // A byte order mark at the start counts for nothing.
        var starts = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
        var counts: [Int] = []
        counts.reserveCapacity(bytes.count / Self.stride + 1)
        var scalars = 0
        for (index, byte) in bytes.enumerated() {
            if index % Self.stride == 0 { counts.append(scalars) }
            if Self.beginsScalar(byte) { scalars += 1 }
            if byte == UInt8(ascii: "\n") { starts.append(index + 1) }
        }
        if bytes.count % Self.stride == 0 { counts.append(scalars) }
        lineStarts = starts
        scalarsBefore = counts
        isPlain = scalars == bytes.count
    }

    /// Line and column of a byte; both count from 1, columns in Unicode scalars.
    package func position(ofByte offset: Int) -> (line: Int, column: Int) {
        let offset = min(max(lineStarts[0], offset), bytes.count)
        let line = lineIndex(ofByte: offset)
        return (line + 1, scalars(before: offset) - scalars(before: lineStarts[line]) + 1)
    }

    /// The stretch between two bytes, as findings name it.
    package func span(_ range: Range<Int>, pointer: String) -> SourceSpan {
        let start = position(ofByte: range.lowerBound)
        let end = position(ofByte: range.upperBound)
        return SourceSpan(
            file: file, line: start.line, column: start.column, endLine: end.line,
            endColumn: end.column, pointer: pointer)
    }

    /// The bytes between two places; places that do not exist count as the nearest that do.
    package func bytes(of span: SourceSpan) -> Range<Int> {
        let start = byte(ofLine: span.line, column: span.column)
        return start..<max(start, byte(ofLine: span.endLine, column: span.endColumn))
    }

    private func byte(ofLine line: Int, column: Int) -> Int {
        guard line <= lineStarts.count else { return bytes.count }
        var place = lineStarts[max(line, 1) - 1]
        var left = column - 1
        while left > 0, place < bytes.count {
            place += 1
            if place == bytes.count || Self.beginsScalar(bytes[place]) { left -= 1 }
        }
        return place
    }

    /// A line, counted from 1, without its end; empty where there is no such line.
    package func line(_ number: Int) -> SourceLine {
        guard number >= 1, number <= lineStarts.count else { return SourceLine(scalars: []) }
        let start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        let line = bytes[start..<max(start, end)]
        return isPlain
            ? SourceLine(plain: line)
            : SourceLine(scalars: Array(String(decoding: line, as: UTF8.self).unicodeScalars))
    }

    private static let stride = 256

    private static func beginsScalar(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }

    private func lineIndex(ofByte offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    private func scalars(before offset: Int) -> Int {
        if isPlain { return offset }
        let block = offset / Self.stride
        var count = scalarsBefore[block]
        for byte in bytes[(block * Self.stride)..<offset] where Self.beginsScalar(byte) {
            count += 1
        }
        return count
    }
}

/// The scalars of a line, of which only those that are asked for get decoded.
package struct SourceLine: RandomAccessCollection, Sendable {
    private enum Text {
        /// Bytes of which each is a scalar.
        case plain(ArraySlice<UInt8>)
        case scalars([Unicode.Scalar])
    }

    private let text: Text

    fileprivate init(plain bytes: ArraySlice<UInt8>) { text = .plain(bytes) }

    fileprivate init(scalars: [Unicode.Scalar]) { text = .scalars(scalars) }

    package var startIndex: Int { 0 }

    package var endIndex: Int {
        switch text {
        case .plain(let bytes): bytes.count
        case .scalars(let scalars): scalars.count
        }
    }

    package subscript(place: Int) -> Unicode.Scalar {
        switch text {
        case .plain(let bytes):
            // A byte that begins a longer scalar and stands alone is none.
            bytes[bytes.startIndex + place] < 0x80
                ? Unicode.Scalar(bytes[bytes.startIndex + place]) : "\u{FFFD}"
        case .scalars(let scalars): scalars[place]
        }
    }
}
