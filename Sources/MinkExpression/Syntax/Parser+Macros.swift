// Recognises the macros: calls whose arguments are names and expressions, not values.
extension Parser {
    /// The part that a call of a macro stands for; `nil` when this is an ordinary call.
    mutating func expandMacro(
        _ name: Name, target: SyntaxNode?, _ arguments: [SyntaxNode], range: Range<Int>
    ) -> SyntaxNode? {
        guard let target else {
            return name.text == "has" && arguments.count == 1
                ? expandHas(arguments[0], range) : nil
        }
        if name.text == "bind", arguments.count == 3, case .name(let root, _) = target.kind,
            root.text == "cel"
        {
            guard let variable = variable(arguments[0], name) else {
                return node(.invalid, range, children: arguments)
            }
            return node(
                .bind(variable, arguments[1], arguments[2]), range, children: arguments)
        }
        if name.text == "optMap" || name.text == "optFlatMap", arguments.count == 2 {
            guard let variable = variable(arguments[0], name) else {
                return node(.invalid, range, children: arguments)
            }
            let isFlat = name.text == "optFlatMap"
            return node(
                .optionalMap(target, variable, arguments[1], isFlat: isFlat), range,
                children: arguments + [target])
        }
        return expandComprehension(name, target, arguments, range)
    }

    private mutating func expandHas(_ argument: SyntaxNode, _ range: Range<Int>) -> SyntaxNode {
        guard case .select(let operand, let field, _) = argument.kind else {
            if case .invalid = argument.kind {
            } else {
                report(argument.range, "has() needs a field, such as has(data.paymentId)")
            }
            return node(.invalid, range, children: [argument])
        }
        return node(.has(operand, field), range, children: [operand])
    }

    private mutating func expandComprehension(
        _ name: Name, _ target: SyntaxNode, _ arguments: [SyntaxNode], _ range: Range<Int>
    ) -> SyntaxNode? {
        guard let shape = Self.shape(name.text, arguments.count) else { return nil }
        var variables: [Name] = []
        for argument in arguments.prefix(shape.variables) {
            guard let variable = variable(argument, name) else {
                return node(.invalid, range, children: arguments)
            }
            variables.append(variable)
        }
        if variables.count == 2, variables[0].text == variables[1].text {
            report(arguments[1].range, "both names of \"\(name.text)\" are the same")
        }
        let rest = Array(arguments.dropFirst(shape.variables))
        let loops = rest.map(\.comprehensionDepth).max() ?? 0
        if loops + 1 > ExpressionLimits.maxComprehensionDepth {
            problems.append(
                ExpressionProblem(
                    .tooBig, name.range,
                    "more than \(ExpressionLimits.maxComprehensionDepth) loops stand inside "
                        + "each other"))
        }
        let isFiltered = rest.count == 2
        let comprehension = Comprehension(
            kind: shape.kind, range: target, variables: variables,
            condition: shape.hasTransform ? (isFiltered ? rest[0] : nil) : rest[0],
            transform: shape.hasTransform ? rest[rest.count - 1] : nil)
        return node(
            .comprehension(comprehension), range, children: arguments + [target],
            loops: loops + 1)
    }

    private static func shape(
        _ name: String, _ count: Int
    ) -> (kind: Comprehension.Kind, variables: Int, hasTransform: Bool)? {
        switch (name, count) {
        case ("all", 2), ("all", 3): (.all, count - 1, false)
        case ("exists", 2), ("exists", 3): (.exists, count - 1, false)
        case ("exists_one", 2), ("existsOne", 2), ("exists_one", 3), ("existsOne", 3):
            (.existsOne, count - 1, false)
        case ("filter", 2): (.filter, 1, false)
        case ("map", 2), ("map", 3): (.map, 1, true)
        case ("transformList", 3), ("transformList", 4): (.transformList, 2, true)
        case ("transformMap", 3), ("transformMap", 4): (.transformMap, 2, true)
        case ("transformMapEntry", 3), ("transformMapEntry", 4): (.transformMapEntry, 2, true)
        default: nil
        }
    }

    private mutating func variable(_ argument: SyntaxNode, _ macro: Name) -> Name? {
        switch argument.kind {
        case .name(let name, isRooted: false):
            return name
        case .invalid:
            return nil
        default:
            report(
                argument.range,
                "\"\(macro.text)\" needs a name here, such as item, not an expression")
            return nil
        }
    }
}
