// optional.of, optional.none, optional.ofNonZeroValue, hasValue, value, or, orValue.
enum OptionalFunctions {
    static let all: [LibraryFunction] = [
        .global(
            "optional.of", Signature(.a, gives: .optional(.a)), body: .unary { $0.makeSome($1) }),
        .global(
            "optional.none",
            LibraryFunction.noArguments(gives: .optional(.open)), body: .nullary { _ in .none }),
        .global(
            "optional.ofNonZeroValue", Signature(.a, gives: .optional(.a)),
            body: .unary { machine, value in isZero(value) ? .none : machine.makeSome(value) }),
        .member(
            "hasValue", Signature(.optional(.a), gives: .bool),
            body: .unary { _, optional in
                optional.tag == .optional ? .bool(!optional.isNone) : .noOverload(optional)
            }),
        .member(
            "value", Signature(.optional(.a), gives: .a),
            body: .unary { _, optional in
                guard optional.tag == .optional else { return .noOverload(optional) }
                return optional.isNone ? .error(.noValue) : optional.elements[0]
            }),
        .member(
            "or", Signature(.optional(.a), .optional(.a), gives: .optional(.a)),
            body: .otherwise(isFlat: false)),
        .member(
            "orValue", Signature(.optional(.a), .a, gives: .a), body: .otherwise(isFlat: true)),
    ]

    /// Whether the value is what its type has when nothing was said.
    private static func isZero(_ value: Cell) -> Bool {
        switch value.tag {
        case .null: true
        case .bool, .int, .uint, .duration: value.bits == 0
        case .double: value.double == 0
        case .decimal: value.decimal.mantissa == 0
        case .string, .bytes, .list, .map, .optional: value.length == 0
        case .timestamp: value.bits == 0 && value.length == 0
        case .type, .error: false
        }
    }
}

extension LibraryFunction {
    fileprivate static func noArguments(gives result: ExpressionType) -> Signature {
        Signature(parameters: [], result: result)
    }
}
