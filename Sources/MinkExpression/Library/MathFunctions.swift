// math.greatest, least, abs, sign, ceil, floor, round, trunc, sqrt, isNaN, isInf, isFinite.
enum MathFunctions {
    static let all: [LibraryFunction] = [
        extreme("math.greatest") { $0 == .greater },
        extreme("math.least") { $0 == .less },
        listExtreme("math.greatest") { $0 == .greater },
        listExtreme("math.least") { $0 == .less },
        same("math.abs", abs),
        same("math.sign", sign),
        rounding("math.ceil") { $0.rounded(.up) },
        rounding("math.floor") { $0.rounded(.down) },
        rounding("math.round") { $0.rounded(.toNearestOrAwayFromZero) },
        rounding("math.trunc") { $0.rounded(.towardZero) },
        .global(
            "math.sqrt", Signature(.double, gives: .double), Signature(.int, gives: .double),
            Signature(.uint, gives: .double),
            body: .unary { _, value in
                guard value.tag != .decimal, let number = Ordering.approximate(value) else {
                    return .noOverload(value)
                }
                return .double(number.squareRoot())
            }),
        test("math.isNaN") { $0.isNaN },
        test("math.isInf") { $0.isInfinite },
        test("math.isFinite") { $0.isFinite },
    ]

    private static let numbers: [ExpressionType] = [.int, .uint, .double, .decimal]

    private static func rounding(
        _ name: String, _ round: @escaping @Sendable (Double) -> Double
    ) -> LibraryFunction {
        .global(
            name, Signature(.double, gives: .double),
            body: .unary { _, value in
                value.tag == .double ? .double(round(value.double)) : .noOverload(value)
            })
    }

    private static func test(
        _ name: String, _ test: @escaping @Sendable (Double) -> Bool
    ) -> LibraryFunction {
        .global(
            name, Signature(.double, gives: .bool),
            body: .unary { _, value in
                value.tag == .double ? .bool(test(value.double)) : .noOverload(value)
            })
    }

    private static func same(
        _ name: String, _ body: @escaping @Sendable (Machine, Cell) -> Cell
    ) -> LibraryFunction {
        LibraryFunction(
            name: name, isMember: false,
            signatures: numbers.map { Signature(parameters: [$0], result: $0) },
            body: .unary(body))
    }

    @Sendable private static func abs(_ machine: Machine, _ value: Cell) -> Cell {
        switch value.tag {
        case .int: value.int < 0 ? Arithmetic(machine: machine).negate(value) : value
        case .uint: value
        case .double: .double(value.double.magnitude)
        case .decimal:
            value.decimal.isNegative ? machine.makeDecimal(value.decimal.negated) : value
        default: .noOverload(value)
        }
    }

    @Sendable private static func sign(_ machine: Machine, _ value: Cell) -> Cell {
        switch value.tag {
        case .int: .int(value.int.signum())
        case .uint: .uint(value.uint == 0 ? 0 : 1)
        case .double:
            // A zero has no sign, whatever its bits say.
            .double(
                value.double > 0 ? 1 : value.double < 0 ? -1 : value.double == 0 ? 0 : value.double)
        case .decimal: machine.makeDecimal(ExactDecimal(Int64(value.decimal.mantissa.signum())))
        default: .noOverload(value)
        }
    }

    private static func extreme(
        _ name: String, _ isBetter: @escaping @Sendable (Compared) -> Bool
    ) -> LibraryFunction {
        // Of numbers of one kind the result has that kind; of several, any of them.
        let signatures =
            numbers.map { Signature(parameters: [$0], result: $0, repeats: true) }
            + [Signature(parameters: [.dynamic], result: .dynamic, repeats: true)]
        return LibraryFunction(
            name: name, isMember: false, signatures: signatures,
            body: .variadic { machine, values in
                values.count == 1 && values[0].tag == .list
                    ? best(machine, values[0].elements, isBetter)
                    : best(machine, values, isBetter)
            })
    }

    private static func listExtreme(
        _ name: String, _ isBetter: @escaping @Sendable (Compared) -> Bool
    ) -> LibraryFunction {
        .global(
            name, Signature(.list(.a), gives: .a),
            body: .unary { machine, list in
                list.tag == .list
                    ? best(machine, list.elements, isBetter)
                    : best(machine, CollectionOfOne(list), isBetter)
            })
    }

    /// The first of the best numbers; an error for none, and for what is no number.
    private static func best(
        _ machine: Machine, _ values: some Collection<Cell>, _ isBetter: (Compared) -> Bool
    ) -> Cell {
        guard machine.charge(values.count) else { return machine.exhausted }
        guard var best = values.first else { return .error(.badArgument) }
        guard Ordering.approximate(best) != nil else { return .noOverload(best) }
        for value in values.dropFirst() {
            let compared = Ordering.numbers(value, best)
            if compared == .mismatch { return .noOverload(value, best) }
            if isBetter(compared) { best = value }
        }
        return best
    }
}
