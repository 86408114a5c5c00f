// Texts: eight bytes at a time while nothing in them is special.

extension JSONReader {
    /// Reads the text whose opening quote stands here; false when there was none after all.
    @discardableResult
    mutating func readString() -> Bool {
        let start = place
        var flags: JSONTapeNode.Flags = []
        place += 1
        while true {
            place = source.endOfPlainText(from: place)
            guard place < source.count, !hasStopped else { return endUnclosed(start, flags) }
            let byte = source[place]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                flags.insert(.escaped)
                if !readEscape() { flags.insert(.broken) }
            } else if byte >= 0x80 {
                if !readNonASCII() { flags.insert(.broken) }
            } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                guard isTextOverLines() else { return endUnclosed(start, flags) }
                reportLineBreak()
            } else {
                reportControl(byte)
            }
        }
        place += 1
        finishString(start..<place, flags)
        return true
    }

    mutating func finishString(_ range: Range<Int>, _ flags: JSONTapeNode.Flags) {
        append(.string, range, flags: flags)
        if range.count - 2 > limits.textBytes { reportLongText(range) }
    }

    /// Moves behind an escape; false when it is none.
    private mutating func readEscape() -> Bool {
        let escape = JSONEscape(in: source, at: place, before: source.count)
        let range = place..<min(place + max(escape.length, 2), source.count)
        place += escape.length
        switch escape.mistake {
        case nil: return true
        case .unknown: reportEscape(range)
        case .loneSurrogate: reportSurrogate(range)
        }
        return false
    }

    /// Moves behind the characters here that are not ASCII; false when they are not UTF-8.
    private mutating func readNonASCII() -> Bool {
        while place < source.count, source[place] >= 0x80 {
            let length = source.lengthOfScalar(at: place, before: source.count)
            guard length > 0 else {
                reportEncoding(place..<place + 1)
                place += 1
                return false
            }
            place += length
        }
        return true
    }

    /// Whether the text that meets a line break here goes on in the next line.
    ///
    /// It does when that begins with words and has a quote; a line of JSON begins otherwise.
    private func isTextOverLines() -> Bool {
        var next = place
        while next < source.count, source[next] <= 0x20 { next += 1 }
        guard next < source.count, source[next].isWordCharacter else { return false }
        return source[next..<endOfLine(from: next)].contains(UInt8(ascii: "\""))
    }

    /// Ends a text without closing quote, at the end of the line or before what looks like
    /// structure there.
    ///
    /// Behind a missing quote, texts and structure have changed their parts: then this quote closed
    /// a text, and is skipped. In the end no text was read: false.
    private mutating func endUnclosed(_ start: Int, _ flags: JSONTapeNode.Flags) -> Bool {
        if brokenLine?.contains(start) == true {
            place = start + 1
            return false
        }
        reportUnclosed(start..<place)
        isRecovering = true
        let end = source.endOfText(from: start + 1, to: place)
        place = end
        finishString(start..<end, flags.union([.unclosed, .broken]))
        return true
    }
}

// Functions of the bytes alone: as functions of the reader they would copy it at each call.
extension [UInt8] {
    /// The next byte that is a quote, a backslash, a control character or not ASCII.
    fileprivate func endOfPlainText(from start: Int) -> Int {
        let bytes = span.bytes
        var place = start
        while place <= bytes.byteCount - 8 {
            let word = UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self))
            let special = Self.specialBytes(in: word)
            if special != 0 { return place + (special.trailingZeroBitCount >> 3) }
            place += 8
        }
        while place < bytes.byteCount {
            let byte = self[place]
            if byte < 0x20 || byte >= 0x80 { break }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            place += 1
        }
        return place
    }

    /// The high bit of each byte that is special; exact for the first one, which is all that counts.
    private static func specialBytes(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        let isQuote = (quote &- ones) & ~quote
        let isBackslash = (backslash &- ones) & ~backslash
        let isControl = (word &- (ones &* 0x20)) & ~word
        return (isQuote | isBackslash | isControl | word) & (ones &* 0x80)
    }

    /// Where an unclosed text ends: before a comma, and before brackets that it did not open.
    fileprivate func endOfText(from start: Int, to lineEnd: Int) -> Int {
        var (end, surplus) = (lineEnd, 0)
        for byte in self[start..<lineEnd] {
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { surplus += 1 }
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { surplus -= 1 }
        }
        while end > start {
            let last = self[end - 1]
            if last == UInt8(ascii: "}") || last == UInt8(ascii: "]") {
                guard surplus > 0 else { break }
                surplus -= 1
            } else if last > 0x20, last != UInt8(ascii: ",") {
                break
            }
            end -= 1
        }
        return end
    }
}
