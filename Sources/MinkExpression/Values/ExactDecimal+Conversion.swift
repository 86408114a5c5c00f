// From decimals to the other kinds of numbers.

extension ExactDecimal {
    /// The nearest floating point number of 64 bits.
    package var double: Double {
        // Both are exact up to here, so that the division rounds once, as it should.
        if mantissa.magnitude < 1 << 53, scale <= 22 {
            return Double(Int64(truncatingIfNeeded: mantissa)) / Self.doublePowersOfTen[Int(scale)]
        }
        return Double(description) ?? .nan
    }

    /// The whole number that is left when the digits behind the point are cut off; `nil` when it
    /// does not fit 64 bits.
    package var truncated: Int64? {
        Int64(exactly: mantissa / Int128(Self.powersOfTen[Int(scale)]))
    }

    /// The number as a whole number of 64 bits; `nil` when it is not one.
    package var exactInt64: Int64? {
        let (quotient, remainder) = mantissa.quotientAndRemainder(
            dividingBy: Int128(Self.powersOfTen[Int(scale)]))
        return remainder == 0 ? Int64(exactly: quotient) : nil
    }

    /// The number as a whole number without sign; `nil` when it is not one of 64 bits.
    package var exactUInt64: UInt64? {
        let (quotient, remainder) = mantissa.quotientAndRemainder(
            dividingBy: Int128(Self.powersOfTen[Int(scale)]))
        return remainder == 0 ? UInt64(exactly: quotient) : nil
    }

    /// 10 to the powers 0 to 22, which a floating point number holds exactly.
    private static let doublePowersOfTen: [Double] = (0...22).map { Double(powersOfTen[$0]) }
}
