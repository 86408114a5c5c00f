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
        guard Self.scales.contains(scale), mantissa.magnitude < Self.limit else { return nil }
        self.init(checked: mantissa, scale: UInt8(truncatingIfNeeded: scale))
    }

    /// A whole number.
    public init(_ number: Int64) {
        self.init(checked: Int128(number), scale: 0)
    }

    /// A whole number.
    public init(_ number: UInt64) {
        self.init(checked: Int128(number), scale: 0)
    }

    private init(checked mantissa: Int128, scale: UInt8) {
        high = Int64(truncatingIfNeeded: mantissa >> 64)
        low = UInt64(truncatingIfNeeded: mantissa)
        self.scale = scale
    }

    /// 0, with no digits behind the point.
    package static let zero = ExactDecimal(Int64(0))

    /// How many digits may stand behind the point.
    package static let scales = 0...38

    /// 10^38, one more than the largest mantissa.
    package static let limit: UInt128 = 100_000_000_000_000_000_000_000_000_000_000_000_000

    /// 10 to the powers 0 to 38.
    package static let powersOfTen: [UInt128] = scales.map { exponent in
        (0..<exponent).reduce(UInt128(1)) { power, _ in power &* 10 }
    }
}

extension ExactDecimal {
    /// The number `±magnitude × 10^−scale`, without trailing zeros where only so it fits.
    package init?(fitting magnitude: UInt128, scale: Int, isNegative: Bool) {
        var (magnitude, scale) = (magnitude, scale)
        while magnitude >= Self.limit || scale > Self.scales.upperBound {
            let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: 10)
            guard scale > 0, remainder == 0 else { return nil }
            (magnitude, scale) = (quotient, scale - 1)
        }
        let mantissa = Int128(magnitude)
        self.init(mantissa: isNegative ? -mantissa : mantissa, scale: scale)
    }

    /// Whether this is less than zero.
    package var isNegative: Bool { high < 0 }

    /// Whether both are the same number with the same scale: 1.0 and 1.00 are not.
    package func hasSameForm(as other: ExactDecimal) -> Bool {
        high == other.high && low == other.low && scale == other.scale
    }
}

extension ExactDecimal: CustomStringConvertible {
    /// The number in digits, with as many behind the point as ``scale`` says.
    public var description: String {
        let digits = String(mantissa.magnitude)
        let sign = isNegative ? "-" : ""
        guard scale > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, Int(scale) + 1 - digits.count)) + digits
        return sign + padded.dropLast(Int(scale)) + "." + padded.suffix(Int(scale))
    }
}
