// An expression tried out on its own, with values at hand instead of a workflow's types.

/// One expression, and what came out.
package enum Trial: Sendable {
    case value(Value)
    /// An optional without a value.
    case absent
    /// Mistakes that were found before it ran.
    case mistakes([ExpressionProblem])
    case failure(EvaluationError)

    /// Evaluates an expression over variables.
    ///
    /// The types of the variables are those of their values, so that a field that is misspelt has
    /// a suggestion. What only these types forbid is tried without them.
    ///
    /// - Parameters:
    ///   - text: The expression.
    ///   - variables: The values of its variables.
    ///   - checksTypes: Whether types are checked before it runs.
    ///   - expandsMacros: Whether macros such as `has` are known.
    ///   - timeZones: Hands out the bytes of a time zone by its name.
    package init(
        _ text: String, variables: [(name: String, value: Value)], checksTypes: Bool = true,
        expandsMacros: Bool = true, timeZones: (@Sendable (String) -> [UInt8]?)? = nil
    ) {
        let configure = { (environment: inout ExpressionEnvironment) in
            environment.checksTypes = checksTypes
            environment.expandsMacros = expandsMacros
        }
        let known = Dictionary(
            variables.map { ($0.name, $0.value.inferredType(called: $0.name)) },
            uniquingKeysWith: { $1 })
        let strict = Self.evaluate(text, variables, known, timeZones, configure)
        guard case .mistakes = strict else {
            self = strict
            return
        }
        let free = Self.evaluate(
            text, variables, known.mapValues { _ in .dynamic }, timeZones, configure)
        switch free {
        case .value, .absent: self = free
        case .mistakes, .failure: self = strict
        }
    }

    private static func evaluate(
        _ text: String, _ variables: [(name: String, value: Value)],
        _ types: [String: ExpressionType], _ timeZones: (@Sendable (String) -> [UInt8]?)?,
        _ configure: (inout ExpressionEnvironment) -> Void
    ) -> Trial {
        let layout = VariableLayout(names: types.keys.sorted { $0.precedesByBytes($1) })
        var environment = ExpressionEnvironment(
            layout: layout, variables: types, timeZones: timeZones)
        configure(&environment)
        let (expression, problems) = CompiledExpression.compile(text, in: environment)
        guard let expression else { return .mistakes(problems) }
        let scope = EvaluationScope(layout: layout)
        for (name, value) in variables { scope.bind(name, value) }
        switch scope.evaluate(expression) {
        case .value(let value): return .value(value)
        case .absent: return .absent
        case .failure(let error): return .failure(error)
        }
    }
}

extension Value {
    /// The name of its type in words of the language.
    package var typeName: String { inferredType(called: "").description }

    /// The type, without looking into lists and maps.
    package var outerType: ExpressionType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .decimal: .decimal
        case .string: .string
        case .bytes: .bytes
        case .timestamp: .timestamp
        case .duration: .duration
        case .type: .type
        case .list: .list(.dynamic)
        case .map: .map(key: .string, value: .dynamic)
        }
    }

    /// The type, as far as the value shows it.
    func inferredType(called name: String) -> ExpressionType {
        switch self {
        case .null: .dynamic
        case .list(let elements):
            .list(Self.commonType(of: elements, called: name))
        case .map(let map):
            .object(
                ObjectType(
                    name: name,
                    fields: map.entries.compactMap { entry in
                        guard case .string(let field) = entry.key else { return nil }
                        return ObjectType.Field(
                            name: field, type: entry.value.inferredType(called: field))
                    }))
        default: outerType
        }
    }

    /// The type of all elements; unknown when they differ, so that nothing is forbidden.
    private static func commonType(of elements: [Value], called name: String) -> ExpressionType {
        let types = Set(elements.map { $0.inferredType(called: name) })
        guard types.count == 1, let type = types.first else { return .dynamic }
        return type
    }
}
