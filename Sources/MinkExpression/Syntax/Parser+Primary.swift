// Reads what stands alone: names, literals, lists, maps, brackets.
extension Parser {
    mutating func parsePrimary() -> SyntaxNode {
        let token = current
        switch token.kind {
        case .identifier(let text): return parseName(text, isRooted: false)
        case .integer(let magnitude): return parseWhole(magnitude)
        case .unsigned(let number): return literal(.uint(number))
        case .floating(let number):
            return literal(.double(number, text: sourceText(token.range)))
        case .string(let text): return literal(.string(text))
        case .bytes(let bytes): return literal(.bytes(bytes))
        case .symbol(.openParenthesis): return parseParentheses()
        case .symbol(.openBracket), .symbol(.questionBracket): return parseList()
        case .symbol(.openBrace): return parseMap()
        case .symbol(.dot): return parseRootedName()
        default: return parseUnexpected()
        }
    }

    private mutating func literal(_ value: Literal) -> SyntaxNode {
        let range = current.range
        advance()
        return node(.literal(value), range)
    }

    private mutating func parseWhole(_ magnitude: UInt64) -> SyntaxNode {
        guard let number = Int64(exactly: magnitude) else {
            report(current.range, "this number does not fit into 64 bits")
            let range = current.range
            advance()
            return node(.invalid, range)
        }
        return literal(.int(number))
    }

    private mutating func parseName(_ text: String, isRooted: Bool) -> SyntaxNode {
        switch text {
        case "true": return literal(.bool(true))
        case "false": return literal(.bool(false))
        case "null": return literal(.null)
        default: break
        }
        let name = Name(text: text, range: current.range)
        if Self.reserved.contains(text) {
            report(name.range, "\"\(text)\" is a reserved word, not a name")
            advance()
            return node(.invalid, name.range)
        }
        if text == "not", tokens[min(position + 1, tokens.count - 1)].kind != .symbol(.dot) {
            if case .symbol = tokens[min(position + 1, tokens.count - 1)].kind {
            } else {
                report(name.range, "\"not\" is written !", help: "write \"!\"")
                advance()
                return parsePrefix()
            }
        }
        advance()
        if current.kind == .symbol(.openParenthesis) { return parseCall(name, target: nil) }
        return node(.name(name, isRooted: isRooted), name.range)
    }

    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "in",
        "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ]

    private mutating func parseRootedName() -> SyntaxNode {
        let dot = current
        advance()
        guard case .identifier(let text) = current.kind else {
            report(dot.range, "the name of a variable is missing after \".\"")
            return node(.invalid, dot.range)
        }
        return parseName(text, isRooted: true)
    }

    private mutating func parseParentheses() -> SyntaxNode {
        let bracket = current
        advance()
        let inner = parseOperand(after: bracket) { $0.parseExpression() }
        close(.closeParenthesis, opened: bracket)
        return inner
    }

    private mutating func parseList() -> SyntaxNode {
        let bracket = current
        advance()
        var isOptional = bracket.kind == .symbol(.questionBracket)
        var elements: [ListElement] = []
        var sign = bracket
        while isOptional || current.kind != .symbol(.closeBracket) {
            if !isOptional { isOptional = take(.question) }
            let value = parseOperand(after: sign) { $0.parseExpression() }
            elements.append(ListElement(value: value, isOptional: isOptional))
            isOptional = false
            sign = current
            if !take(.comma) { break }
        }
        close(.closeBracket, opened: bracket)
        return node(
            .list(elements), bracket.range.lowerBound..<previous.range.upperBound,
            children: elements.map(\.value))
    }

    private mutating func parseMap() -> SyntaxNode {
        let bracket = current
        advance()
        var entries: [MapEntry] = []
        var sign = bracket
        while current.kind != .symbol(.closeBrace) {
            let isOptional = take(.question)
            let key = parseOperand(after: sign) { $0.parseExpression() }
            let colon = current
            guard take(.colon) else {
                report(key.range, "a \":\" and a value are missing after this key")
                break
            }
            let value = parseOperand(after: colon) { $0.parseExpression() }
            entries.append(MapEntry(key: key, value: value, isOptional: isOptional))
            sign = current
            if !take(.comma) { break }
        }
        close(.closeBrace, opened: bracket)
        return node(
            .map(entries), bracket.range.lowerBound..<previous.range.upperBound,
            children: entries.flatMap { [$0.key, $0.value] })
    }

    private mutating func parseUnexpected() -> SyntaxNode {
        let token = current
        switch token.kind {
        case .invalid:
            advance()
        case .end:
            report(
                previous.range,
                "the expression stops after \"\(sourceText(previous.range))\"; a value is missing")
        case .symbol(let symbol):
            report(token.range, "a value is missing before \"\(symbol.rawValue)\"")
            if !symbol.endsOperand { advance() }
        default:
            report(token.range, "\"\(sourceText(token.range))\" cannot stand here")
            advance()
        }
        return node(.invalid, token.range)
    }
}
