// Exact arithmetic on decimals. A result that needs more than 38 digits is `nil`, never rounded;
// only trailing zeros are dropped to make one fit.

extension ExactDecimal {
    /// The sum, with the larger scale of the two; `nil` when it needs more than 38 digits.
    package func adding(_ other: ExactDecimal) -> ExactDecimal? {
        // In canonical form a sum that does not fit has no zeros to drop, so that the second try
        // is the last.
        sum(other) ?? canonical.sum(other.canonical)
    }

    /// The difference, with the larger scale of the two; `nil` when it needs more than 38 digits.
    package func subtracting(_ other: ExactDecimal) -> ExactDecimal? {
        adding(other.negated)
    }

    /// The number with the other sign.
    package var negated: ExactDecimal {
        ExactDecimal(mantissa: -mantissa, scale: Int(scale)) ?? self
    }

    /// The product, with the sum of the scales; `nil` when it needs more than 38 digits.
    package func multiplied(by other: ExactDecimal) -> ExactDecimal? {
        var (high, low) = mantissa.magnitude.multipliedFullWidth(by: other.mantissa.magnitude)
        var scale = Int(scale) + Int(other.scale)
        let isNegative = isNegative != other.isNegative
        while high > 0 {
            // Divides the 256 bits by 10; the remainder of the upper half is below 10, as
            // `dividingFullWidth` demands.
            let upper = high.quotientAndRemainder(dividingBy: 10)
            let lower = UInt128(10).dividingFullWidth((upper.remainder, low))
            guard scale > 0, lower.remainder == 0 else { return nil }
            (high, low, scale) = (upper.quotient, lower.quotient, scale - 1)
        }
        return ExactDecimal(fitting: low, scale: scale, isNegative: isNegative)
    }

    /// The sum at the larger scale, in signs and magnitudes.
    ///
    /// A magnitude that passes 128 bits is above 3.4 × 10^38, and the other one is below 10^38, so
    /// that the sum cannot fit either.
    private func sum(_ other: ExactDecimal) -> ExactDecimal? {
        let common = max(scale, other.scale)
        guard let left = magnitude(atScale: common), let right = other.magnitude(atScale: common)
        else { return nil }
        if isNegative == other.isNegative {
            let (total, overflow) = left.addingReportingOverflow(right)
            guard !overflow else { return nil }
            return ExactDecimal(fitting: total, scale: Int(common), isNegative: isNegative)
        }
        return left >= right
            ? ExactDecimal(fitting: left &- right, scale: Int(common), isNegative: isNegative)
            : ExactDecimal(fitting: right &- left, scale: Int(common), isNegative: !isNegative)
    }

    private func magnitude(atScale common: UInt8) -> UInt128? {
        let (product, overflow) = mantissa.magnitude.multipliedReportingOverflow(
            by: Self.powersOfTen[Int(common - scale)])
        return overflow ? nil : product
    }
}
