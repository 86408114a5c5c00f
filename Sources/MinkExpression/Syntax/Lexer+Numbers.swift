// Reads numbers: 42, 0x2A, 42u, 4.2, .5, 1e9.
extension Lexer {
    mutating func readNumber() -> Token.Kind {
        let start = position
        if peek() == UInt8(ascii: "0"), let next = peek(1), next | 0x20 == UInt8(ascii: "x") {
            position += 2
            return readHexadecimal(start)
        }
        skipDigits()
        let isFloating = skipFraction() || skipExponent()
        if isFloating { _ = skipExponent() }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isFloating { return finishFloating(start, text) }
        return finishWhole(start, UInt64(text))
    }

    private mutating func readHexadecimal(_ start: Int) -> Token.Kind {
        var number: UInt64? = 0
        var digits = 0
        while let digit = peek()?.hexValue {
            number = number.flatMap { $0 >> 60 == 0 ? $0 << 4 | UInt64(digit) : nil }
            digits += 1
            position += 1
        }
        guard digits > 0 else {
            return report(start, "the number \"0x\" has no digits")
        }
        return finishWhole(start, number)
    }

    private mutating func finishWhole(_ start: Int, _ number: UInt64?) -> Token.Kind {
        var isUnsigned = false
        if let next = peek(), next | 0x20 == UInt8(ascii: "u") {
            isUnsigned = true
            position += 1
        }
        guard endsCleanly(start) else { return .invalid }
        guard let number else {
            return report(start, "this number does not fit into 64 bits")
        }
        return isUnsigned ? .unsigned(number) : .integer(number)
    }

    private mutating func finishFloating(_ start: Int, _ text: String) -> Token.Kind {
        guard endsCleanly(start) else { return .invalid }
        guard let number = Double(text.hasPrefix(".") ? "0" + text : text), number.isFinite else {
            return report(start, "this number is too large")
        }
        return .floating(number)
    }

    /// Whether no letter follows the number; reports it together with the letters otherwise.
    private mutating func endsCleanly(_ start: Int) -> Bool {
        guard let next = peek(), next.isLetter else { return true }
        while let byte = peek(), byte.isLetter || byte.isDigit { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        _ = report(start, "\"\(text)\" is neither a number nor a name")
        return false
    }

    private mutating func skipDigits() {
        while let byte = peek(), byte.isDigit { position += 1 }
    }

    private mutating func skipFraction() -> Bool {
        guard peek() == UInt8(ascii: "."), peek(1)?.isDigit ?? false else { return false }
        position += 1
        skipDigits()
        return true
    }

    private mutating func skipExponent() -> Bool {
        guard let byte = peek(), byte | 0x20 == UInt8(ascii: "e") else { return false }
        let hasSign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
        guard peek(hasSign ? 2 : 1)?.isDigit ?? false else { return false }
        position += hasSign ? 2 : 1
        skipDigits()
        return true
    }
}
