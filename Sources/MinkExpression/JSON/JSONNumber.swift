// The source text of a JSON number, and what it is worth.

/// The token of a JSON number, known to be one.
struct JSONNumber {
    private let token: ArraySlice<UInt8>
    /// Neither point nor exponent.
    let isWhole: Bool
    /// The digits without those zeros at the left that say nothing; 0 has none.
    private(set) var significantDigits = 0
    /// The first 19 of them as a number.
    private var leading: UInt64 = 0
    /// How far the point stands behind the last digit, to the right.
    private(set) var exponent = 0
    /// What is written behind the "e".
    private var writtenExponent = 0
    private let isNegative: Bool

    init(_ token: ArraySlice<UInt8>) {
        self.token = token
        isNegative = token.first == UInt8(ascii: "-")
        var (isWhole, isFraction) = (true, false)
        var place = token.startIndex + (isNegative ? 1 : 0)
        digits: while place < token.endIndex {
            let digit = token[place] &- UInt8(ascii: "0")
            switch token[place] {
            case UInt8(ascii: "."): (isWhole, isFraction) = (false, true)
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                isWhole = false
                writtenExponent = Self.readExponent(token[(place + 1)...])
                exponent += writtenExponent
                break digits
            default:
                if isFraction { exponent -= 1 }
                if digit > 0 || significantDigits > 0 { significantDigits += 1 }
                if significantDigits <= 19 { leading = leading &* 10 &+ UInt64(digit) }
            }
            place += 1
        }
        self.isWhole = isWhole
    }

    private static func readExponent(_ text: ArraySlice<UInt8>) -> Int {
        let isNegative = text.first == UInt8(ascii: "-")
        var exponent = 0
        for byte in text where byte &- UInt8(ascii: "0") < 10 {
            exponent = min(exponent * 10 + Int(byte &- UInt8(ascii: "0")), 1_000_000_000)
        }
        return isNegative ? -exponent : exponent
    }

    /// The whole number of 64 bits that is written; `nil` with a point or exponent, or beyond.
    var int: Int64? {
        guard isWhole, significantDigits <= 19 else { return nil }
        if isNegative {
            return leading <= UInt64(Int64.max) + 1 ? Int64(truncatingIfNeeded: 0 &- leading) : nil
        }
        return Int64(exactly: leading)
    }

    /// The nearest floating point number; infinite beyond the largest.
    var double: Double {
        // Both operands are exact up to here, so that the one operation rounds as it should.
        if significantDigits <= 15, (-22...22).contains(exponent) {
            let digits = Double(leading)
            let power = JSONNumber.powersOfTen[abs(exponent)]
            let magnitude = exponent < 0 ? digits / power : digits * power
            return isNegative ? -magnitude : magnitude
        }
        return Double(String(decoding: token, as: UTF8.self)) ?? .nan
    }

    /// The decimal that is written; `nil` beyond 38 digits or a scale of 38.
    var decimal: ExactDecimal? { ExactDecimal(utf8: token) }

    /// Whether it is within 10^±308, and written so.
    var isInRange: Bool {
        guard abs(writtenExponent) <= 308 else { return false }
        return significantDigits == 0
            || (-308...308).contains(exponent + significantDigits - 1) && double.isFinite
    }

    /// Whether something keeps it as it is written: a whole number of 64 bits, a decimal, or a
    /// floating point number, which can tell 17 digits apart.
    var isExact: Bool {
        if isWhole { return int != nil }
        if significantDigits <= 15, (-22...22).contains(exponent) { return true }
        if decimal != nil { return true }
        let double = double
        return significantDigits <= 17 && double.isFinite && (double != 0 || significantDigits == 0)
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
