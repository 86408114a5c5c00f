// Values out of the JSON of events and messages.

extension Value {
    /// The value that a JSON text writes.
    ///
    /// A number is a whole one when it is written without point and exponent and fits 64 bits, else
    /// a floating point number.
    ///
    /// - Parameter text: JSON of at most 1 MiB and 128 levels.
    /// - Throws: ``JSONError`` when the text is not JSON, a name stands twice in one object, or a
    ///   store could not keep what it says: the character U+0000, half a character, a number of
    ///   more than 38 digits or an exponent beyond ±308.
    public init(json text: String) throws(JSONError) {
        try self.init(json: [UInt8](text.utf8))
    }

    /// The value that a JSON text writes, as ``init(json:)`` reads it.
    ///
    /// - Parameters:
    ///   - source: The text in UTF-8.
    ///   - limits: How large it may be.
    ///   - numbers: What becomes of a number that is no whole one of 64 bits.
    /// - Throws: ``JSONError`` as ``init(json:)`` says.
    package init(
        json source: [UInt8], limits: JSONLimits = .event, numbers: JSONNumbers = .untyped
    ) throws(JSONError) {
        let document = JSONDocument(reading: source, limits: limits)
        self = try document.storableValue(numbers: numbers)
    }
}

/// What becomes of a JSON number that is not a whole one of 64 bits.
package enum JSONNumbers: Sendable {
    /// A floating point number.
    case untyped
    /// A decimal with the digits as they are written, where it has at most 38 and a scale up to 38.
    case exact
}

extension JSONDocument {
    /// The value of the text, if every store can keep it.
    package func storableValue(numbers: JSONNumbers = .untyped) throws(JSONError) -> Value {
        if let error = firstError { throw error }
        guard let root else { throw error("nothing is written here", at: 0) }
        for node in tape.nodes { try checkStorable(node) }
        return root.value(numbers: numbers)
    }

    private func checkStorable(_ node: JSONTapeNode) throws(JSONError) {
        switch node.kind {
        case .number where !node.isSurelyStorableNumber(in: source):
            let number = JSONNumber(source[node.range])
            if number.significantDigits > 38 {
                throw error("this number has more than 38 digits", at: node.range.lowerBound)
            }
            if !number.isInRange {
                throw error("this number is beyond 10^±308", at: node.range.lowerBound)
            }
        case .string where node.flags.contains(.escaped):
            if let byte = node.firstZero(in: source) {
                throw error("a text cannot hold the character U+0000", at: byte)
            }
        default: break
        }
    }
}

extension JSONTapeNode {
    /// Whether a number is so short that no limit can matter.
    fileprivate func isSurelyStorableNumber(in source: [UInt8]) -> Bool {
        range.count <= 18 && !source[range].contains { $0 | 0x20 == UInt8(ascii: "e") }
    }

    /// The byte at which a text writes the character U+0000.
    fileprivate func firstZero(in source: [UInt8]) -> Int? {
        var pieces = JSONTextPieces(of: content, in: source)
        while let piece = pieces.next() {
            if case .scalar("\0") = piece.decoded { return piece.source.lowerBound }
        }
        return nil
    }
}
