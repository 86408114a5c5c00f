// The words of an expression, to compare what two of them say whatever their layout.

extension CompiledExpression {
    /// The words of the text, without spaces and comments; texts without their kind of quotes.
    package var words: [String] {
        let bytes = Array(text.utf8)
        return Lexer.read(text).tokens.map { token in
            switch token.kind {
            case .string(let content): "'" + content
            case .end: ""
            default: String(decoding: bytes[token.range], as: UTF8.self)
            }
        }
    }
}
