// The end of a JSON text: too early, or with something behind it.

extension JSONReader {
    /// The text ends while something is still expected.
    mutating func endOfText() {
        let end = source.count..<source.count
        if let frame = inner {
            let opening = nodes[frame.node].range.lowerBound
            let (bracket, closer) = frame.isObject ? ("{", "}") : ("[", "]")
            let start = position(ofByte: opening)
            reportBalance(
                end,
                "expected \"\(closer)\" for the \"\(bracket)\" at \(start), found the end",
                help: hintOfLayout(),
                related: .init(range: opening..<opening + 1, message: "opened here"))
        } else if expected == .value, problems.allSatisfy({ $0.severity == .warning }) {
            report(.syntax, end, "nothing is written here; expected a value")
        }
    }

    /// Something stands behind the value of the whole text.
    ///
    /// A comma or a name behind an object means that one bracket too many closed it: reading goes
    /// on within it, so that the rest of the file is checked too.
    mutating func readBehindEnd(_ byte: UInt8) {
        let isMember = byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"")
        reportBalance(
            found.range, "expected the end, found \(found.text)",
            help: hintOfLayout()
                ?? (isMember ? "one closing bracket before this is too many" : nil))
        guard isMember, let root = nodes.first, root.kind == .object else {
            hasStopped = true
            return
        }
        inner = Frame(node: 0, isObject: true, firstKey: 0)
        expected = .separator
        isRecovering = true
    }

    /// Names the first pair of brackets that do not line up: there one is missing or too many.
    private mutating func hintOfLayout() -> String? {
        let pairs = nodes.filter { node in
            node.kind == .object || node.kind == .array
        }.map { (opening: $0.range.lowerBound, closing: $0.range.upperBound - 1) }
        let odd = pairs.filter { pair in
            pair.closing > pair.opening && source.beginsLine(at: pair.closing)
                && source.indentation(at: pair.opening) != source.indentation(at: pair.closing)
        }
        guard let first = odd.min(by: { $0.closing < $1.closing }) else { return nil }
        let (opening, closing) = (position(ofByte: first.opening), position(ofByte: first.closing))
        return "the brackets at \(opening) and \(closing) belong together and do not line up; "
            + "one may be missing or too many there"
    }
}
