// Brackets that are missing, too many, or of the wrong kind. Brackets alone do not say which, so
// the lines decide: people write one member a line, and line up what belongs together.

extension JSONReader {
    /// A closing bracket of the other kind: closes up to its partner, closes the innermost
    /// container, or is left aside.
    mutating func closeMismatched(_ byte: UInt8) {
        guard let frame = inner else { return }
        let isObject = byte == UInt8(ascii: "}")
        reportMismatch(frame)
        countMend()
        let partner = outer.lastIndex { $0.isObject == isObject }
        if let partner, closesPartner(at: partner) {
            while let frame = inner, frame.isObject != isObject { closeInner() }
            close()
        } else if source.beginsLine(at: place) || isOnThisLine(frame) {
            close()
        } else {
            place += 1
        }
    }

    private mutating func reportMismatch(_ frame: Frame) {
        guard !isRecovering else { return }
        let start = opening(of: frame)
        let (open, close) = frame.isObject ? ("{", "}") : ("[", "]")
        let position = position(ofByte: start)
        reportBalance(
            place..<place + 1,
            "expected \"\(close)\" for the \"\(open)\" at \(position), found \(found.text)",
            related: .init(range: start..<start + 1, message: "opened here"))
    }

    /// Whether the bracket here is meant for a container further out.
    ///
    /// Not for the outermost one as long as the text goes on; but when both are on one line, when
    /// the bracket stands on a line of its own, or when what follows lines up with that container.
    private func closesPartner(at partner: Int) -> Bool {
        let frame = outer[partner]
        if partner == 0, source[(place + 1)...].contains(where: { $0 > 0x20 }) { return false }
        if source.beginsLine(at: place) || isOnThisLine(frame) { return true }
        var next = source.endOfSpace(from: place + 1)
        if next < source.count, source[next] == UInt8(ascii: ",") {
            next = source.endOfSpace(from: next + 1)
        }
        guard next < source.count, source.beginsLine(at: next) else { return false }
        return source.indentation(at: next) <= source.indentation(at: opening(of: frame))
    }

    /// A ":" stands behind a text: that was a name, and a bracket before it is missing.
    ///
    ///     "data": "total": "decimal" }        a "{", so begins an object here
    ///     "emit": ["Pay", "goto": "Paid"      a "]", so ends the list before
    mutating func mendForgottenBracket() -> Bool {
        guard let frame = inner, let name = nodes.last, name.kind == .string,
            Int(name.next) == nodes.count,
            source[name.range.upperBound..<place].allSatisfy({ $0 <= 0x20 })
        else { return false }
        let bracket = isBehind(frame, name) ? "]" : "{"
        let owner = lastName.map { " as the value of \(quoted($0))" } ?? ""
        reportStructure(name.range, "expected \"\(bracket)\" before \(quoted(name))\(owner)")
        nodes.removeLast()
        if bracket == "]" {
            closeInner()
            nodes[frame.node].end = name.start
        } else if begin(.object) {
            nodes[nodes.count - 1].start = name.start
        } else {
            return true
        }
        nodes.append(name)
        nodes[nodes.count - 1].next = UInt32(truncatingIfNeeded: nodes.count)
        finishName()
        return true
    }

    /// Whether a name that was read as an element of a list belongs to the object around that.
    private func isBehind(_ list: Frame, _ name: JSONTapeNode) -> Bool {
        guard !list.isObject, outer.last?.isObject == true else { return false }
        let (start, first) = (name.range.lowerBound, list.node + 1)
        if source.beginsLine(at: start),
            source.indentation(at: start) <= source.indentation(at: opening(of: list))
        {
            return true
        }
        return first < nodes.count - 1 && nodes[first].kind != .object
    }

    private func opening(of frame: Frame) -> Int { nodes[frame.node].range.lowerBound }

    /// Whether a container was opened on the line of this place.
    private func isOnThisLine(_ frame: Frame) -> Bool {
        !source[opening(of: frame)..<place].contains(UInt8(ascii: "\n"))
    }
}
