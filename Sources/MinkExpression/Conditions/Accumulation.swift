// Whether an expression adds something to a value: such a step does harm when it is done twice.
extension CompiledExpression {
    /// Whether a sum or difference has a path on one side and a variable on the other.
    ///
    /// - Parameters:
    ///   - text: The text of an expression.
    ///   - path: The path, as in `["data", "paid"]`.
    ///   - variable: The variable, as in `event`.
    /// - Returns: Whether both stand in one sum or difference.
    package static func adds(_ text: String, path: [String], variable: String) -> Bool {
        let parsed = Parser.parse(text, expandsMacros: true)
        guard parsed.problems.isEmpty else { return false }
        return parsed.root.adds(path: path, variable: variable)
    }
}

extension SyntaxNode {
    fileprivate func adds(path: [String], variable: String) -> Bool {
        if case .binary(let operation, let left, let right) = kind,
            operation == .add || operation == .subtract
        {
            let mentions = { (node: SyntaxNode, names: [String]) in node.mentions(names) }
            if mentions(left, path) && mentions(right, [variable])
                || mentions(right, path) && mentions(left, [variable])
            {
                return true
            }
        }
        return parts.contains { $0.adds(path: path, variable: variable) }
    }

    /// Whether a path that begins with these names stands in this part.
    private func mentions(_ names: [String]) -> Bool {
        if let path = staticPath?.names, path.starts(with: names) { return true }
        return parts.contains { $0.mentions(names) }
    }

    /// The parts directly inside.
    private var parts: [SyntaxNode] {
        switch kind {
        case .literal, .name, .invalid: []
        case .select(let part, _, _), .has(let part, _), .negate(let part), .not(let part): [part]
        case .index(let left, let right, _), .binary(_, let left, let right),
            .bind(_, let left, let right), .optionalMap(let left, _, let right, _):
            [left, right]
        case .call(_, let target, let arguments): (target.map { [$0] } ?? []) + arguments
        case .and(let parts), .or(let parts): parts
        case .conditional(let test, let yes, let no): [test, yes, no]
        case .list(let elements): elements.map(\.value)
        case .map(let entries): entries.flatMap { [$0.key, $0.value] }
        case .comprehension(let loop):
            [loop.range] + [loop.condition, loop.transform].compactMap { $0 }
        }
    }
}
