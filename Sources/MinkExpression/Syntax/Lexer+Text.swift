// Reads texts and bytes: 'a', "a", '''a''', r'\d', b'\xff'.

/// How a text begins: its letters in front, and its quotation mark.
struct TextPrefix {
    let length: Int
    let isRaw: Bool
    let isBytes: Bool
    let quote: UInt8
}

extension Lexer {
    /// How the text at this position begins; `nil` when there is none.
    func textPrefix() -> TextPrefix? {
        var isRaw = false
        var isBytes = false
        for length in 0...2 {
            guard let byte = peek(length) else { return nil }
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                return TextPrefix(length: length, isRaw: isRaw, isBytes: isBytes, quote: byte)
            case UInt8(ascii: "r"), UInt8(ascii: "R"):
                if isRaw { return nil }
                isRaw = true
            case UInt8(ascii: "b"), UInt8(ascii: "B"):
                if isBytes { return nil }
                isBytes = true
            default:
                return nil
            }
        }
        return nil
    }

    mutating func readText(_ prefix: TextPrefix) -> Token.Kind {
        let start = position
        position += prefix.length
        let isTriple = peek(1) == prefix.quote && peek(2) == prefix.quote
        let quoteLength = isTriple ? 3 : 1
        position += quoteLength
        var content: [UInt8] = []
        while !isAtClosing(prefix.quote, quoteLength) {
            guard let byte = peek(), isTriple || (byte != 0x0A && byte != 0x0D) else {
                let mark = String(decoding: [prefix.quote], as: UTF8.self)
                return report(start, "the text that begins here has no closing \(mark)")
            }
            if byte == UInt8(ascii: "\\"), !prefix.isRaw {
                readBackslash(prefix, into: &content)
            } else {
                content.append(byte)
                position += 1
            }
        }
        position += quoteLength
        if prefix.isBytes { return .bytes(content) }
        return .string(String(decoding: content, as: UTF8.self))
    }

    private func isAtClosing(_ quote: UInt8, _ length: Int) -> Bool {
        (0..<length).allSatisfy { peek($0) == quote }
    }

    private mutating func readBackslash(_ prefix: TextPrefix, into content: inout [UInt8]) {
        let start = position
        position += 1
        guard let byte = peek() else { return }
        position += 1
        if let plain = Self.plainEscapes[byte] {
            content.append(plain)
        } else {
            readNumericEscape(start, byte, prefix, into: &content)
        }
    }

    private static let plainEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
        UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
        UInt8(ascii: "v"): 0x0B, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "?"): 0x3F,
        UInt8(ascii: "\""): 0x22, UInt8(ascii: "'"): 0x27, UInt8(ascii: "`"): 0x60,
    ]

    private mutating func readNumericEscape(
        _ start: Int, _ letter: UInt8, _ prefix: TextPrefix, into content: inout [UInt8]
    ) {
        let number: UInt32?
        var isByte = false
        switch letter {
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            number = readDigits(2, base: 16)
            isByte = true
        case UInt8(ascii: "u") where !prefix.isBytes:
            number = readDigits(4, base: 16)
        case UInt8(ascii: "U") where !prefix.isBytes:
            number = readDigits(8, base: 16)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            position -= 1
            number = readDigits(3, base: 8)
            isByte = true
        default:
            number = nil
        }
        if let number, prefix.isBytes, isByte {
            content.append(UInt8(truncatingIfNeeded: number))
        } else if let scalar = number.flatMap(Unicode.Scalar.init) {
            content.append(contentsOf: String(Character(scalar)).utf8)
        } else {
            while let next = peek(), next & 0xC0 == 0x80 { position += 1 }
            let text = String(decoding: bytes[start..<position], as: UTF8.self)
            _ = report(
                start, "\"\(text)\" stands for no character", help: "a backslash is written \\\\")
        }
    }

    /// Reads exactly this many digits; `nil`, and nothing read, when there are fewer.
    private mutating func readDigits(_ count: Int, base: UInt32) -> UInt32? {
        var number: UInt32 = 0
        for ahead in 0..<count {
            guard let digit = peek(ahead)?.hexValue, digit < base else { return nil }
            number = number &* base &+ digit
        }
        position += count
        return number
    }
}
