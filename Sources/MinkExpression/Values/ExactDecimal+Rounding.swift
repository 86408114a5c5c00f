// Where decimals have to be rounded: division, and rounding itself.

/// How a number is brought to fewer digits.
package enum Rounding: String, Sendable, CaseIterable {
    /// To the nearest; a tie to the even neighbour. The banker's rounding.
    case halfEven = "half_even"
    /// To the nearest; a tie away from zero.
    case halfUp = "half_up"
    /// Towards zero.
    case down
    /// Away from zero.
    case up

    /// Whether a quotient has to grow by one, given what the division left over.
    fileprivate func raises(_ quotient: UInt128, remainder: UInt128, divisor: UInt128) -> Bool {
        guard remainder > 0 else { return false }
        let missing = divisor - remainder
        return switch self {
        case .halfEven: remainder > missing || remainder == missing && quotient & 1 == 1
        case .halfUp: remainder >= missing
        case .down: false
        case .up: true
        }
    }
}

extension ExactDecimal {
    /// The quotient with so many digits behind the point.
    ///
    /// `nil` for a divisor of zero, a scale outside 0 to 38, or a result beyond 38 digits.
    package func divided(
        by divisor: ExactDecimal, scale: Int, rounding: Rounding = .halfEven
    ) -> ExactDecimal? {
        guard Self.scales.contains(scale), divisor.mantissa != 0 else { return nil }
        let isNegative = isNegative != divisor.isNegative
        let shift = scale + Int(divisor.scale) - Int(self.scale)
        guard
            let quotient = Self.quotient(
                mantissa.magnitude, shiftedBy: shift, divisor.mantissa.magnitude, rounding)
        else { return nil }
        let digits = Int128(quotient)
        return ExactDecimal(mantissa: isNegative ? -digits : digits, scale: scale)
    }

    /// The number with so many digits behind the point, less the zeros that would not fit.
    ///
    /// `nil` for a scale outside 0 to 38.
    package func rounded(to scale: Int, rounding: Rounding = .halfEven) -> ExactDecimal? {
        guard Self.scales.contains(scale) else { return nil }
        if scale >= self.scale {
            let zeros = ExactDecimal(mantissa: 0, scale: scale) ?? .zero
            return adding(zeros)
        }
        return divided(by: ExactDecimal(Int64(1)), scale: scale, rounding: rounding)
    }

    /// `dividend × 10^shift ÷ divisor`, rounded; `nil` from 10^38 on.
    private static func quotient(
        _ dividend: UInt128, shiftedBy shift: Int, _ divisor: UInt128, _ rounding: Rounding
    ) -> UInt128? {
        if shift < 0 {
            let (product, overflow) = divisor.multipliedReportingOverflow(by: powersOfTen[-shift])
            // A divisor beyond 128 bits is more than three times the dividend: far below a half.
            if overflow { return rounding == .up && dividend > 0 ? 1 : 0 }
            return quotient(dividend, product, rounding)
        }
        if shift < powersOfTen.count {
            let (product, overflow) = dividend.multipliedReportingOverflow(by: powersOfTen[shift])
            if !overflow { return quotient(product, divisor, rounding) }
        }
        return longQuotient(dividend, digits: shift, divisor, rounding)
    }

    private static func quotient(
        _ dividend: UInt128, _ divisor: UInt128, _ rounding: Rounding
    ) -> UInt128? {
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        return round(quotient, remainder: remainder, divisor: divisor, rounding)
    }

    /// Division as on paper, one further digit at a time.
    private static func longQuotient(
        _ dividend: UInt128, digits: Int, _ divisor: UInt128, _ rounding: Rounding
    ) -> UInt128? {
        var (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        for _ in 0..<digits {
            guard quotient < limit / 10 else { return nil }
            // The remainder is below the divisor, so that the upper half of ten times it is too.
            let (digit, rest) = divisor.dividingFullWidth(remainder.multipliedFullWidth(by: 10))
            (quotient, remainder) = (quotient &* 10 &+ digit, rest)
        }
        return round(quotient, remainder: remainder, divisor: divisor, rounding)
    }

    private static func round(
        _ quotient: UInt128, remainder: UInt128, divisor: UInt128, _ rounding: Rounding
    ) -> UInt128? {
        guard quotient < limit else { return nil }
        let raised = rounding.raises(quotient, remainder: remainder, divisor: divisor)
        return raised ? quotient &+ 1 : quotient
    }
}
