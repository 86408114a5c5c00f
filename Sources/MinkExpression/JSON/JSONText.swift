// A text of a JSON file, decoded piece by piece, in step with the bytes that it is written with.

/// Walks the pieces of a text: runs of bytes that stand for themselves, and single characters.
struct JSONTextPieces {
    enum Decoded {
        /// The bytes of the source are the text.
        case verbatim
        /// An escape, or U+FFFD for a byte that is not UTF-8.
        case scalar(Unicode.Scalar)
    }

    private let bytes: [UInt8]
    private var place: Int
    private let end: Int

    init(of content: Range<Int>, in bytes: [UInt8]) {
        self.bytes = bytes
        place = content.lowerBound
        end = content.upperBound
    }

    /// The next piece: its bytes in the source, and what they stand for.
    mutating func next() -> (source: Range<Int>, decoded: Decoded)? {
        guard place < end else { return nil }
        let start = place
        while place < end, bytes[place] != UInt8(ascii: "\\") {
            let length = bytes.lengthOfScalar(at: place, before: end)
            guard length > 0 else { break }
            place += length
        }
        if place > start { return (start..<place, .verbatim) }
        guard bytes[place] == UInt8(ascii: "\\") else {
            place += 1
            return (start..<place, .scalar("\u{FFFD}"))
        }
        let escape = JSONEscape(in: bytes, at: place, before: end)
        place += escape.length
        return (start..<place, .scalar(escape.scalar))
    }
}

extension [UInt8] {
    /// The length of the UTF-8 sequence that begins at a place; 0 when it is none.
    func lengthOfScalar(at place: Int, before end: Int) -> Int {
        let first = self[place]
        if first < 0x80 { return 1 }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard first >= 0xC2, first <= 0xF4, place + length <= end else { return 0 }
        let second = self[place + 1]
        // Refuses overlong forms, surrogates, and what lies beyond U+10FFFF.
        let seconds: ClosedRange<UInt8> =
            switch first {
            case 0xE0: 0xA0...0xBF
            case 0xED: 0x80...0x9F
            case 0xF0: 0x90...0xBF
            case 0xF4: 0x80...0x8F
            default: 0x80...0xBF
            }
        guard seconds.contains(second) else { return 0 }
        for next in place + 2..<place + length where !self[next].isContinuation {
            return 0
        }
        return length
    }
}

extension JSONTapeNode {
    /// The decoded bytes of a text.
    func decodedBytes(in bytes: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(content.count)
        var pieces = JSONTextPieces(of: content, in: bytes)
        while let piece = pieces.next() {
            switch piece.decoded {
            case .verbatim: decoded.append(contentsOf: bytes[piece.source])
            case .scalar(let scalar): decoded.append(contentsOf: UTF8.encode(scalar) ?? .init())
            }
        }
        return decoded
    }

    /// The decoded text.
    func text(in bytes: [UInt8]) -> String {
        isVerbatim
            ? String(decoding: bytes[content], as: UTF8.self)
            : String(decoding: decodedBytes(in: bytes), as: UTF8.self)
    }

    /// The byte in the source at which a byte of the decoded text is written.
    ///
    /// Behind the text that is the closing quote; within an escape its backslash.
    func sourceByte(ofDecodedByte offset: Int, in bytes: [UInt8]) -> Int {
        guard offset > 0 else { return content.lowerBound }
        var decoded = 0
        var pieces = JSONTextPieces(of: content, in: bytes)
        while let piece = pieces.next() {
            switch piece.decoded {
            case .verbatim:
                if offset - decoded < piece.source.count {
                    return piece.source.lowerBound + offset - decoded
                }
                decoded += piece.source.count
            case .scalar(let scalar):
                decoded += UTF8.width(scalar)
                if offset < decoded { return piece.source.lowerBound }
            }
        }
        return content.upperBound
    }
}
