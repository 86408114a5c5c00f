// A JSON text after reading: its bytes, and a flat list of what stands where. Nothing is decoded.
//
//   {"a": [1, 2]}   →   object  name  array  number  number
//                       next: 5       next: 5
//
// A container is followed by its content; of an object that is name, value, name, value, … `next`
// leads to what follows behind a value, so that any value can be skipped in one step.

/// What stands at a place in a JSON text.
package enum JSONKind: UInt8, Sendable {
    /// Something that could not be read; a problem says why.
    case missing
    case null, bool, number, string, array, object
}

/// One entry of the tape.
struct JSONTapeNode: Sendable {
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt8

        /// A text with escapes.
        static let escaped = Flags(rawValue: 1)
        /// A text with bytes that are not UTF-8 or may not stand in a text.
        static let broken = Flags(rawValue: 2)
        /// A text without its closing quote.
        static let unclosed = Flags(rawValue: 4)
        /// A text in typographic quotes, which have three bytes each.
        static let wideQuotes = Flags(rawValue: 8)
        /// A name without quotes.
        static let bare = Flags(rawValue: 16)
    }

    var kind: JSONKind
    var flags: Flags = []
    /// The first byte in the source.
    var start: UInt32
    /// The byte behind the last one.
    var end: UInt32
    /// The entry behind this value and all that it contains.
    var next: UInt32 = 0

    init(_ kind: JSONKind, _ start: Int, _ end: Int, next: Int, flags: Flags = []) {
        self.kind = kind
        self.flags = flags
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        self.next = UInt32(truncatingIfNeeded: next)
    }

    var range: Range<Int> { Int(start)..<Int(end) }

    /// The bytes of a text between its quotes.
    var content: Range<Int> {
        let quote = flags.contains(.wideQuotes) ? 3 : flags.contains(.bare) ? 0 : 1
        let first = Int(start) + quote
        let last = Int(end) - (flags.contains(.unclosed) ? 0 : quote)
        return first..<max(first, last)
    }

    /// Whether the bytes of a text are the text itself.
    var isVerbatim: Bool { flags.isDisjoint(with: [.escaped, .broken]) }
}

/// A JSON text after reading; shared by all cursors into it.
final class JSONTape: Sendable {
    let source: [UInt8]
    let nodes: [JSONTapeNode]
    let problems: [JSONProblem]
    /// Made while reading where places will be asked for; else at each question.
    let lines: LineTable?
    /// Whether some object has a name twice.
    let hasDuplicates: Bool
    /// Whether the text was read to its end.
    let isComplete: Bool

    /// What a reader has read.
    init(of reader: JSONReader) {
        source = reader.source
        nodes = reader.nodes
        problems = reader.problems
        lines = reader.lines ?? (reader.limits.keepsLines ? LineTable(of: source) : nil)
        isComplete = !reader.hasStopped
        hasDuplicates = problems.contains { $0.code == .duplicateKey }
    }
}
