// Numbers: their syntax, and whether something can keep them as they are written.

extension JSONReader {
    /// Reads the number that begins here.
    mutating func readNumber() {
        let start = place
        var hasExponent = false
        if source[place] == UInt8(ascii: "-") { place += 1 }
        let first = place
        let digits = skipDigits()
        guard digits > 0, digits == 1 || source[first] != UInt8(ascii: "0") else {
            return recoverNumber(from: start)
        }
        if isAt(".") {
            place += 1
            guard skipDigits() > 0 else { return recoverNumber(from: start) }
        }
        if isAt("e") || isAt("E") {
            hasExponent = true
            place += 1
            if isAt("+") || isAt("-") { place += 1 }
            guard skipDigits() > 0 else { return recoverNumber(from: start) }
        }
        guard !isInWord else { return recoverNumber(from: start) }
        // 17 characters without an exponent lose nothing.
        if place - start > 17 || hasExponent, !JSONNumber(source[start..<place]).isExact {
            reportInexact(start..<place)
        }
        append(.number, start..<place)
    }

    /// Whether the number goes on with what no number may have.
    private var isInWord: Bool {
        guard place < source.count else { return false }
        return source[place].isWordCharacter || isAt(".") || isAt("-") || isAt("+")
    }

    private mutating func skipDigits() -> Int {
        let start = place
        while place < source.count, source[place] &- UInt8(ascii: "0") < 10 { place += 1 }
        return place - start
    }

    private func isAt(_ character: Unicode.Scalar) -> Bool {
        place < source.count && source[place] == UInt8(ascii: character)
    }
}
