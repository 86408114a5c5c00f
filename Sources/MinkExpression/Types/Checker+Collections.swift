// Lists, maps, loops and bindings.
extension Checker {
    mutating func checkList(_ elements: [ListElement]) -> ExpressionType {
        var type = ExpressionType.open
        for element in elements {
            type = type.joined(with: checkElement(element.value, isOptional: element.isOptional))
        }
        return .list(type)
    }

    mutating func checkMap(_ entries: [MapEntry]) -> ExpressionType {
        var (keys, values) = (ExpressionType.open, ExpressionType.open)
        for entry in entries {
            let key = check(entry.key)
            switch key {
            case .string, .int, .uint, .bool, .dynamic, .open: break
            default:
                report(
                    .typeMismatch, entry.key.range, "\(describe(entry.key)) cannot be a key",
                    help: nextStep(from: entry.key, to: .string))
            }
            keys = keys.joined(with: key)
            values = values.joined(with: checkElement(entry.value, isOptional: entry.isOptional))
        }
        return .map(key: keys, value: values)
    }

    private mutating func checkElement(
        _ node: SyntaxNode, isOptional: Bool
    ) -> ExpressionType {
        let type = check(node)
        guard isOptional else { return type }
        if case .optional(let wrapped) = type { return wrapped }
        if !type.isDynamic {
            report(
                .typeMismatch, node.range,
                "\"?\" needs a value that may be absent, not \(describe(node))",
                help: "leave \"?\" out; the value is there")
        }
        return .dynamic
    }

    mutating func checkBind(
        _ name: Name, _ value: SyntaxNode, _ body: SyntaxNode
    ) -> ExpressionType {
        let type = check(value)
        return withLocal(name, type) { $0.check(body) }
    }

    mutating func checkOptionalMap(
        _ target: SyntaxNode, _ name: Name, _ body: SyntaxNode, isFlat: Bool
    ) -> ExpressionType {
        var inner = ExpressionType.dynamic
        let type = check(target)
        if case .optional(let wrapped) = type {
            inner = wrapped
        } else if !type.isDynamic {
            report(
                .typeMismatch, target.range,
                "\(isFlat ? "optFlatMap" : "optMap") needs a value that may be absent, "
                    + "not \(describe(target))",
                help: "use the value itself; it is there")
        }
        let result = withLocal(name, inner) { $0.check(body) }
        if isFlat, !result.isOptional, !result.isDynamic {
            report(
                .typeMismatch, body.range,
                "optFlatMap needs a value that may be absent, not \(describe(body))",
                help: "write optMap")
        }
        return isFlat ? result : .optional(result)
    }

    mutating func checkComprehension(_ loop: Comprehension) -> ExpressionType {
        let range = check(loop.range)
        let (first, second) = loopTypes(range, loop)
        if loop.variables.count == 2 {
            let value = second
            return withLocal(loop.variables[0], first) { checker in
                checker.withLocal(loop.variables[1], value) {
                    $0.checkBody(of: loop, key: first, element: value)
                }
            }
        }
        return withLocal(loop.variables[0], first) {
            $0.checkBody(of: loop, key: first, element: first)
        }
    }

    /// The types of the loop's one or two variables.
    private mutating func loopTypes(
        _ range: ExpressionType, _ loop: Comprehension
    ) -> (ExpressionType, ExpressionType) {
        let isPair = loop.variables.count == 2
        switch range {
        case .dynamic, .open, .parameter: return (.dynamic, .dynamic)
        case .list(let element): return isPair ? (.int, element) : (element, element)
        case .map(let key, let value): return (key, value)
        case .object(let object): return (.string, object.valueType)
        default:
            report(
                .typeMismatch, loop.range.range,
                "\"\(loop.kind.rawValue)\" walks over a list or map, not over "
                    + "\(describe(loop.range))",
                help: "write a list or map before \"\(loop.kind.rawValue)\"")
            return (.dynamic, .dynamic)
        }
    }

    private mutating func checkBody(
        of loop: Comprehension, key: ExpressionType, element: ExpressionType
    ) -> ExpressionType {
        if let condition = loop.condition {
            requireCondition(condition, check(condition), "\"\(loop.kind.rawValue)\"")
        }
        let made = loop.transform.map { check($0) } ?? .dynamic
        switch loop.kind {
        case .all, .exists, .existsOne: return .bool
        case .filter: return .list(element)
        case .map, .transformList: return .list(made)
        case .transformMap:
            return .map(key: key, value: made)
        case .transformMapEntry:
            if case .map = made { return made }
            if let transform = loop.transform, !made.isDynamic {
                report(
                    .typeMismatch, transform.range,
                    "transformMapEntry needs a map with one entry, not \(describe(transform))",
                    help: "write {key: value}")
            }
            return .map(key: .dynamic, value: .dynamic)
        }
    }
}
