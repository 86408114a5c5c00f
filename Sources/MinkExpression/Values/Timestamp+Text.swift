// Reads and writes moments as RFC 3339 does: 2026-01-31T09:30:00.25+01:00.

extension Timestamp {
    /// The moment that an RFC 3339 text names.
    ///
    /// `nil` for another form, a leap second, or a moment outside the years 1 to 9999.
    ///
    /// - Parameter text: Date, time and offset in full, with at most 9 digits behind the second.
    public init?(_ text: some StringProtocol) {
        self.init(utf8: text.utf8)
    }

    /// The moment that these characters name, as ``init(_:)`` reads them.
    package init?(utf8: some Collection<UInt8>) {
        var reader = DateReader(utf8)
        guard let date = reader.readDate(), reader.skip("T") || reader.skip("t"),
            let time = reader.readTime(), let nanoseconds = reader.readFraction(),
            let offset = reader.readOffset(), reader.isAtEnd
        else { return nil }
        self.init(date: date, secondOfDay: time - offset, nanoseconds: nanoseconds)
    }
}

extension Timestamp: CustomStringConvertible {
    /// The moment as RFC 3339 writes it, in UTC, with as few digits behind the second as it needs.
    public var description: String {
        String(unsafeUninitializedCapacity: Self.longestText) { write(to: $0) }
    }

    /// The most bytes that ``write(to:)`` writes.
    package static let longestText = 30

    /// Writes the moment as ``description`` says, into memory for ``longestText`` bytes.
    ///
    /// - Returns: How many bytes were written.
    package func write(to memory: UnsafeMutableBufferPointer<UInt8>) -> Int {
        precondition(memory.count >= Self.longestText, "a moment needs room for its text")
        let (date, second) = (date, secondOfDay)
        func write(_ number: Int, _ digits: Int, at start: Int, behind separator: Unicode.Scalar?) {
            var rest = number
            for place in stride(from: start + digits - 1, through: start, by: -1) {
                memory[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            if let separator { memory[start - 1] = UInt8(ascii: separator) }
        }
        write(date.year, 4, at: 0, behind: nil)
        write(date.month, 2, at: 5, behind: "-")
        write(date.day, 2, at: 8, behind: "-")
        write(second / 3_600, 2, at: 11, behind: "T")
        write(second / 60 % 60, 2, at: 14, behind: ":")
        write(second % 60, 2, at: 17, behind: ":")
        var count = 19
        if nanoseconds > 0 {
            write(Int(nanoseconds), 9, at: 20, behind: ".")
            count = 29
            while memory[count - 1] == UInt8(ascii: "0") { count -= 1 }
        }
        memory[count] = UInt8(ascii: "Z")
        return count + 1
    }
}

/// Walks the characters of a date and a time.
private struct DateReader<Bytes: Collection<UInt8>> {
    private var rest: Bytes.Iterator
    private var next: UInt8?

    init(_ bytes: Bytes) {
        rest = bytes.makeIterator()
        next = rest.next()
    }

    var isAtEnd: Bool { next == nil }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let next, next == UInt8(ascii: character) else { return false }
        self.next = rest.next()
        return true
    }

    private mutating func digit() -> Int? {
        guard let next, next &- UInt8(ascii: "0") < 10 else { return nil }
        self.next = rest.next()
        return Int(next &- UInt8(ascii: "0"))
    }

    private mutating func number(digits: Int, in range: ClosedRange<Int>) -> Int? {
        var number = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return range.contains(number) ? number : nil
    }

    mutating func readDate() -> CivilDate? {
        guard let year = number(digits: 4, in: CivilDate.years), skip("-"),
            let month = number(digits: 2, in: 1...12), skip("-"),
            let day = number(digits: 2, in: 1...31)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// The second of the day.
    mutating func readTime() -> Int? {
        guard let hour = number(digits: 2, in: 0...23), skip(":"),
            let minute = number(digits: 2, in: 0...59), skip(":"),
            let second = number(digits: 2, in: 0...59)
        else { return nil }
        return hour * 3_600 + minute * 60 + second
    }

    /// Nanoseconds; 0 without a point.
    mutating func readFraction() -> Int32? {
        guard skip(".") else { return 0 }
        guard let first = digit() else { return nil }
        var (nanoseconds, unit) = (first * 100_000_000, 10_000_000)
        while let digit = digit() {
            guard unit > 0 else { return nil }
            nanoseconds += digit * unit
            unit /= 10
        }
        return Int32(nanoseconds)
    }

    /// Seconds that the written time is ahead of UTC.
    mutating func readOffset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let isBehind = skip("-")
        guard isBehind || skip("+"), let hour = number(digits: 2, in: 0...23), skip(":"),
            let minute = number(digits: 2, in: 0...59)
        else { return nil }
        let offset = hour * 3_600 + minute * 60
        return isBehind ? -offset : offset
    }
}
