// Reads a decimal from the text of a JSON number.
//
//   "1.50" → 150, scale 2      "1.2e3" → 1200, scale 0      "5e-3" → 5, scale 3

extension ExactDecimal {
    /// The number that a text in the syntax of JSON numbers writes, with the scale as written.
    ///
    /// `nil` for another syntax, more than 38 digits or a scale above 38.
    ///
    /// - Parameter text: For example `12.50`, `-3`, `1.2e3`; no spaces, no leading `+` or zeros.
    public init?(_ text: some StringProtocol) {
        self.init(utf8: text.utf8)
    }

    /// The number that these characters write, as ``init(_:)`` reads them.
    package init?(utf8: some Collection<UInt8>) {
        var reader = NumberReader(utf8)
        guard let parts = reader.readNumber(), let number = parts.decimal else { return nil }
        self = number
    }
}

/// A JSON number taken apart: `±digits × 10^(exponent − fractionDigits)`.
private struct NumberParts {
    var isNegative = false
    /// All digits as one number; `nil` beyond 38 of them.
    var digits: UInt128? = 0
    var fractionDigits = 0
    /// Kept within a range in which sums with it cannot overflow; outside, nothing fits anyway.
    var exponent = 0

    mutating func append(_ digit: UInt8) {
        guard let old = digits, old < ExactDecimal.limit / 10 else { return digits = nil }
        digits = old &* 10 &+ UInt128(digit)
    }

    var decimal: ExactDecimal? {
        guard let digits else { return nil }
        let scale = fractionDigits - exponent
        let mantissa = Int128(digits)
        if scale >= 0 {
            return ExactDecimal(mantissa: isNegative ? -mantissa : mantissa, scale: scale)
        }
        guard digits > 0 else { return .zero }
        guard -scale < ExactDecimal.powersOfTen.count else { return nil }
        let (product, overflow) = digits.multipliedReportingOverflow(
            by: ExactDecimal.powersOfTen[-scale])
        guard !overflow, product < ExactDecimal.limit else { return nil }
        return ExactDecimal(
            mantissa: isNegative ? -Int128(product) : Int128(product), scale: 0)
    }
}

/// Walks the characters of a JSON number.
private struct NumberReader<Bytes: Collection<UInt8>> {
    private var rest: Bytes.Iterator
    private var next: UInt8?

    init(_ bytes: Bytes) {
        rest = bytes.makeIterator()
        next = rest.next()
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let next, next == UInt8(ascii: character) else { return false }
        self.next = rest.next()
        return true
    }

    private mutating func digit() -> UInt8? {
        guard let next, next &- UInt8(ascii: "0") < 10 else { return nil }
        self.next = rest.next()
        return next &- UInt8(ascii: "0")
    }

    mutating func readNumber() -> NumberParts? {
        var parts = NumberParts()
        parts.isNegative = skip("-")
        guard let first = digit() else { return nil }
        parts.append(first)
        if first > 0 { while let digit = digit() { parts.append(digit) } }
        if skip(".") {
            guard let first = digit() else { return nil }
            parts.append(first)
            parts.fractionDigits = 1
            while let digit = digit() {
                parts.append(digit)
                parts.fractionDigits = min(parts.fractionDigits + 1, 1_000_000)
            }
        }
        if skip("e") || skip("E") {
            guard let exponent = readExponent() else { return nil }
            parts.exponent = exponent
        }
        return next == nil ? parts : nil
    }

    private mutating func readExponent() -> Int? {
        let isNegative = skip("-")
        if !isNegative { _ = skip("+") }
        guard let first = digit() else { return nil }
        var exponent = Int(first)
        while let digit = digit() { exponent = min(exponent * 10 + Int(digit), 10_000_000) }
        return isNegative ? -exponent : exponent
    }
}
