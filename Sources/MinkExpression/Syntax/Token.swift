// The words of an expression.

/// One word of an expression and its place.
struct Token {
    enum Kind: Equatable {
        case identifier(String)
        /// A field name in backticks.
        case quotedName(String)
        /// A whole number without its sign, which the parser reads.
        case integer(UInt64)
        case unsigned(UInt64)
        case floating(Double)
        case string(String)
        case bytes([UInt8])
        case symbol(Symbol)
        /// Something that was reported already.
        case invalid
        case end
    }

    let kind: Kind
    let range: Range<Int>
}

/// The signs of the language.
enum Symbol: String, CaseIterable {
    case questionDot = ".?"
    case questionBracket = "[?"
    case equal = "=="
    case notEqual = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case and = "&&"
    case or = "||"
    case less = "<"
    case greater = ">"
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case modulo = "%"
    case not = "!"
    case question = "?"
    case colon = ":"
    case comma = ","
    case dot = "."
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBracket = "["
    case closeBracket = "]"
    case openBrace = "{"
    case closeBrace = "}"

    /// Whether the sign ends what stands in brackets or between commas.
    var endsOperand: Bool {
        switch self {
        case .closeParenthesis, .closeBracket, .closeBrace, .comma, .colon: true
        default: false
        }
    }
}
