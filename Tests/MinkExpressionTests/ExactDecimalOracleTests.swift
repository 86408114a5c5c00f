import MinkExpression
import Testing

/// A number of any size in decimal digits, worked on as at school: slow, and plainly right.
private struct LongNumber: Equatable {
    /// The least significant digit first, without zeros at the end.
    var digits: [UInt8]
    var isNegative: Bool

    init(digits: [UInt8], isNegative: Bool) {
        var digits = digits
        while digits.last == 0 { digits.removeLast() }
        self.digits = digits
        self.isNegative = isNegative && !digits.isEmpty
    }

    /// `number × 10^(scale − number.scale)`, a whole number.
    init(_ number: ExactDecimal, atScale scale: Int) {
        let text = String(number.mantissa.magnitude)
        let zeros = [UInt8](repeating: 0, count: scale - Int(number.scale))
        self.init(
            digits: zeros + text.utf8.reversed().map { $0 - UInt8(ascii: "0") },
            isNegative: number.mantissa < 0)
    }

    static func compareMagnitudes(_ left: LongNumber, _ right: LongNumber) -> Order {
        if left.digits.count != right.digits.count {
            return Order(left.digits.count, right.digits.count)
        }
        for (a, b) in zip(left.digits.reversed(), right.digits.reversed()) where a != b {
            return Order(a, b)
        }
        return .equal
    }

    static func + (left: LongNumber, right: LongNumber) -> LongNumber {
        guard left.isNegative == right.isNegative else {
            return compareMagnitudes(left, right) == .less
                ? right.subtractingMagnitude(left) : left.subtractingMagnitude(right)
        }
        var (sum, carry): ([UInt8], UInt8) = ([], 0)
        for place in 0..<max(left.digits.count, right.digits.count) {
            let digit = left.digit(place) + right.digit(place) + carry
            sum.append(digit % 10)
            carry = digit / 10
        }
        return LongNumber(digits: sum + [carry], isNegative: left.isNegative)
    }

    static func * (left: LongNumber, right: LongNumber) -> LongNumber {
        var product = LongNumber(digits: [], isNegative: false)
        for (place, factor) in right.digits.enumerated() {
            let shifted = LongNumber(
                digits: [UInt8](repeating: 0, count: place) + left.digits, isNegative: false)
            for _ in 0..<factor { product = product + shifted }
        }
        product.isNegative = left.isNegative != right.isNegative && !product.digits.isEmpty
        return product
    }

    private func subtractingMagnitude(_ other: LongNumber) -> LongNumber {
        var (difference, borrow): ([UInt8], UInt8) = ([], 0)
        for place in 0..<digits.count {
            let digit = digits[place] + 10 - other.digit(place) - borrow
            difference.append(digit % 10)
            borrow = digit < 10 ? 1 : 0
        }
        return LongNumber(digits: difference, isNegative: isNegative)
    }

    private func digit(_ place: Int) -> UInt8 { place < digits.count ? digits[place] : 0 }

    /// Whether a decimal can hold this number at this scale, or at a smaller one without loss.
    func fits(scale: Int) -> Bool {
        let droppable = min(digits.prefix { $0 == 0 }.count, scale)
        let dropped = max(digits.count - 38, scale - 38, 0)
        return digits.isEmpty || dropped <= droppable
    }

    var negated: LongNumber { LongNumber(digits: digits, isNegative: !isNegative) }
}

@Suite("Decimal arithmetic")
struct ExactDecimalOracleTests {
    /// Decimals of every size, with many that are close to the limits, round, or small.
    private func draw(_ generator: inout SeededGenerator) -> ExactDecimal {
        let length = [1, 2, 5, 19, 20, 37, 38, 1 + generator.pick(38)][generator.pick(8)]
        let wide = Int128(truncatingIfNeeded: generator.next()) << 64 | Int128(generator.next())
        var mantissa = wide % Int128(ExactDecimal.powersOfTen[length])
        if generator.pick(4) == 0 { mantissa = Int128(ExactDecimal.powersOfTen[length]) - 1 }
        if generator.pick(4) == 0 {
            let zeros = Int128(ExactDecimal.powersOfTen[generator.pick(length + 1)])
            mantissa -= mantissa % zeros
        }
        let scale = [0, 2, 38, generator.pick(39)][generator.pick(4)]
        return ExactDecimal(mantissa: mantissa, scale: scale) ?? .zero
    }

    @Test func `adds, multiplies and compares as on paper`() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<1_000 {
            let (left, right) = (draw(&generator), draw(&generator))
            let scale = max(Int(left.scale), Int(right.scale))
            let (a, b) = (LongNumber(left, atScale: scale), LongNumber(right, atScale: scale))

            expect(left.adding(right), a + b, scale, "\(left) + \(right)")
            expect(left.subtracting(right), a + b.negated, scale, "\(left) - \(right)")
            let product =
                LongNumber(left, atScale: Int(left.scale))
                * LongNumber(right, atScale: Int(right.scale))
            let productScale = Int(left.scale) + Int(right.scale)
            expect(left.multiplied(by: right), product, productScale, "\(left) × \(right)")
            let difference = a + b.negated
            let order: Order =
                difference.digits.isEmpty ? .equal : difference.isNegative ? .less : .greater
            #expect(left.compare(to: right) == order, "\(left) ? \(right)")
        }
    }

    private func expect(
        _ result: ExactDecimal?, _ exact: LongNumber, _ scale: Int, _ name: Comment
    ) {
        guard let result else {
            #expect(!exact.fits(scale: scale), name)
            return
        }
        #expect(LongNumber(result, atScale: max(scale, Int(result.scale))) == exact, name)
    }

    @Test func `divides to the nearest number that the rounding allows`() throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<1_000 {
            let (dividend, divisor) = (draw(&generator), draw(&generator))
            let scale = generator.pick(39)
            for rounding in Rounding.allCases where divisor.mantissa != 0 {
                let quotient = dividend.divided(by: divisor, scale: scale, rounding: rounding)
                guard let quotient else {
                    #expect(isTooLarge(dividend, divisor, scale), "\(dividend) ÷ \(divisor)")
                    continue
                }
                #expect(Int(quotient.scale) == scale)
                check(quotient, dividend, divisor, rounding)
            }
        }
    }

    /// Whether a quotient at a scale passes the largest decimal before it is rounded up.
    private func isTooLarge(_ dividend: ExactDecimal, _ divisor: ExactDecimal, _ scale: Int) -> Bool
    {
        let largest = LongNumber(
            digits: [UInt8](repeating: 9, count: 38), isNegative: false)
        let bound = largest * LongNumber(divisor, atScale: 38)
        let shift = LongNumber(digits: [UInt8](repeating: 0, count: scale) + [1], isNegative: false)
        let shifted = LongNumber(dividend, atScale: 38) * shift
        return LongNumber.compareMagnitudes(shifted, bound) == .greater
    }

    /// Compares what is left over, `dividend − quotient × divisor`, with the divisor's last place.
    private func check(
        _ quotient: ExactDecimal, _ dividend: ExactDecimal, _ divisor: ExactDecimal,
        _ rounding: Rounding
    ) {
        let name: Comment = "\(dividend) ÷ \(divisor) \(rounding) = \(quotient)"
        let product =
            LongNumber(quotient, atScale: Int(quotient.scale))
            * LongNumber(divisor, atScale: Int(divisor.scale))
        let scale = Int(quotient.scale) + Int(divisor.scale)
        // Brings both to one scale.
        let zeros = LongNumber(
            digits: [UInt8](repeating: 0, count: max(0, Int(dividend.scale) - scale)) + [1],
            isNegative: false)
        let exact = LongNumber(dividend, atScale: max(scale, Int(dividend.scale)))
        let rest = exact + (product * zeros).negated
        let unit = LongNumber(divisor, atScale: Int(divisor.scale)) * zeros
        let half = LongNumber.compareMagnitudes(rest + rest, unit)
        let quotientIsShort = rest.digits.isEmpty || rest.isNegative == dividend.isNegative
        switch rounding {
        case .halfEven: #expect(half == .less || half == .equal && quotient.mantissa % 2 == 0, name)
        case .halfUp: #expect(half == .less || half == .equal && !quotientIsShort, name)
        case .down:
            #expect(LongNumber.compareMagnitudes(rest, unit) == .less && quotientIsShort, name)
        case .up:
            let isExact = rest.digits.isEmpty
            #expect(LongNumber.compareMagnitudes(rest, unit) == .less, name)
            #expect(isExact || !quotientIsShort, name)
        }
    }
}
