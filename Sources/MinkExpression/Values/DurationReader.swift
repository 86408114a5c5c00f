// Walks the characters of a span of time, and adds up its parts.

/// A number before a unit.
struct DurationAmount {
    var whole: Int128
    var fraction: Int128 = 0
    /// 10 to the number of digits in the fraction.
    var fractionUnit: Int128 = 1
    var isWhole = true
    /// Whether digits other than 0 were left out behind the 18th of the fraction.
    var isCut = false
}

/// Adds up the parts of a span, in nanoseconds.
struct DurationTotal {
    var isNegative: Bool
    var cutsToNanoseconds = false
    private var nanoseconds: Int128 = 0

    init(isNegative: Bool, cutsToNanoseconds: Bool = false) {
        self.isNegative = isNegative
        self.cutsToNanoseconds = cutsToNanoseconds
    }

    /// False when the span gets too long, or needs more than nanoseconds.
    mutating func add(_ amount: DurationAmount, of unit: Int128) -> Bool {
        // An amount is below 10^19 and a unit below 10^15, so nothing here passes 10^38.
        let (cut, rest) = (amount.fraction * unit).quotientAndRemainder(
            dividingBy: amount.fractionUnit)
        guard rest == 0 && !amount.isCut || cutsToNanoseconds else { return false }
        nanoseconds += amount.whole * unit + cut
        return nanoseconds <= DurationText.limit
    }

    var duration: Duration {
        Duration(attoseconds: (isNegative ? -nanoseconds : nanoseconds) * 1_000_000_000)
    }
}

/// Walks the characters of a span of time.
struct DurationReader {
    private var rest: ArraySlice<UInt8>

    init(_ text: some StringProtocol) { rest = ArraySlice(text.utf8) }

    var isAtEnd: Bool { rest.isEmpty }
    var isAtLoneZero: Bool { rest.elementsEqual("0".utf8) }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func digit() -> Int128? {
        guard let first = rest.first, first &- UInt8(ascii: "0") < 10 else { return nil }
        rest.removeFirst()
        return Int128(first &- UInt8(ascii: "0"))
    }

    /// Reads `12` or `12.5`; with a bare point also `12.` and `.5`.
    mutating func readAmount(allowsBarePoint: Bool = false) -> DurationAmount? {
        var amount = DurationAmount(whole: 0)
        var digits = 0
        while let digit = digit() {
            amount.whole = amount.whole * 10 + digit
            guard amount.whole < 10_000_000_000_000_000_000 else { return nil }
            digits = 1
        }
        guard digits > 0 || allowsBarePoint else { return nil }
        guard skip(".") else { return digits > 0 ? amount : nil }
        amount.isWhole = false
        var fractionDigits = 0
        while let digit = digit() {
            fractionDigits = 1
            guard amount.fractionUnit < 1_000_000_000_000_000_000 else {
                amount.isCut = amount.isCut || digit > 0
                continue
            }
            amount.fraction = amount.fraction * 10 + digit
            amount.fractionUnit *= 10
        }
        let isComplete = fractionDigits > 0 || allowsBarePoint && digits > 0
        return isComplete ? amount : nil
    }

    /// Reads the longest unit that stands here; its length in nanoseconds.
    mutating func readUnit(of units: DurationText.Units) -> Int128? {
        let fitting = units.filter { rest.starts(with: $0.name.utf8) }
        guard let unit = fitting.max(by: { $0.name.utf8.count < $1.name.utf8.count }) else {
            return nil
        }
        rest = rest.dropFirst(unit.name.utf8.count)
        return unit.length
    }
}

extension UInt8 {
    /// Whether this is one of the digits 0 to 9.
    var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}
