// The text of a file, cut into lines, to name places in it and to show them.

/// A file's bytes, with quick ways from a byte to its line and column.
///
/// A class, because it never changes and every place of a file leads to it.
package final class SourceText: Sendable {
    package let file: String
    package let bytes: [UInt8]
    private let lineStarts: [Int]
    /// How many scalars begin before each 256th byte, where a scalar can have more than one; keeps
    /// columns cheap in files of one line.
    private let scalarsBefore: [Int]
    /// Whether all bytes are ASCII, so that columns count bytes.
    let isASCII: Bool

    package init(file: String, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
        // A byte order mark at the start counts for nothing.
        lineStarts =
            [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
            + bytes.places(of: UInt8(ascii: "\n")).map { $0 + 1 }
        isASCII = bytes.isASCII
        scalarsBefore = isASCII ? [] : Self.scalarsBefore(in: bytes)
    }

    private static func scalarsBefore(in bytes: [UInt8]) -> [Int] {
        var counts: [Int] = []
        counts.reserveCapacity(bytes.count / stride + 1)
        var scalars = 0
        for (index, byte) in bytes.enumerated() {
            if index % stride == 0 { counts.append(scalars) }
            if beginsScalar(byte) { scalars += 1 }
        }
        if bytes.count % stride == 0 { counts.append(scalars) }
        return counts
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
        return isASCII
            ? SourceLine(ascii: line)
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
        if isASCII { return offset }
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
        case ascii(ArraySlice<UInt8>)
        case scalars([Unicode.Scalar])
    }

    private let text: Text

    fileprivate init(ascii bytes: ArraySlice<UInt8>) { text = .ascii(bytes) }

    fileprivate init(scalars: [Unicode.Scalar]) { text = .scalars(scalars) }

    package var startIndex: Int { 0 }

    package var endIndex: Int {
        switch text {
        case .ascii(let bytes): bytes.count
        case .scalars(let scalars): scalars.count
        }
    }

    /// Some of its scalars, safe to show on a terminal.
    func visible(_ range: Range<Int>) -> String {
        if case .ascii(let bytes) = text {
            let first = bytes.startIndex
            let shown = bytes[first + range.lowerBound..<first + range.upperBound]
            // Most lines show as they stand.
            if shown.allSatisfy({ (0x20..<0x7F).contains($0) }) {
                return String(decoding: shown, as: UTF8.self)
            }
        }
        return self[range].reduce(into: "") { $0 += $1.visible }
    }

    package subscript(place: Int) -> Unicode.Scalar {
        switch text {
        case .ascii(let bytes): Unicode.Scalar(bytes[bytes.startIndex + place])
        case .scalars(let scalars): scalars[place]
        }
    }
}
