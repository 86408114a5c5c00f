// div() and round() of decimals: the two operations that have to say how many digits they keep.
enum DecimalFunctions {
    static let all: [LibraryFunction] =
        [
            .member(
                "div", Signature(.decimal, .decimal, .int, gives: .decimal),
                Signature(.decimal, .int, .int, gives: .decimal),
                Signature(.int, .decimal, .int, gives: .decimal),
                body: .ternary { divide($0, $1, $2, $3, nil) }),
            .member(
                "div", Signature(.decimal, .decimal, .int, .string, gives: .decimal),
                Signature(.decimal, .int, .int, .string, gives: .decimal),
                Signature(.int, .decimal, .int, .string, gives: .decimal),
                body: .variadic { divide($0, $1[0], $1[1], $1[2], $1[3]) }),
            .member(
                "round", Signature(.decimal, .int, gives: .decimal),
                body: .binary { round($0, $1, $2, nil) }),
            .member(
                "round", Signature(.decimal, .int, .string, gives: .decimal),
                body: .ternary { round($0, $1, $2, $3) }),
        ]

    private static func divide(
        _ machine: Machine, _ left: Cell, _ right: Cell, _ digits: Cell, _ mode: Cell?
    ) -> Cell {
        guard left.tag == .decimal || right.tag == .decimal, digits.tag == .int,
            let dividend = Ordering.exact(left), let divisor = Ordering.exact(right)
        else { return .noOverload(left, right) }
        if divisor.mantissa == 0 { return .error(.divideByZero) }
        guard let scale = scale(digits), let rounding = rounding(mode) else {
            return .error(.badArgument)
        }
        return dividend.divided(by: divisor, scale: scale, rounding: rounding)
            .map(machine.makeDecimal) ?? .error(.overflow)
    }

    private static func round(
        _ machine: Machine, _ value: Cell, _ digits: Cell, _ mode: Cell?
    ) -> Cell {
        guard value.tag == .decimal, digits.tag == .int else { return .noOverload(value, digits) }
        guard let scale = scale(digits), let rounding = rounding(mode) else {
            return .error(.badArgument)
        }
        return value.decimal.rounded(to: scale, rounding: rounding)
            .map(machine.makeDecimal) ?? .error(.overflow)
    }

    private static func scale(_ digits: Cell) -> Int? {
        ExactDecimal.scales.contains(Int(truncatingIfNeeded: digits.int))
            ? Int(truncatingIfNeeded: digits.int) : nil
    }

    private static func rounding(_ mode: Cell?) -> Rounding? {
        guard let mode else { return .halfEven }
        return mode.tag == .string ? Rounding(rawValue: mode.text) : nil
    }
}
