// Text → words. Every mistake is reported, and the words around it are still found.

/// Cuts the text of an expression into words.
struct Lexer {
    let bytes: [UInt8]
    var position = 0
    var tokens: [Token] = []
    var problems: [ExpressionProblem] = []

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The words of a text, ended by one of kind `end`, and what is wrong with it.
    static func read(_ text: String) -> (tokens: [Token], problems: [ExpressionProblem]) {
        var lexer = Lexer(text)
        lexer.readAll()
        return (lexer.tokens, lexer.problems)
    }

    private mutating func readAll() {
        while skipSpace() {
            let start = position
            let kind = readWord()
            tokens.append(Token(kind: kind, range: start..<position))
        }
        tokens.append(Token(kind: .end, range: bytes.count..<bytes.count))
    }

    /// Moves to the next word; `false` at the end.
    private mutating func skipSpace() -> Bool {
        while let byte = peek() {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D:
                position += 1
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
                while let next = peek(), next != 0x0A { position += 1 }
            default:
                return true
            }
        }
        return false
    }

    private mutating func readWord() -> Token.Kind {
        guard let byte = peek() else { return .end }
        if let prefix = textPrefix() { return readText(prefix) }
        if byte.isLetter { return readIdentifier() }
        if byte.isDigit || (byte == UInt8(ascii: ".") && (peek(1)?.isDigit ?? false)) {
            return readNumber()
        }
        if byte == UInt8(ascii: "`") { return readQuotedName() }
        return readSymbol()
    }

    private mutating func readIdentifier() -> Token.Kind {
        let start = position
        while let byte = peek(), byte.isLetter || byte.isDigit { position += 1 }
        return .identifier(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func readQuotedName() -> Token.Kind {
        let start = position
        position += 1
        while let byte = peek(), byte != UInt8(ascii: "`") {
            let isAllowed = byte.isLetter || byte.isDigit || " -./".utf8.contains(byte)
            if !isAllowed { break }
            position += 1
        }
        guard peek() == UInt8(ascii: "`"), position > start + 1 else {
            return report(start, "the name that begins here has no closing `")
        }
        position += 1
        return .quotedName(String(decoding: bytes[start + 1..<position - 1], as: UTF8.self))
    }

    private mutating func readSymbol() -> Token.Kind {
        let first = UInt16(peek() ?? 0)
        if let second = peek(1), let symbol = Self.symbols[first << 8 | UInt16(second)] {
            position += 2
            return .symbol(symbol)
        }
        if let symbol = Self.symbols[first] {
            position += 1
            return .symbol(symbol)
        }
        return readForeignSign()
    }

    /// The signs by their one or two bytes.
    private static let symbols = Dictionary(
        uniqueKeysWithValues: Symbol.allCases.map { symbol in
            (symbol.rawValue.utf8.reduce(UInt16(0)) { $0 << 8 | UInt16($1) }, symbol)
        })

    /// Signs of other languages, with what to write here.
    private mutating func readForeignSign() -> Token.Kind {
        let start = position
        let byte = bytes[position]
        position += 1
        let hint: (text: String, instead: Symbol)? =
            switch byte {
            case UInt8(ascii: "="): ("=", .equal)
            case UInt8(ascii: "&"): ("&", .and)
            case UInt8(ascii: "|"): ("|", .or)
            default: nil
            }
        if let hint {
            problems.append(
                ExpressionProblem(
                    .syntax, start..<position, "\"\(hint.text)\" alone means nothing here",
                    help: "write \"\(hint.instead.rawValue)\""))
            return .symbol(hint.instead)
        }
        while let next = peek(), next & 0xC0 == 0x80 { position += 1 }
        let sign = String(decoding: bytes[start..<position], as: UTF8.self)
        return report(start, "an expression cannot contain \"\(sign)\" here")
    }
}

extension Lexer {
    func peek(_ ahead: Int = 0) -> UInt8? {
        position + ahead < bytes.count ? bytes[position + ahead] : nil
    }

    mutating func report(_ start: Int, _ message: String, help: String? = nil) -> Token.Kind {
        problems.append(ExpressionProblem(.syntax, start..<position, message, help: help))
        return .invalid
    }
}

extension UInt8 {
    /// A letter of ASCII, or the underscore.
    var isLetter: Bool {
        (self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z"))
            || self == UInt8(ascii: "_")
    }

    /// The value of a hexadecimal digit.
    var hexValue: UInt32? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
