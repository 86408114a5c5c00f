// Calls: which function is meant, and whether it takes these arguments.
extension Checker {
    mutating func checkCall(
        _ node: SyntaxNode, _ name: Name, _ target: SyntaxNode?, _ arguments: [SyntaxNode]
    ) -> ExpressionType {
        if let target, let qualified = qualifiedName(name, target) {
            for argument in arguments { check(argument) }
            return checkFunction(
                node, Name(text: qualified, range: name.range), isMember: false, arguments,
                dropsTarget: true)
        }
        let all = (target.map { [$0] } ?? []) + arguments
        for argument in all { check(argument) }
        return checkFunction(node, name, isMember: target != nil, all, dropsTarget: false)
    }

    /// `math.abs` for a call that looks like one on a variable `math` that does not exist.
    private func qualifiedName(_ name: Name, _ target: SyntaxNode) -> String? {
        guard case .name(let space, _) = target.kind, environment.variables[space.text] == nil,
            !locals.contains(where: { $0.name == space.text }),
            FunctionLibrary.namespaces.contains(space.text)
        else { return nil }
        return "\(space.text).\(name.text)"
    }

    private mutating func checkFunction(
        _ node: SyntaxNode, _ name: Name, isMember: Bool, _ arguments: [SyntaxNode],
        dropsTarget: Bool
    ) -> ExpressionType {
        let named = FunctionLibrary.named(name.text, isMember: isMember)
        guard let function = named.first(where: { $0.takes(arguments.count) }) else {
            reportUnknown(name, isMember: isMember, arguments.count, named)
            return .dynamic
        }
        resolutions[node.id] = .function(function, dropsTarget: dropsTarget)
        readDecimalArguments(function, arguments)
        var results: [ExpressionType] = []
        for signature in function.signatures {
            if let result = signature.result(for: arguments.map { types[$0.id] }) {
                results.append(result)
            }
        }
        guard let first = results.first else {
            reportMismatch(name, function, arguments)
            return .dynamic
        }
        // A dynamic argument can fit several signatures; then only what they share is known.
        let isKnown = !arguments.contains { types[$0.id].isDynamic }
        return isKnown || results.allSatisfy { $0 == first } ? first : .dynamic
    }

    /// `decimal(1.5)`, and a literal beside a decimal, are read from their text.
    private mutating func readDecimalArguments(
        _ function: LibraryFunction, _ arguments: [SyntaxNode]
    ) {
        if function.name == "decimal", case .literal(.double(_, let text)) = arguments[0].kind,
            let number = ExactDecimal(text)
        {
            resolutions[arguments[0].id] = .decimal(number)
            types[arguments[0].id] = .decimal
        } else if arguments.count >= 2 {
            matchDecimals(arguments[0], arguments[1])
        }
    }

    private mutating func reportUnknown(
        _ name: Name, isMember: Bool, _ count: Int, _ named: [LibraryFunction]
    ) {
        let receiver = isMember ? 1 : 0
        if named.isEmpty {
            let other = FunctionLibrary.named(name.text, isMember: !isMember)
            let example = isMember ? "\(name.text)(x)" : "x.\(name.text)()"
            report(
                .unknownFunction, name.range, "no function \"\(name.text)\"",
                help: other.isEmpty
                    ? Suggestion.question(
                        for: name.text, among: FunctionLibrary.names(isMember: isMember))
                    : "it is written \(example)")
            return
        }
        let counts = Set(named.compactMap { $0.count.map { $0 - receiver } }).sorted()
        let allowed = counts.map(String.init).joined(separator: " or ")
        let isOne = counts == [1]
        report(
            .unknownFunction, name.range,
            "\"\(name.text)\" takes \(counts.isEmpty ? "at least 1" : allowed) "
                + "argument\(isOne ? "" : "s"), not \(count - receiver)")
    }

    private mutating func reportMismatch(
        _ name: Name, _ function: LibraryFunction, _ arguments: [SyntaxNode]
    ) {
        let isMixed =
            arguments.contains { types[$0.id] == .double }
            && arguments.contains { types[$0.id] == .decimal }
        if function.name == "decimal", types[arguments[0].id] == .double || isMixed {
            report(
                .decimalMixedWithDouble, arguments[0].range,
                "a decimal made from a double is not exact")
            return
        }
        let lower = arguments.map(\.range.lowerBound).min() ?? name.range.lowerBound
        let upper = arguments.map(\.range.upperBound).max() ?? name.range.upperBound
        let given = arguments.map { describe($0) }.joined(separator: ", ")
        report(
            .typeMismatch, min(lower, name.range.lowerBound)..<max(upper, name.range.upperBound),
            "\"\(name.text)\" does not take (\(given))",
            help: "it takes "
                + function.signatures.map(\.description).joined(separator: " or "))
    }
}
