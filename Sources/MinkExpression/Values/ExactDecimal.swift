// An exact decimal number: a whole number of at most 38 digits, and how many of them stand behind
// the point. Money lives here, so nothing ever passes through a floating point number.

/// An exact decimal number of at most 38 digits, with 0 to 38 of them behind the point.
public struct ExactDecimal: Sendable {
    private let high: Int64
    private let low: UInt64

    /// How many digits stand behind the point, 0 to 38.
    public let scale: UInt8

    /// The digits as one whole number: 12.50 has 1250.
    package var mantissa: Int128 { Int128(high) << 64 | Int128(low) }

    /// The number `mantissa × 10^−scale`; `nil` beyond 38 digits or a scale of 38.
    package init?(mantissa: Int128, scale: Int) {
        guard (0...38).contains(scale), mantissa.magnitude < Self.limit else { return nil }
        high = Int64(truncatingIfNeeded: mantissa >> 64)
        low = UInt64(truncatingIfNeeded: mantissa)
        self.scale = UInt8(truncatingIfNeeded: scale)
    }

    /// 10^38, one more than the largest mantissa.
    private static let limit: UInt128 = 100_000_000_000_000_000_000_000_000_000_000_000_000
}

extension ExactDecimal {
    /// Whether both are the same number with the same scale: 1.0 and 1.00 are not.
    package func hasSameForm(as other: ExactDecimal) -> Bool {
        mantissa == other.mantissa && scale == other.scale
    }
}

extension ExactDecimal: CustomStringConvertible {
    /// The number in digits, with as many behind the point as ``scale`` says.
    public var description: String {
        let digits = String(mantissa.magnitude)
        let sign = mantissa < 0 ? "-" : ""
        guard scale > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, Int(scale) + 1 - digits.count)) + digits
        return sign + padded.dropLast(Int(scale)) + "." + padded.suffix(Int(scale))
    }
}
