// Reads signs in front, values, brackets, and what follows a value: fields, indexes, calls.
extension Parser {
    mutating func parsePrefix() -> SyntaxNode {
        guard enter() else { return node(.invalid, current.range) }
        defer { nesting -= 1 }
        let sign = current
        if take(.not) {
            let operand = parseOperand(after: sign) { $0.parsePrefix() }
            return node(
                .not(operand), sign.range.lowerBound..<operand.range.upperBound,
                children: [operand])
        }
        guard take(.minus) else { return parsePostfix() }
        if let literal = negativeLiteral(sign) { return parsePostfix(of: literal) }
        let operand = parseOperand(after: sign) { $0.parsePrefix() }
        return node(
            .negate(operand), sign.range.lowerBound..<operand.range.upperBound,
            children: [operand])
    }

    /// A number with its sign: only so the smallest whole number can be written.
    private mutating func negativeLiteral(_ sign: Token) -> SyntaxNode? {
        let range = sign.range.lowerBound..<current.range.upperBound
        switch current.kind {
        case .integer(let magnitude):
            advance()
            guard magnitude <= UInt64(Int64.max) + 1 else {
                report(range, "this number does not fit into 64 bits")
                return node(.invalid, range)
            }
            return node(.literal(.int(0 &- Int64(truncatingIfNeeded: magnitude))), range)
        case .floating(let number):
            let text = "-" + sourceText(current.range)
            advance()
            return node(.literal(.double(-number, text: text)), range)
        default:
            return nil
        }
    }

    private mutating func parsePostfix() -> SyntaxNode {
        parsePostfix(of: parsePrimary())
    }

    private mutating func parsePostfix(of operand: SyntaxNode) -> SyntaxNode {
        var operand = operand
        while true {
            let sign = current
            if take(.dot) {
                operand = parseMember(of: operand, sign, isOptional: false)
            } else if take(.questionDot) {
                operand = parseMember(of: operand, sign, isOptional: true)
            } else if take(.openBracket) {
                operand = parseIndex(of: operand, sign, isOptional: false)
            } else if take(.questionBracket) {
                operand = parseIndex(of: operand, sign, isOptional: true)
            } else {
                return operand
            }
            if isTooDeep(operand) { return operand }
        }
    }

    private mutating func parseMember(
        of operand: SyntaxNode, _ sign: Token, isOptional: Bool
    ) -> SyntaxNode {
        let name: Name
        switch current.kind {
        case .identifier(let text), .quotedName(let text):
            name = Name(text: text, range: current.range)
            advance()
        default:
            let stops = current.kind == .end ? "the expression stops" : "no name stands"
            report(
                sign.range,
                "\(stops) after \"\(sourceText(sign.range))\"; "
                    + "the name of a field is missing")
            return node(
                .invalid, operand.range.lowerBound..<sign.range.upperBound, children: [operand])
        }
        if !isOptional, current.kind == .symbol(.openParenthesis) {
            return parseCall(name, target: operand)
        }
        return node(
            .select(operand, name, isOptional: isOptional),
            operand.range.lowerBound..<name.range.upperBound, children: [operand])
    }

    private mutating func parseIndex(
        of operand: SyntaxNode, _ sign: Token, isOptional: Bool
    ) -> SyntaxNode {
        let index = parseOperand(after: sign) { $0.parseExpression() }
        close(.closeBracket, opened: sign)
        return node(
            .index(operand, index, isOptional: isOptional),
            operand.range.lowerBound..<max(previous.range.upperBound, index.range.upperBound),
            children: [operand, index])
    }

    /// Reads the call of a function whose name was read; the next word is the bracket.
    mutating func parseCall(_ name: Name, target: SyntaxNode?) -> SyntaxNode {
        let bracket = current
        advance()
        let arguments = parseArguments(bracket)
        let lower = target?.range.lowerBound ?? name.range.lowerBound
        let upper = max(previous.range.upperBound, bracket.range.upperBound)
        if expandsMacros,
            let expanded = expandMacro(name, target: target, arguments, range: lower..<upper)
        {
            return expanded
        }
        return node(
            .call(name, target: target, arguments), lower..<upper,
            children: arguments + (target.map { [$0] } ?? []))
    }

    private mutating func parseArguments(_ bracket: Token) -> [SyntaxNode] {
        var arguments: [SyntaxNode] = []
        if take(.closeParenthesis) { return arguments }
        var sign = bracket
        repeat {
            arguments.append(parseOperand(after: sign) { $0.parseExpression() })
            sign = current
        } while take(.comma)
        close(.closeParenthesis, opened: bracket)
        return arguments
    }

    /// Takes the closing bracket, or says that it is missing.
    mutating func close(_ symbol: Symbol, opened bracket: Token) {
        if take(symbol) { return }
        if problems.contains(where: { $0.code == .tooBig }) { return }
        if case .invalid = current.kind { return }
        let opening = sourceText(bracket.range)
        report(
            bracket.range, "\"\(opening)\" is never closed; a \"\(symbol.rawValue)\" is missing")
        recover(to: symbol)
    }

    /// Skips to the closing bracket of this level, and takes it.
    private mutating func recover(to symbol: Symbol) {
        var depth = 0
        while current.kind != .end {
            switch current.kind {
            case .symbol(.openParenthesis), .symbol(.openBracket), .symbol(.questionBracket),
                .symbol(.openBrace):
                depth += 1
            case .symbol(symbol) where depth == 0:
                advance()
                return
            case .symbol(.closeParenthesis), .symbol(.closeBracket), .symbol(.closeBrace):
                if depth == 0 { return }
                depth -= 1
            default:
                break
            }
            advance()
        }
    }
}
