// Spans of time as text, in three forms:
//
//   short   30m  1h30m  3d  250ms      the language's own: whole numbers, larger units first
//   ISO     PT30M  P1DT2H  P2W         ISO 8601, without years and months, whose length varies
//   Go      1.5h  -30s  1m0.5s         what CEL reads; no days
//
// A span beyond 10,000 years, the most that CEL allows, is refused by all of them.

/// Reads and writes spans of time.
package enum DurationText {
    /// Reads what the language accepts: the short or the ISO form.
    package static func parse(_ text: String) -> Duration? {
        parsePlain(text) ?? parseShort(text) ?? parseISO(text)
    }

    /// Reads a number of few digits with one unit, such as `30m`: most spans are no more.
    private static func parsePlain(_ text: String) -> Duration? {
        guard (2...10).contains(text.utf8.count) else { return nil }
        var number: Int64 = 0
        var digits = 0
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            if byte.isDigit {
                number = number * 10 + Int64(byte &- UInt8(ascii: "0"))
                digits += 1
                continue
            }
            guard digits > 0 else { return nil }
            let unit: Int64
            switch byte {
            case UInt8(ascii: "d"): unit = 86_400
            case UInt8(ascii: "h"): unit = 3_600
            case UInt8(ascii: "m"): unit = 60
            case UInt8(ascii: "s"): unit = 1
            default: return nil
            }
            guard bytes.next() == nil, number * unit <= longestSeconds else { return nil }
            return .seconds(number * unit)
        }
        return nil
    }

    /// Reads the short form, such as `1h30m`: units `d h m s ms us ns`, each at most once.
    package static func parseShort(_ text: some StringProtocol) -> Duration? {
        var reader = DurationReader(text)
        var total = DurationTotal(isNegative: reader.skip("-"))
        var lastUnit = Int128.max
        repeat {
            guard let amount = reader.readAmount(), amount.isWhole,
                let unit = reader.readUnit(of: shortUnits), unit < lastUnit,
                total.add(amount, of: unit)
            else { return nil }
            lastUnit = unit
        } while !reader.isAtEnd
        return total.duration
    }

    /// Reads the ISO 8601 form, such as `P1DT2H30M`; a fraction may stand in the last part.
    package static func parseISO(_ text: some StringProtocol) -> Duration? {
        var reader = DurationReader(text)
        var total = DurationTotal(isNegative: reader.skip("-"))
        guard reader.skip("P") else { return nil }
        var (units, isTime, lastUnit) = (dateUnits, false, Int128.max)
        repeat {
            if !isTime, reader.skip("T") { (units, isTime) = (timeUnits, true) }
            guard let amount = reader.readAmount(), let unit = reader.readUnit(of: units),
                unit < lastUnit, total.add(amount, of: unit),
                amount.isWhole || reader.isAtEnd, unit != week || reader.isAtEnd
            else { return nil }
            lastUnit = unit
        } while !reader.isAtEnd
        return total.duration
    }

    /// Reads the form of Go and CEL, such as `1m0.5s`, cut to whole nanoseconds.
    package static func parseGo(_ text: some StringProtocol) -> Duration? {
        var reader = DurationReader(text)
        let isNegative = reader.skip("-")
        if !isNegative { _ = reader.skip("+") }
        if reader.isAtLoneZero { return .zero }
        var total = DurationTotal(isNegative: isNegative, cutsToNanoseconds: true)
        repeat {
            guard let amount = reader.readAmount(allowsBarePoint: true),
                let unit = reader.readUnit(of: goUnits), total.add(amount, of: unit)
            else { return nil }
        } while !reader.isAtEnd
        return total.duration
    }

    /// The short form, larger units first, cut to whole nanoseconds: `1d2h`, `250ms`, `0s`.
    package static func format(_ duration: Duration) -> String {
        let nanoseconds = duration.attoseconds / 1_000_000_000
        guard nanoseconds != 0 else { return "0s" }
        var text = nanoseconds < 0 ? "-" : ""
        var rest = nanoseconds.magnitude
        for unit in shortUnits {
            let (amount, remainder) = rest.quotientAndRemainder(dividingBy: unit.length.magnitude)
            if amount > 0 { text += "\(amount)\(unit.name)" }
            rest = remainder
        }
        return text
    }

    /// The span in seconds, exact to the last digit that a `Duration` holds: `5400`, `-0.25`.
    package static func seconds(_ duration: Duration) -> String {
        let (whole, fraction) = duration.attoseconds.magnitude.quotientAndRemainder(
            dividingBy: 1_000_000_000_000_000_000)
        var text = (duration < .zero ? "-" : "") + String(whole)
        if fraction > 0 {
            let digits = String(fraction)
            var padded = Substring(String(repeating: "0", count: 18 - digits.utf8.count) + digits)
            while padded.last == "0" { padded.removeLast() }
            text += "." + padded
        }
        return text
    }

    /// Reads what ``seconds(_:)`` writes.
    package static func parseSeconds(_ text: some StringProtocol) -> Duration? {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let parts = text.dropFirst(isNegative ? 1 : 0)
            .split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : "0"
        let padded = fraction + String(repeating: "0", count: max(0, 18 - fraction.utf8.count))
        guard (1...18).contains(fraction.utf8.count), fraction.utf8.allSatisfy(\.isDigit),
            let whole = parts.first, !whole.isEmpty, whole.utf8.allSatisfy(\.isDigit),
            let digits = UInt128(whole + padded)
        else { return nil }
        // The magnitude of the least duration is one more than that of the largest.
        guard digits <= UInt128(Int128.max) + (isNegative ? 1 : 0) else { return nil }
        let attoseconds = Int128(truncatingIfNeeded: digits)
        return Duration(attoseconds: isNegative ? 0 &- attoseconds : attoseconds)
    }

    /// 10,000 years in seconds, and in nanoseconds.
    private static let longestSeconds: Int64 = 315_576_000_000
    static let limit: UInt128 = 315_576_000_000 * 1_000_000_000

    typealias Units = [(name: String, length: Int128)]

    private static let second: Int128 = 1_000_000_000
    private static let day = 86_400 * second
    private static let week = 7 * day

    private static let clockUnits: Units = [
        ("h", 3_600 * second), ("m", 60 * second), ("s", second),
        ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
    ]
    private static let shortUnits: Units = [("d", day)] + clockUnits
    // Both signs that people type for "micro".
    private static let goUnits: Units =
        clockUnits + [("\u{B5}s", 1_000), ("\u{3BC}s", 1_000)]
    private static let dateUnits: Units = [("W", week), ("D", day)]
    private static let timeUnits: Units = [
        ("H", 3_600 * second), ("M", 60 * second), ("S", second),
    ]
}
