// All decimal digits of a floating point number, which has up to 767 of them, and their rounding.
//
// The number is m × 2^e. For e ≥ 0 it is whole; else it is (m × 5^−e) ÷ 10^−e, so that its digits
// are those of a whole number and the point stands −e places from the right.

/// The exact digits of a finite number.
struct ExactDigits {
    private let isNegative: Bool
    /// The digits without leading zeros; empty for 0.
    private let digits: [UInt8]
    /// How many of them stand behind the point; may be more than there are.
    private let scale: Int

    init(_ number: Double) {
        isNegative = number.sign == .minus
        guard number != 0 else {
            (digits, scale) = ([], 0)
            return
        }
        let exponent = Int(number.exponent) - 52
        let isNormal = number.isNormal
        let mantissa = number.significandBitPattern | (isNormal ? 1 << 52 : 0)
        let power = isNormal ? exponent : -1074
        var limbs = Limbs(mantissa)
        if power >= 0 {
            limbs.multiply(by: 2, times: power)
            scale = 0
        } else {
            limbs.multiply(by: 5, times: -power)
            scale = -power
        }
        digits = limbs.digits
    }

    /// The number with so many digits behind the point, ties to even.
    func fixed(_ precision: Int) -> String {
        let rounded = Self.round(digits, dropping: scale - precision)
        var text = String(repeating: "0", count: max(0, precision + 1 - rounded.count))
        text += String(decoding: rounded.map { $0 + 0x30 }, as: UTF8.self)
        let whole = text.dropLast(precision)
        let sign = isNegative ? "-" : ""
        return sign + whole + (precision > 0 ? "." + text.suffix(precision) : "")
    }

    /// The number with one digit before the point, so many behind it, and an exponent.
    func scientific(_ precision: Int) -> String {
        var exponent = digits.isEmpty ? 0 : digits.count - 1 - scale
        var rounded = Self.round(digits, dropping: digits.count - 1 - precision)
        if rounded.count > precision + 1 {
            rounded.removeLast()
            exponent += 1
        }
        var text = String(decoding: rounded.map { $0 + 0x30 }, as: UTF8.self)
        text += String(repeating: "0", count: max(0, precision + 1 - rounded.count))
        let fraction = precision > 0 ? "." + text.dropFirst() : ""
        let power = String(exponent.magnitude)
        return (isNegative ? "-" : "") + text.prefix(1) + fraction
            + (exponent < 0 ? "e-" : "e+") + (power.utf8.count < 2 ? "0" : "") + power
    }

    /// Drops digits from the right, or, for a negative count, adds zeros there.
    private static func round(_ digits: [UInt8], dropping count: Int) -> [UInt8] {
        if count <= 0 {
            return digits.isEmpty ? [] : digits + Array(repeating: 0, count: -count)
        }
        guard count <= digits.count else { return [] }
        var kept = Array(digits.dropLast(count))
        let dropped = digits.suffix(count)
        let first = dropped.first ?? 0
        let isTie = first == 5 && dropped.dropFirst().allSatisfy { $0 == 0 }
        let isOdd = (kept.last ?? 0) % 2 == 1
        guard first > 5 || first == 5 && (!isTie || isOdd) else { return kept }
        var index = kept.count - 1
        while index >= 0, kept[index] == 9 {
            kept[index] = 0
            index -= 1
        }
        if index >= 0 { kept[index] += 1 } else { kept.insert(1, at: 0) }
        return kept
    }
}

/// A large whole number in parts of nine digits, the lowest first.
private struct Limbs {
    private static let base: UInt64 = 1_000_000_000
    private var limbs: [UInt64]

    init(_ number: UInt64) {
        limbs = [
            number % Self.base, number / Self.base % Self.base, number / Self.base / Self.base,
        ]
    }

    /// Multiplies several times, twelve at once: 5^12 and 2^12 times a part fit 64 bits.
    mutating func multiply(by factor: UInt64, times: Int) {
        var left = times
        while left > 0 {
            let step = min(left, 12)
            multiply(by: (0..<step).reduce(1) { power, _ in power * factor })
            left -= step
        }
    }

    private mutating func multiply(by factor: UInt64) {
        var carry: UInt64 = 0
        for index in limbs.indices {
            let product = limbs[index] * factor + carry
            limbs[index] = product % Self.base
            carry = product / Self.base
        }
        if carry > 0 { limbs.append(carry) }
    }

    var digits: [UInt8] {
        var digits: [UInt8] = []
        for limb in limbs {
            var limb = limb
            for _ in 0..<9 {
                digits.append(UInt8(limb % 10))
                limb /= 10
            }
        }
        while digits.last == 0 { digits.removeLast() }
        return digits.reversed()
    }
}
