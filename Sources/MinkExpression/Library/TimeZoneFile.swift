// Reads the files of the time zone database (RFC 8536): the 64-bit part of version 2 and later.
enum TimeZoneFile {
    /// The largest file that is read; those of the database have a few kilobytes.
    private static let maxBytes = 1 << 17

    /// The rules in a file; `nil` when it is none.
    static func parse(_ bytes: [UInt8]) -> TimeZoneRules? {
        guard bytes.count <= maxBytes, let short = Header(bytes, at: 0) else { return nil }
        guard short.version >= UInt8(ascii: "2") else { return nil }
        let second = Header.size + short.dataSize(timeSize: 4)
        guard let long = Header(bytes, at: second) else { return nil }
        let data = second + Header.size
        let footer = data + long.dataSize(timeSize: 8)
        guard footer <= bytes.count else { return nil }
        return rules(bytes, long, data, footer)
    }

    private static func rules(
        _ bytes: [UInt8], _ header: Header, _ data: Int, _ footer: Int
    ) -> TimeZoneRules? {
        let kinds = data + header.timeCount * 8
        let types = kinds + header.timeCount
        guard header.typeCount > 0 else { return nil }
        var offsets: [Int] = []
        for index in 0..<header.typeCount {
            offsets.append(Int(Int32(truncatingIfNeeded: number(bytes, types + index * 6, 4))))
        }
        var changes: [(at: Int64, offset: Int)] = []
        for index in 0..<header.timeCount {
            let kind = Int(bytes[kinds + index])
            guard offsets.indices.contains(kind) else { return nil }
            let moment = number(bytes, data + index * 8, 8)
            if let last = changes.last, last.at >= moment { return nil }
            changes.append((moment, offsets[kind]))
        }
        guard offsets.allSatisfy({ $0.magnitude < 172_800 }) else { return nil }
        let tail = TimeZoneTailReader.read(bytes[footer...])
        return TimeZoneRules(changes: changes, first: offsets[0], tail: tail)
    }

    /// A signed number, highest byte first; the caller knows that the bytes exist.
    fileprivate static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int64 {
        var value: UInt64 = 0
        for byte in bytes[start..<start + count] { value = value << 8 | UInt64(byte) }
        let unused = UInt64(64 - 8 * count)
        return Int64(bitPattern: value << unused) >> Int64(unused)
    }

    private struct Header {
        static let size = 44
        let version: UInt8
        let timeCount: Int
        let typeCount: Int
        private let otherSize: Int
        private let leapCount: Int

        /// Reads a header; `nil` when there is none, or its counts cannot be right.
        init?(_ bytes: [UInt8], at start: Int) {
            guard start >= 0, start + Self.size <= bytes.count,
                bytes[start..<start + 4].elementsEqual("TZif".utf8)
            else { return nil }
            version = bytes[start + 4]
            let counts = (0..<6).map { number(bytes, start + 20 + $0 * 4, 4) }
            guard counts.allSatisfy({ $0 >= 0 && $0 <= Int64(maxBytes) }) else { return nil }
            timeCount = Int(counts[3])
            typeCount = Int(counts[4])
            leapCount = Int(counts[2])
            otherSize = Int(counts[5] + counts[1] + counts[0])
        }

        func dataSize(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + otherSize + leapCount * (timeSize + 4)
        }
    }
}

/// Reads the rule at the end of a file.
private struct TimeZoneTailReader {
    private var rest: ArraySlice<UInt8>

    /// The rule between two line ends; `nil` when there is none that can be read.
    static func read(_ footer: ArraySlice<UInt8>) -> TimeZoneTail? {
        guard footer.first == 0x0A, footer.last == 0x0A, footer.count > 2 else { return nil }
        var reader = TimeZoneTailReader(rest: footer.dropFirst().dropLast())
        return reader.tail()
    }

    private mutating func tail() -> TimeZoneTail? {
        guard skipName(), let west = time() else { return nil }
        guard !rest.isEmpty else { return TimeZoneTail(standard: -west, summer: nil) }
        guard skipName() else { return nil }
        var summer = 3_600 - west
        if rest.first != UInt8(ascii: ",") {
            guard let west = time() else { return nil }
            summer = -west
        }
        guard let begins = change(), let ends = change(), rest.isEmpty else { return nil }
        return TimeZoneTail(standard: -west, summer: (summer, begins, ends))
    }

    private mutating func skipName() -> Bool {
        let start = rest.startIndex
        if take("<") {
            while let byte = rest.popFirst() {
                if byte == UInt8(ascii: ">") { return true }
            }
            return false
        }
        while let byte = rest.first, byte.isLetter { rest.removeFirst() }
        return rest.startIndex > start
    }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: sign) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let byte = rest.first, byte.isDigit, value ?? 0 < 10_000 {
            value = (value ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
            rest.removeFirst()
        }
        return value
    }

    /// Seconds of `-3`, `+5:30`, `2:00:00`.
    private mutating func time() -> Int? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard let hours = number(), hours < 168 else { return nil }
        var total = hours * 3_600
        if take(":") {
            guard let minutes = number(), minutes < 60 else { return nil }
            total += minutes * 60
            if take(":") {
                guard let seconds = number(), seconds < 60 else { return nil }
                total += seconds
            }
        }
        return isNegative ? -total : total
    }

    private mutating func change() -> TimeZoneTail.Change? {
        guard take(","), let day = day() else { return nil }
        guard take("/") else { return TimeZoneTail.Change(day: day, time: 7_200) }
        return time().map { TimeZoneTail.Change(day: day, time: $0) }
    }

    private mutating func day() -> TimeZoneTail.Change.Day? {
        if take("M") {
            guard let month = number(), (1...12).contains(month), take("."),
                let week = number(), (1...5).contains(week), take("."),
                let weekday = number(), (0...6).contains(weekday)
            else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
        if take("J") {
            return number().flatMap { (1...365).contains($0) ? .julian($0) : nil }
        }
        return number().flatMap { (0...365).contains($0) ? .ordinal($0) : nil }
    }
}
