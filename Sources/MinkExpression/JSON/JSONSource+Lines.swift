// What the lines of a JSON text say about a mistake: people write one member a line, and line up
// their brackets.

extension [UInt8] {
    /// The line around a byte, without its line break.
    func line(around place: Int) -> Range<Int> {
        var (start, end) = (Swift.min(place, count), Swift.min(place, count))
        while start > 0, self[start - 1] != UInt8(ascii: "\n") { start -= 1 }
        while end < count, self[end] != UInt8(ascii: "\n") { end += 1 }
        return start..<end
    }

    /// Whether nothing but white space stands before a byte on its line.
    func beginsLine(at place: Int) -> Bool {
        var start = place
        while start > 0, self[start - 1] <= 0x20 {
            if self[start - 1] == UInt8(ascii: "\n") { return true }
            start -= 1
        }
        return start == 0
    }

    /// The next byte that is no white space.
    func endOfSpace(from start: Int) -> Int {
        var end = start
        while end < count, self[end] <= 0x20 { end += 1 }
        return end
    }

    /// How many white space characters begin the line around a byte.
    func indentation(at place: Int) -> Int {
        self[line(around: place)].prefix { $0 <= 0x20 }.count
    }

    /// Whether the quotes on a line are odd in number: a text cannot go over lines, so that one is
    /// missing.
    func hasOddQuotes(in line: Range<Int>) -> Bool {
        var (isOdd, isEscaped) = (false, false)
        for byte in self[line] {
            if byte == UInt8(ascii: "\""), !isEscaped { isOdd.toggle() }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        return isOdd
    }
}
