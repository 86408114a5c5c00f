import MinkExpression
import Testing

private let nines = String(repeating: "9", count: 38)
private let zeros37 = String(repeating: "0", count: 37)

/// The decimal that a text of the test writes.
func decimal(_ text: String) throws -> ExactDecimal {
    try #require(ExactDecimal(text), "the test writes a decimal")
}

@Suite("An exact decimal")
struct ExactDecimalTests {
    @Test(
        arguments: [
            ("1.50", "1.50"), ("0", "0"), ("-0.00", "0.00"), ("-12.5", "-12.5"), ("1.2e3", "1200"),
            ("1.50e1", "15.0"), ("5e-3", "0.005"), ("1E+2", "100"), ("0e400", "0"), (nines, nines),
            ("0.\(nines)", "0.\(nines)"), ("1e37", "1" + zeros37),
            ("1e-38", "0." + zeros37 + "1"),
        ] as [(String, String)])
    func `keeps the digits as they are written`(text: String, form: String) throws {
        #expect(try decimal(text).description == form)
    }

    @Test(arguments: [
        "", "-", "+1", "01", "1.", ".5", "1e", "1e+", " 1", "1 ", "0x1", "1_0", "NaN", "--1",
        nines + "9", "1e38", "0." + nines + "9", "1e-39", "1e99999999999999999999999", "١",
        "1e-99999999999999999999999", "1.0.0", "1e1.5",
    ])
    func `refuses other syntax, and more than 38 digits`(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test(
        arguments: [
            ("1.0", "1.00", Order.equal), ("-1.0", "1", .less), ("0", "-0.1", .greater),
            ("2", "10", .less), ("-2", "-10", .greater), (nines, "0." + nines, .greater),
            ("0.1", "0.10000000000000000000000000000000000001", .less),
            ("-0.1", "-0.10000000000000000000000000000000000001", .greater),
            (nines, nines, .equal),
        ] as [(String, String, Order)])
    func `compares by value`(left: String, right: String, order: Order) throws {
        #expect(try decimal(left).compare(to: decimal(right)) == order)
        #expect(try decimal(right).compare(to: decimal(left)) == order.reversed)
    }

    @Test(arguments: [
        ("1.50", "1.5"), ("100", "100"), ("0.000", "0"), ("-2.50", "-2.5"), ("1.00", "1"),
    ])
    func `drops trailing zeros in its canonical form`(text: String, form: String) throws {
        #expect(try decimal(text).canonical.description == form)
    }

    @Test(
        arguments: [
            ("1.10", "2.2", "3.30"), ("1", "-1.00", "0.00"), ("0.1", "0.2", "0.3"),
            (nines, "1", nil), (nines, "0.5", nil), (nines, "-0.5", nil), (nines, "0.00", nines),
            ("-" + nines, "-1", nil),
            // One digit fewer in the sum than in the larger number.
            ("1e37", "-0.5", String(repeating: "9", count: 37) + ".5"),
            // The aligned number passes 127 bits, and the sum fits all the same.
            (
                "1.8e37", "-9999999999999999999999999999999999999.9",
                "8000000000000000000000000000000000000.1"
            ),
            // A carry at full width, with a zero to drop.
            (
                "9999999999999999999999999999999999999.9", "0.1",
                "10000000000000000000000000000000000000"
            ),
        ] as [(String, String, String?)])
    func `adds exactly or not at all`(left: String, right: String, sum: String?) throws {
        #expect(try decimal(left).adding(decimal(right))?.description == sum)
        #expect(try decimal(right).adding(decimal(left))?.description == sum)
        #expect(try decimal(left).subtracting(decimal(right).negated)?.description == sum)
    }

    @Test(
        arguments: [
            ("1.10", "2.2", "2.420"), ("-3", "0.5", "-1.5"), ("0.5", "0.20", "0.100"),
            (nines, "1", nines), (nines, "10", nil), ("0", nines, "0"), ("1e19", "1e19", nil),
            ("0." + nines, "0.1", nil), ("1e-20", "1e-20", nil),
            // The product has 39 digits, the last of them a zero.
            (
                "0.5", "0.20000000000000000000000000000000000000",
                "0.10000000000000000000000000000000000000"
            ),
            (
                "10000000000000000000.0", "1000000000000000000.00",
                "1" + zeros37
            ),
        ] as [(String, String, String?)])
    func `multiplies exactly or not at all`(left: String, right: String, product: String?) throws {
        #expect(try decimal(left).multiplied(by: decimal(right))?.description == product)
        #expect(try decimal(right).multiplied(by: decimal(left))?.description == product)
    }

    @Test(
        arguments: [
            ("10", "4", 2, Rounding.halfEven, "2.50"), ("1", "3", 4, .halfEven, "0.3333"),
            ("2", "3", 4, .halfEven, "0.6667"), ("2", "3", 4, .down, "0.6666"),
            ("1", "3", 4, .up, "0.3334"), ("-1", "3", 4, .up, "-0.3334"),
            ("1", "0", 2, .halfEven, nil), ("1", "0.00", 2, .halfEven, nil),
            ("1", "3", 39, .halfEven, nil), ("1", "3", -1, .halfEven, nil),
            ("1", "3", 38, .halfEven, "0." + String(repeating: "3", count: 38)),
            (nines, "0.1", 0, .halfEven, nil),
            (nines, nines, 37, .down, "1." + zeros37),
            ("1", nines, 0, .up, "1"), ("1e-38", nines, 0, .halfUp, "0"),
            ("1e-38", nines, 0, .up, "1"),
            ("1e-38", nines, 38, .up, "1e-38"),
            ("5", "0." + nines, 37, .down, "5." + zeros37),
        ] as [(String, String, Int, Rounding, String?)])
    func `divides to a scale`(
        dividend: String, divisor: String, scale: Int, rounding: Rounding, quotient: String?
    ) throws {
        let result = try decimal(dividend)
            .divided(by: decimal(divisor), scale: scale, rounding: rounding)
        let expected = try quotient.map { try decimal($0).description }

        #expect(result?.description == expected)
    }

    @Test(
        arguments: [
            ("2.5", Rounding.halfEven, "2"), ("3.5", .halfEven, "4"), ("-2.5", .halfEven, "-2"),
            ("2.5", .halfUp, "3"), ("-2.5", .halfUp, "-3"), ("2.49", .halfUp, "2"),
            ("2.9", .down, "2"), ("-2.9", .down, "-2"), ("2.1", .up, "3"), ("-2.1", .up, "-3"),
            ("2.0", .up, "2"), ("2.51", .halfEven, "3"), ("-0.4", .halfEven, "0"),
        ] as [(String, Rounding, String)])
    func `rounds to a whole number`(text: String, rounding: Rounding, whole: String) throws {
        #expect(try decimal(text).rounded(to: 0, rounding: rounding)?.description == whole)
    }

    @Test(
        arguments: [
            ("1.5", 3, "1.500"), ("1.005", 2, "1.00"), ("1.015", 2, "1.02"), ("1", 39, nil),
            (nines, 2, nines), ("1.5", -1, nil),
        ] as [(String, Int, String?)])
    func `rounds to a scale`(text: String, scale: Int, rounded: String?) throws {
        #expect(try decimal(text).rounded(to: scale)?.description == rounded)
    }

    @Test func `turns into other numbers`() throws {
        #expect(try decimal("0.1").double == 0.1)
        #expect(try decimal("-1234567890.25").double == -1_234_567_890.25)
        #expect(try decimal(nines).double == 1e38)
        #expect(try decimal("1e-38").double == 1e-38)
        #expect(try decimal("-2.9").truncated == -2)
        #expect(try decimal("9223372036854775807.9").truncated == .max)
        #expect(try decimal("9223372036854775808").truncated == nil)
        #expect(try decimal("-9223372036854775808").exactInt64 == .min)
        #expect(try decimal("2.00").exactInt64 == 2)
        #expect(try decimal("2.01").exactInt64 == nil)
        #expect(try decimal("18446744073709551615").exactUInt64 == .max)
        #expect(try decimal("-1").exactUInt64 == nil)
        #expect(ExactDecimal(Int64.min).description == "-9223372036854775808")
        #expect(ExactDecimal(UInt64.max).description == "18446744073709551615")
    }

    @Test func `is equal by value, in sets too, whatever its scale`() {
        #expect(ExactDecimal("1.0") == ExactDecimal("1.00"))
        #expect(Set([ExactDecimal("1.0"), ExactDecimal("1.00"), ExactDecimal("1.01")]).count == 2)
    }
}
