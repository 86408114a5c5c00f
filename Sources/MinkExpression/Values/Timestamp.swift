// A moment in time, as RFC 3339 writes it: years 1 to 9999, exact to the nanosecond, always UTC.

/// A moment in time.
public struct Timestamp: Sendable, Hashable {
    /// Seconds since 1970-01-01T00:00:00Z, negative before.
    public let seconds: Int64

    /// Nanoseconds behind the second, 0 to 999,999,999.
    public let nanoseconds: Int32

    /// A moment; `nil` outside the years 1 to 9999 or the nanoseconds of a second.
    ///
    /// - Parameters:
    ///   - seconds: Seconds since 1970-01-01T00:00:00Z, negative before.
    ///   - nanoseconds: Nanoseconds behind that second, 0 to 999,999,999.
    public init?(seconds: Int64, nanoseconds: Int32 = 0) {
        guard Self.range.contains(seconds), (0..<1_000_000_000).contains(nanoseconds) else {
            return nil
        }
        (self.seconds, self.nanoseconds) = (seconds, nanoseconds)
    }

    /// From 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
    package static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// The first moment that can be told.
    package static let earliest = Timestamp(known: range.lowerBound)

    /// The last second that can be told; a time that would lie behind it is cut to this.
    package static let latest = Timestamp(known: range.upperBound)

    private init(known seconds: Int64) {
        (self.seconds, nanoseconds) = (seconds, 0)
    }
}

extension Timestamp: Comparable {
    /// Whether the left moment is before the right one.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

extension Timestamp {
    /// The moment so much later, cut to whole nanoseconds; `nil` outside the years 1 to 9999.
    package func adding(_ duration: Duration) -> Timestamp? {
        let added = Self.floor(duration.attoseconds, by: 1_000_000_000).quotient
        let (total, overflow) = nanosecondsSince1970.addingReportingOverflow(added)
        guard !overflow else { return nil }
        return Timestamp(nanosecondsSince1970: total)
    }

    /// How long after the other moment this is; negative when it is before.
    package func since(_ other: Timestamp) -> Duration {
        Duration(
            attoseconds: (nanosecondsSince1970 - other.nanosecondsSince1970) * 1_000_000_000)
    }

    package var nanosecondsSince1970: Int128 {
        Int128(seconds) * 1_000_000_000 + Int128(nanoseconds)
    }

    package init?(nanosecondsSince1970 total: Int128) {
        let (quotient, remainder) = Self.floor(total, by: 1_000_000_000)
        guard let seconds = Int64(exactly: quotient) else { return nil }
        self.init(seconds: seconds, nanoseconds: Int32(remainder))
    }

    /// Division that rounds down, so that the remainder is never negative.
    private static func floor(
        _ number: Int128, by divisor: Int128
    ) -> (quotient: Int128, remainder: Int128) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Timestamp {
    /// The date, in UTC.
    package var date: CivilDate {
        let days = (seconds - Self.range.lowerBound) / 86_400
        let date = CivilDate(daysSince1970: Int(days) + CivilDate.dayNumbers.lowerBound)
        guard let date else { preconditionFailure("every timestamp lies in the years 1 to 9999") }
        return date
    }

    /// How many seconds of its day have passed, in UTC.
    package var secondOfDay: Int { Int((seconds - Self.range.lowerBound) % 86_400) }

    /// The moment at which a date begins, in UTC, and so many seconds later or, negative, earlier;
    /// `nil` outside the years 1 to 9999.
    package init?(date: CivilDate, secondOfDay: Int = 0, nanoseconds: Int32 = 0) {
        let (sum, overflow) = (Int64(date.daysSince1970) * 86_400)
            .addingReportingOverflow(Int64(secondOfDay))
        guard !overflow else { return nil }
        self.init(seconds: sum, nanoseconds: nanoseconds)
    }
}
