// Compares decimals by value: 1.0 and 1.00 are equal here, though their forms differ.

extension ExactDecimal: Comparable, Hashable {
    /// Whether both are the same number: 1.0 and 1.00 are.
    public static func == (left: ExactDecimal, right: ExactDecimal) -> Bool {
        left.isEqual(to: right)
    }

    /// Whether the left number is less than the right one.
    public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        left.compare(to: right) == .less
    }

    /// Feeds the number into a hasher, whatever its scale.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(canonical.description)
    }
}

/// How two values stand to each other.
package enum Order: Sendable {
    case less, equal, greater

    package init<Number: Comparable>(_ left: Number, _ right: Number) {
        self = left < right ? .less : left == right ? .equal : .greater
    }

    package var reversed: Order {
        switch self {
        case .less: .greater
        case .equal: .equal
        case .greater: .less
        }
    }
}

extension ExactDecimal {
    /// How this number stands to the other one, whatever their scales.
    package func compare(to other: ExactDecimal) -> Order {
        guard scale != other.scale else { return Order(mantissa, other.mantissa) }
        guard isNegative == other.isNegative else { return isNegative ? .less : .greater }
        let order = compareMagnitude(to: other)
        return isNegative ? order.reversed : order
    }

    /// Whether both are the same number: 1.0 and 1.00 are.
    package func isEqual(to other: ExactDecimal) -> Bool { compare(to: other) == .equal }

    /// Compares the parts before the point, then those behind it, so that nothing needs more than
    /// 38 digits: a remainder below 10^scale, brought to the larger scale, still is below 10^38.
    private func compareMagnitude(to other: ExactDecimal) -> Order {
        let (whole, fraction) = splitMagnitude()
        let (otherWhole, otherFraction) = other.splitMagnitude()
        guard whole == otherWhole else { return Order(whole, otherWhole) }
        let common = max(scale, other.scale)
        return Order(
            fraction &* Self.powersOfTen[Int(common - scale)],
            otherFraction &* Self.powersOfTen[Int(common - other.scale)])
    }

    private func splitMagnitude() -> (whole: UInt128, fraction: UInt128) {
        let (quotient, remainder) = mantissa.magnitude.quotientAndRemainder(
            dividingBy: Self.powersOfTen[Int(scale)])
        return (quotient, remainder)
    }

    /// The same number without trailing zeros behind the point.
    ///
    /// Two numbers are equal by value exactly if their canonical forms are the same form.
    package var canonical: ExactDecimal {
        var (magnitude, scale) = (mantissa.magnitude, Int(scale))
        while scale > 0 {
            let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: 10)
            guard remainder == 0 else { break }
            (magnitude, scale) = (quotient, scale - 1)
        }
        return ExactDecimal(fitting: magnitude, scale: scale, isNegative: isNegative) ?? self
    }
}
