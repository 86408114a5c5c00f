// Numbers: their syntax, and whether something can keep them as they are written.

extension JSONReader {
    /// Reads the number that begins here.
    mutating func readNumber() {
        let start = place
        var hasExponent = false
        if source[place] == UInt8(ascii: "-") { place += 1 }
        let first = place
        guard skipDigits(), place == first + 1 || source[first] != UInt8(ascii: "0") else {
            return recoverNumber(from: start)
        }
        if skip(".") { guard skipDigits() else { return recoverNumber(from: start) } }
        if skip("e") || skip("E") {
            hasExponent = true
            if !skip("-") { _ = skip("+") }
            guard skipDigits() else { return recoverNumber(from: start) }
        }
        if place < source.count, source[place].isPartOfNumber {
            return recoverNumber(from: start)
        }
        // 17 characters without an exponent lose nothing.
        if place - start > 17 || hasExponent, !JSONNumber(source[start..<place]).isExact {
            reportInexact(start..<place)
        }
        append(.number, start..<place)
    }

    /// Moves behind the digits here; false when there are none.
    private mutating func skipDigits() -> Bool {
        let start = place
        while place < source.count, source[place].isDigit { place += 1 }
        return place > start
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard place < source.count, source[place] == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }
}

extension UInt8 {
    /// Whether a number that this byte follows is none, or goes on.
    fileprivate var isPartOfNumber: Bool {
        isWordCharacter || self == UInt8(ascii: ".") || self == UInt8(ascii: "-")
            || self == UInt8(ascii: "+")
    }
}
