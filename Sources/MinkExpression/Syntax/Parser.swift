// Words → tree, by precedence climbing. Every problem is reported, and parsing goes on behind it.

/// Reads the words of one expression.
struct Parser {
    let text: [UInt8]
    let tokens: [Token]
    var position = 0
    var problems: [ExpressionProblem]
    var nodeCount = 0
    var nesting = 0
    let expandsMacros: Bool

    /// The tree of a text; its problems, in the order of their places.
    static func parse(
        _ text: String, expandsMacros: Bool = true
    ) -> (root: SyntaxNode, nodeCount: Int, problems: [ExpressionProblem]) {
        guard text.utf8.count <= ExpressionLimits.maxBytes else {
            let problem = ExpressionProblem(
                .tooBig, 0..<text.utf8.count,
                "the expression is longer than \(ExpressionLimits.maxBytes) bytes")
            let root = SyntaxNode(
                id: 0, kind: .invalid, range: 0..<0, depth: 1, comprehensionDepth: 0)
            return (root, 1, [problem])
        }
        let (tokens, problems) = Lexer.read(text)
        var parser = Parser(
            text: Array(text.utf8), tokens: tokens, problems: problems,
            expandsMacros: expandsMacros)
        let root = parser.parseAll()
        parser.problems.sort { $0.range.lowerBound < $1.range.lowerBound }
        return (root, parser.nodeCount, parser.problems)
    }

    private mutating func parseAll() -> SyntaxNode {
        if case .end = current.kind {
            report(0..<0, "the expression is empty")
            return node(.invalid, 0..<0)
        }
        let root = parseExpression()
        var isFirst = true
        while current.kind != .end {
            if isFirst, current.kind != .invalid { reportTrailing() }
            isFirst = false
            let before = position
            _ = parseExpression()
            if position == before { advance() }
        }
        return root
    }

    private mutating func reportTrailing() {
        let word = sourceText(current.range)
        switch current.kind {
        case .symbol(let symbol) where symbol.endsOperand:
            report(current.range, "there is no opening bracket that \"\(word)\" could close")
        case .identifier("and"):
            report(current.range, "\"and\" is written &&", help: "write \"&&\"")
        case .identifier("or"):
            report(current.range, "\"or\" is written ||", help: "write \"||\"")
        default:
            report(current.range, "an operator is missing before \"\(word)\"")
        }
    }
}

// MARK: - Operators

extension Parser {
    mutating func parseExpression() -> SyntaxNode {
        guard enter() else { return node(.invalid, current.range) }
        defer { nesting -= 1 }
        let condition = parseOr()
        guard take(.question) else { return condition }
        let question = previous
        let yes = parseOperand(after: question) { $0.parseExpression() }
        guard take(.colon) else {
            report(question.range, "\"?\" needs two values with \":\" between them")
            return node(.invalid, condition.range.lowerBound..<yes.range.upperBound)
        }
        let no = parseOperand(after: previous) { $0.parseExpression() }
        return node(
            .conditional(condition, yes, no), spanning: condition, no, children: [yes])
    }

    private mutating func parseOr() -> SyntaxNode {
        parseChain(.or, operand: { $0.parseAnd() }, make: SyntaxNode.Kind.or)
    }

    private mutating func parseAnd() -> SyntaxNode {
        parseChain(.and, operand: { $0.parseBinary(lowest: 0) }, make: SyntaxNode.Kind.and)
    }

    /// Reads operands with one sign between them into one flat part.
    private mutating func parseChain(
        _ symbol: Symbol, operand: (inout Parser) -> SyntaxNode,
        make: ([SyntaxNode]) -> SyntaxNode.Kind
    ) -> SyntaxNode {
        let first = operand(&self)
        guard current.kind == .symbol(symbol) else { return first }
        var parts = [first]
        while take(symbol) {
            parts.append(parseOperand(after: previous, operand))
        }
        let range = first.range.lowerBound..<parts[parts.count - 1].range.upperBound
        return node(make(parts), range, children: parts)
    }

    /// Reads comparisons, sums and products; `lowest` is the weakest level that may be read.
    private mutating func parseBinary(lowest: Int) -> SyntaxNode {
        var left = parsePrefix()
        while let (operation, level) = binaryOperator(), level >= lowest {
            advance()
            let right = parseOperand(after: previous) { $0.parseBinary(lowest: level + 1) }
            left = node(.binary(operation, left, right), spanning: left, right)
            if isTooDeep(left) { break }
        }
        return left
    }

    private func binaryOperator() -> (BinaryOperator, level: Int)? {
        switch current.kind {
        case .symbol(.equal): (.equal, 0)
        case .symbol(.notEqual): (.notEqual, 0)
        case .symbol(.less): (.less, 0)
        case .symbol(.lessOrEqual): (.lessOrEqual, 0)
        case .symbol(.greater): (.greater, 0)
        case .symbol(.greaterOrEqual): (.greaterOrEqual, 0)
        case .identifier("in"): (.isIn, 0)
        case .symbol(.plus): (.add, 1)
        case .symbol(.minus): (.subtract, 1)
        case .symbol(.times): (.multiply, 2)
        case .symbol(.divide): (.divide, 2)
        case .symbol(.modulo): (.modulo, 2)
        default: nil
        }
    }

    /// Reads what has to stand behind a sign, or says that it is missing.
    mutating func parseOperand(
        after sign: Token, _ parse: (inout Parser) -> SyntaxNode
    ) -> SyntaxNode {
        switch current.kind {
        case .end:
            reportMissing(after: sign, "the expression stops after")
        case .symbol(let symbol) where symbol.endsOperand:
            reportMissing(after: sign, "there is nothing after")
        default:
            return parse(&self)
        }
        return node(.invalid, sign.range.upperBound..<sign.range.upperBound)
    }

    private mutating func reportMissing(after sign: Token, _ what: String) {
        let missing =
            switch sign.kind {
            case .symbol(.equal), .symbol(.notEqual), .symbol(.less), .symbol(.lessOrEqual),
                .symbol(.greater), .symbol(.greaterOrEqual):
                "something to compare with"
            case .identifier("in"): "the list or map to look in"
            case .symbol(.and), .symbol(.or), .symbol(.not): "a condition"
            case .symbol(.plus), .symbol(.minus), .symbol(.times), .symbol(.divide),
                .symbol(.modulo):
                "something to calculate with"
            default: "a value"
            }
        report(sign.range, "\(what) \"\(sourceText(sign.range))\"; \(missing) is missing")
    }
}

// MARK: - Words and parts

extension Parser {
    var current: Token { tokens[position] }
    var previous: Token { tokens[max(0, position - 1)] }

    mutating func advance() {
        if position < tokens.count - 1 { position += 1 }
    }

    mutating func take(_ symbol: Symbol) -> Bool {
        guard current.kind == .symbol(symbol) else { return false }
        advance()
        return true
    }

    func sourceText(_ range: Range<Int>) -> String {
        String(decoding: text[range], as: UTF8.self)
    }

    mutating func report(_ range: Range<Int>, _ message: String, help: String? = nil) {
        problems.append(ExpressionProblem(.syntax, range, message, help: help))
    }

    /// Goes one level deeper; `false`, and the rest is skipped, where that is too deep.
    mutating func enter() -> Bool {
        nesting += 1
        if nesting <= ExpressionLimits.maxDepth { return true }
        nesting -= 1
        giveUp(current.range)
        return false
    }

    mutating func isTooDeep(_ node: SyntaxNode) -> Bool {
        if node.depth > ExpressionLimits.maxDepth {
            giveUp(node.range)
            return true
        }
        return false
    }

    private mutating func giveUp(_ range: Range<Int>) {
        if !problems.contains(where: { $0.code == .tooBig }) {
            problems.append(
                ExpressionProblem(
                    .tooBig, range,
                    "the expression is nested deeper than \(ExpressionLimits.maxDepth) levels"))
        }
        position = tokens.count - 1
    }

    mutating func node(
        _ kind: SyntaxNode.Kind, _ range: Range<Int>, children: [SyntaxNode] = [],
        loops: Int = 0
    ) -> SyntaxNode {
        var depth = 0
        var comprehensionDepth = loops
        for child in children {
            depth = max(depth, child.depth)
            comprehensionDepth = max(comprehensionDepth, child.comprehensionDepth)
        }
        let made = SyntaxNode(
            id: nodeCount, kind: kind, range: range, depth: depth + 1,
            comprehensionDepth: comprehensionDepth)
        nodeCount += 1
        return made
    }

    mutating func node(
        _ kind: SyntaxNode.Kind, spanning first: SyntaxNode, _ last: SyntaxNode,
        children: [SyntaxNode] = []
    ) -> SyntaxNode {
        let lower = min(first.range.lowerBound, last.range.lowerBound)
        let upper = max(first.range.upperBound, last.range.upperBound)
        return node(kind, lower..<upper, children: [first, last] + children)
    }
}
