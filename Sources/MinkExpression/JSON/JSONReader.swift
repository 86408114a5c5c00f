// Reads a JSON text into a tape, and goes on after a mistake, so that one run finds them all.
//
//   expected      ┌──────── "," ────────┐
//    value ──▶ separator ◀── value ◀── name ◀── "{"
//                  └── "}" or "]" ──▶ separator of the container around it, or the end
//
// The open containers are a list, not a recursion. Memory is a small multiple of the text's.

/// Reads a JSON text, by and by.
struct JSONReader {
    /// What may come next.
    enum Expectation {
        /// The value of the whole text, or of the name before.
        case value
        case firstElement, element
        case firstName, name
        case separator
        case end
    }

    /// A container that is not closed yet.
    struct Frame {
        let node: Int
        let isObject: Bool
        /// Where its names begin in `keys`.
        let firstKey: Int
    }

    let source: [UInt8]
    let limits: JSONLimits
    var place = 0
    var expected = Expectation.value
    var nodes: [JSONTapeNode] = []
    var problems: [JSONProblem] = []
    /// How many there are of each kind.
    var counts: [JSONProblem.Code: Int] = [:]
    var lines: LineTable?

    /// The containers around the innermost one.
    var outer: [Frame] = []
    /// The innermost container.
    var inner: Frame?
    /// The names of all open objects.
    var keys: [JSONKey] = []
    /// Whether a mistake was reported, and nothing has fitted since: what follows from it is not
    /// reported again.
    var isRecovering = false
    var hasStopped = false
    /// A line on which a quote is missing: what is read there is not reported again.
    var brokenLine: Range<Int>?
    /// Slips that had to be mended, the ones that follow from others included.
    var mends = 0
    /// The line that was last searched for a missing quote, and whether one is missing.
    var searchedLine: (range: Range<Int>, missesQuote: Bool)?
    /// The comma before the name or element that is expected; `nil` when it is missing.
    var lastComma: Int?

    init(_ source: [UInt8], limits: JSONLimits) {
        self.source = source
        self.limits = limits
        nodes.reserveCapacity(min(source.count / 8 + 4, 1 << 20))
    }

    mutating func read() {
        guard checkSize(), checkEncoding() else { return }
        while !hasStopped {
            skipSpace()
            guard place < source.count else {
                endOfText()
                break
            }
            step(source[place])
        }
        closeAll()
        problems.sort { $0.range.lowerBound < $1.range.lowerBound }
    }

    private mutating func step(_ byte: UInt8) {
        switch expected {
        case .separator:
            readSeparator(byte)
        case .value, .element:
            readValue(byte)
        case .firstElement:
            if byte == UInt8(ascii: "]") { close() } else { readValue(byte) }
        case .name:
            readName(byte)
        case .firstName:
            if byte == UInt8(ascii: "}") { close() } else { readName(byte) }
        case .end:
            readBehindEnd(byte)
        }
    }

    private mutating func readValue(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""):
            readString()
        case UInt8(ascii: "{"):
            open(.object)
        case UInt8(ascii: "["):
            open(.array)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            readNumber()
        case UInt8(ascii: "t") where source.hasWord("true", at: place):
            appendScalar(.bool, length: 4)
        case UInt8(ascii: "f") where source.hasWord("false", at: place):
            appendScalar(.bool, length: 5)
        case UInt8(ascii: "n") where source.hasWord("null", at: place):
            appendScalar(.null, length: 4)
        default:
            recoverValue(byte)
        }
    }

    private mutating func readSeparator(_ byte: UInt8) {
        let isObject = inner?.isObject == true
        if byte == UInt8(ascii: ",") {
            lastComma = place
            place += 1
            isRecovering = false
            expected = isObject ? .name : .element
        } else if byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            close()
        } else {
            recoverSeparator(byte)
        }
    }

    private mutating func readName(_ byte: UInt8) {
        guard byte == UInt8(ascii: "\"") else { return recoverName(byte) }
        if readString() { finishName() }
    }

    /// Takes the text that was just read as a name, and goes on to its value.
    mutating func finishName() {
        let name = nodes.count - 1
        keys.append(JSONKey(of: nodes[name], at: name, in: source))
        isRecovering = nodes[name].flags.contains(.unclosed)
        readColon()
    }

    mutating func readColon() {
        expected = .value
        skipSpace()
        guard place < source.count else { return }
        if source[place] == UInt8(ascii: ":") {
            place += 1
        } else {
            recoverColon(source[place])
        }
    }

    private mutating func open(_ kind: JSONKind) {
        guard begin(kind) else { return }
        place += 1
        isRecovering = false
    }

    /// Begins a container at this place; false when it would be too deep.
    mutating func begin(_ kind: JSONKind) -> Bool {
        guard outer.count + (inner == nil ? 0 : 1) < limits.depth else {
            stop(
                .tooBig, place..<place + 1, "nested more than \(limits.depth) levels deep")
            return false
        }
        if let inner { outer.append(inner) }
        inner = Frame(node: nodes.count, isObject: kind == .object, firstKey: keys.count)
        nodes.append(JSONTapeNode(kind, place, place + 1, next: 0))
        expected = kind == .object ? .firstName : .firstElement
        return true
    }

    /// Closes the innermost container with the bracket that stands here.
    mutating func close() {
        place += 1
        isRecovering = false
        closeInner()
    }

    /// Closes the innermost container at this place, whatever stands here.
    mutating func closeInner() {
        guard let frame = inner else { return }
        nodes[frame.node].end = UInt32(truncatingIfNeeded: place)
        nodes[frame.node].next = UInt32(truncatingIfNeeded: nodes.count)
        if frame.isObject {
            if keys.count > frame.firstKey + 1 { checkDuplicates(from: frame.firstKey) }
            keys.removeLast(keys.count - frame.firstKey)
        }
        inner = outer.popLast()
        expected = inner == nil ? .end : .separator
    }

    private mutating func appendScalar(_ kind: JSONKind, length: Int) {
        append(kind, place..<place + length)
        place += length
    }

    /// Adds a value without content.
    mutating func append(
        _ kind: JSONKind, _ range: Range<Int>, flags: JSONTapeNode.Flags = []
    ) {
        nodes.append(
            JSONTapeNode(
                kind, range.lowerBound, range.upperBound, next: nodes.count + 1, flags: flags))
        expected = inner == nil ? .end : .separator
    }

    /// Closes what is still open when the reading has ended.
    private mutating func closeAll() {
        if expected == .value, inner?.isObject == true { append(.missing, place..<place) }
        while inner != nil { closeInner() }
    }
}

extension [UInt8] {
    /// Whether exactly this word stands at a place.
    fileprivate func hasWord(_ word: StaticString, at place: Int) -> Bool {
        let end = place + word.utf8CodeUnitCount
        guard starts(with: word, at: place) else { return false }
        return end == count || !self[end].isWordCharacter
    }

    /// Whether this text stands at a place.
    func starts(with text: StaticString, at place: Int) -> Bool {
        let end = place + text.utf8CodeUnitCount
        guard end <= count else { return false }
        return text.withUTF8Buffer { self[place..<end].elementsEqual($0) }
    }
}

extension UInt8 {
    /// Whether this byte is a letter, a digit, `_` or `$`.
    var isWordCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
            true
        default: false
        }
    }
}
