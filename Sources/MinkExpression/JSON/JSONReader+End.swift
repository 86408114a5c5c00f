// The end of a JSON text: too early, or with something behind it.

extension JSONReader {
    /// The text ends while something is still expected.
    mutating func endOfText() {
        let end = source.count..<source.count
        if let frame = inner {
            let opening = nodes[frame.node].range.lowerBound
            let (bracket, closer) = frame.isObject ? ("{", "}") : ("[", "]")
            let start = position(ofByte: opening)
            report(
                .syntax, end,
                "expected \"\(closer)\" for the \"\(bracket)\" at \(start), "
                    + "found the end",
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
        report(
            .syntax, found.range, "expected the end, found \(found.text)",
            help: isMember ? "one closing bracket before this is too many" : nil)
        guard isMember, let root = nodes.first, root.kind == .object else {
            hasStopped = true
            return
        }
        inner = Frame(node: 0, isObject: true, firstKey: 0)
        expected = .separator
        isRecovering = true
    }
}
