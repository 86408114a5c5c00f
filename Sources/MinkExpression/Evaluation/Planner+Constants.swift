// What is known before anything runs: literals, and conversions of literals.
extension Planner {
    /// The value of a part that is written out; `nil` when it has to be computed.
    func constant(_ node: SyntaxNode) -> Cell? {
        if case .decimal(let number) = checked.resolutions[node.id] {
            return constants.make(.decimal(number))
        }
        switch node.kind {
        case .literal(.null): return .null
        case .literal(.bool(let value)): return .bool(value)
        case .literal(.int(let value)): return .int(value)
        case .literal(.uint(let value)): return .uint(value)
        case .literal(.double(let value, _)): return .double(value)
        case .literal, .list: return literalValue(node).map(constants.make)
        case .call(_, nil, let arguments): return foldedCall(node, arguments)
        case .name:
            switch checked.resolutions[node.id] {
            case .typeName(let name): return .type(name)
            case .nothing: return Cell.none
            default: return nil
            }
        case .select:
            if case .typeName(let name) = checked.resolutions[node.id] { return .type(name) }
            return nil
        default: return nil
        }
    }

    /// A literal, or a list of nothing but literals.
    private func literalValue(_ node: SyntaxNode) -> Value? {
        if case .decimal(let number) = checked.resolutions[node.id] { return .decimal(number) }
        switch node.kind {
        case .literal(let literal):
            switch literal {
            case .null: return .null
            case .bool(let value): return .bool(value)
            case .int(let value): return .int(value)
            case .uint(let value): return .uint(value)
            case .double(let value, _): return .double(value)
            case .string(let value): return .string(value)
            case .bytes(let value): return .bytes(value)
            }
        case .list(let elements):
            var values: [Value] = []
            for element in elements {
                guard !element.isOptional, let value = literalValue(element.value) else {
                    return nil
                }
                values.append(value)
            }
            return .list(values)
        default:
            return nil
        }
    }

    /// Functions of one literal that are worth computing once.
    private static let folded: Set<String> = [
        "duration", "timestamp", "decimal", "days", "hours", "minutes", "int", "uint", "double",
        "bytes",
    ]

    /// The result of a function of a literal; `nil` where it fails, so that it fails when it runs.
    private func foldedCall(_ node: SyntaxNode, _ arguments: [SyntaxNode]) -> Cell? {
        guard case .function(let function, _) = checked.resolutions[node.id],
            Self.folded.contains(function.name), case .unary(let body) = function.body,
            let argument = constant(arguments[0])
        else { return nil }
        let nothing = UnsafeMutablePointer<Cell>.allocate(capacity: 1)
        var state = MachineState(slots: nothing, locals: nothing)
        state.cost = ExpressionLimits.maxBytes
        state.memory = ExpressionLimits.maxBytes
        defer {
            state.arena.close()
            nothing.deallocate()
        }
        return withUnsafeMutablePointer(to: &state) { state in
            var reader = CellReader(limit: ExpressionLimits.maxBytes)
            let result = body(Machine(state: state), argument)
            guard case .success(let value?) = reader.read(result) else { return nil }
            return constants.make(value)
        }
    }
}
