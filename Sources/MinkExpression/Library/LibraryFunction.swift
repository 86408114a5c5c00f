// One function of the language: its name, what it takes and gives, and what it does.

/// What a function does with its arguments, which are never errors: those are passed on before.
enum FunctionBody: Sendable {
    case nullary(@Sendable (Machine) -> Cell)
    case unary(@Sendable (Machine, Cell) -> Cell)
    case binary(@Sendable (Machine, Cell, Cell) -> Cell)
    case ternary(@Sendable (Machine, Cell, Cell, Cell) -> Cell)
    case variadic(@Sendable (Machine, [Cell]) -> Cell)
    /// The second argument is a pattern, which is compiled once when it is written out.
    case pattern(@Sendable (Machine, RegularExpression, Cell, [Cell]) -> Cell)
    /// The first argument is a moment, and the last one, if `count` allows, a time zone.
    case zoned(@Sendable (Machine, Cell, TimeZoneRules, [Cell]) -> Cell)
    /// `or` and `orValue`: the second argument runs only where the first one has no value.
    case otherwise(isFlat: Bool)
}

/// One function of the language.
struct LibraryFunction: Sendable {
    let name: String
    /// Whether it is written behind its first argument.
    let isMember: Bool
    let signatures: [Signature]
    let body: FunctionBody

    /// How many arguments it takes, the one in front included; `nil` when any number but none.
    var count: Int? {
        signatures.contains { $0.repeats } ? nil : signatures.first?.parameters.count
    }

    func takes(_ given: Int) -> Bool {
        count.map { $0 == given } ?? (given > 0)
    }

    static func global(
        _ name: String, _ signatures: Signature..., body: FunctionBody
    ) -> LibraryFunction {
        LibraryFunction(name: name, isMember: false, signatures: signatures, body: body)
    }

    static func member(
        _ name: String, _ signatures: Signature..., body: FunctionBody
    ) -> LibraryFunction {
        LibraryFunction(name: name, isMember: true, signatures: signatures, body: body)
    }
}

extension Signature {
    init(_ parameters: ExpressionType..., gives result: ExpressionType) {
        self.init(parameters: parameters, result: result)
    }
}

extension ExpressionType {
    /// The type parameters of signatures.
    static let a = ExpressionType.parameter(0)
    static let b = ExpressionType.parameter(1)
}
