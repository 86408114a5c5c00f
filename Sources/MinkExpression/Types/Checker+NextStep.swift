// What the author of an expression does about types that do not go together.
extension Checker {
    /// What lets two values of different types meet.
    func nextStep(between left: SyntaxNode, and right: SyntaxNode) -> String {
        let (a, b) = (types[left.id], types[right.id])
        if a.isOptional { return nextStep(ifAbsent: left) }
        if b.isOptional { return nextStep(ifAbsent: right) }
        if isLiteral(left), let step = conversion(of: left, to: b) { return step }
        if let step = conversion(of: right, to: a) ?? conversion(of: left, to: b) { return step }
        return "use values whose types go together"
    }

    /// What gives a value another type.
    func nextStep(from node: SyntaxNode, to wanted: ExpressionType) -> String {
        if types[node.id].isOptional { return nextStep(ifAbsent: node) }
        return conversion(of: node, to: wanted) ?? "use a value of type \(wanted)"
    }

    /// What makes a condition of a value.
    func nextStep(toCondition node: SyntaxNode) -> String {
        let type = types[node.id]
        if type.isOptional { return nextStep(ifAbsent: node) }
        let text = sourceText(node.range)
        if type.isNumeric { return "compare it, as in \(text) > 0" }
        if type == .string { return "compare it, as in \(text) != ''" }
        return "compare it with a value"
    }

    private func nextStep(ifAbsent node: SyntaxNode) -> String {
        "add .orValue(…) to \(sourceText(node.range)), which says what holds when it is absent"
    }

    private func isLiteral(_ node: SyntaxNode) -> Bool {
        if case .literal = node.kind { true } else { false }
    }

    private func conversion(of node: SyntaxNode, to wanted: ExpressionType) -> String? {
        let type = types[node.id]
        let text = sourceText(node.range)
        switch (type, wanted) {
        case (.string, .int) where isLiteral(node), (.string, .double) where isLiteral(node),
            (.string, .decimal) where isLiteral(node):
            return "write a number, without quotes"
        case (.int, .string) where isLiteral(node): return "write '\(text)'"
        case (.string, .int), (.double, .int): return "write int(\(text))"
        case (.string, .double): return "write double(\(text))"
        case (.string, .decimal): return "write decimal(\(text))"
        case (.string, .timestamp): return "write timestamp(\(text))"
        case (.string, .duration): return "write duration(\(text))"
        case (.int, .duration): return "write minutes(\(text)), hours(\(text)) or days(\(text))"
        case (.int, .timestamp): return "write minutes(\(text)), hours(\(text)) or days(\(text))"
        case (.int, .string), (.uint, .string), (.double, .string), (.decimal, .string),
            (.bool, .string), (.timestamp, .string), (.duration, .string):
            return "write string(\(text))"
        default: return nil
        }
    }
}
