// Words, quotes and numbers of other dialects: what people write who come from JavaScript, Python
// or a word processor.

extension JSONReader {
    /// Skips something that begins no value and says what it is; it counts as a missing value.
    mutating func recoverWord() {
        let start = place
        place = max(endOfRun(from: place), place + 1)
        let range = start..<place
        let word = String(decoding: source[range], as: UTF8.self)
        switch word.lowercased() {
        case "true", "false", "null", "none", "nil", "undefined":
            let known = ["true", "false"].contains(word.lowercased()) ? word.lowercased() : "null"
            reportStructure(range, "expected a value, found \(word); write \(known)")
        case "nan", "infinity", "+infinity":
            reportNotANumber(range)
        default:
            let found = describe(at: start)
            let isWord = source[start].isWordCharacter
            reportStructure(
                range, "expected a value, found \(found.text)",
                help: isWord ? "a text stands in double quotes" : nil)
        }
        append(.missing, range)
    }

    /// Reads what begins like a number and is none.
    mutating func recoverNumber(from start: Int) {
        place = max(endOfRun(from: start), start + 1)
        let range = start..<place
        let word = String(decoding: source[range], as: UTF8.self)
        if word.lowercased() == "-infinity" || word.lowercased() == "-nan" {
            reportNotANumber(range)
        } else {
            reportStructure(range, "\(printable(range)) is not a number of JSON", help: hint(word))
        }
        append(.missing, range)
    }

    private func hint(_ word: String) -> String? {
        let digits = word.drop { $0 == "-" }
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") { return "write it in decimal digits" }
        if digits.hasPrefix("0"), digits.dropFirst().first?.isNumber == true {
            return "a number has no zeros in front; write it without them, or as text"
        }
        return digits.hasSuffix(".") ? "write a digit behind the point" : nil
    }

    private mutating func reportNotANumber(_ range: Range<Int>) {
        report(
            .notPlainJSON, range,
            "\(String(decoding: source[range], as: UTF8.self)) is not a number of JSON; "
                + "\(limits.subject) are plain JSON")
    }

    /// Reads a text in single or typographic quotes; false when none stands here.
    mutating func readForeignString() -> Bool {
        let start = place
        let isWide = isAtWideQuote(place)
        guard isWide || source[place] == UInt8(ascii: "'") else { return false }
        let quote = isWide ? 3 : 1
        var end = start + quote
        while end < source.count, isWide ? !isAtWideQuote(end) : source[end] != UInt8(ascii: "'") {
            guard source[end] != UInt8(ascii: "\n") else { return false }
            end += source[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end + quote <= source.count else { return false }
        place = end + quote
        reportForeignString(start..<place, content: start + quote..<end, isWide: isWide)
        finishString(start..<place, isWide ? [.broken, .wideQuotes] : [.broken])
        return true
    }

    private mutating func reportForeignString(
        _ range: Range<Int>, content: Range<Int>, isWide: Bool
    ) {
        guard canReport(.notPlainJSON, at: range.lowerBound) else { return }
        let isVerbatim = !source[content].contains {
            $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
        }
        let plain = "\"" + String(decoding: source[content], as: UTF8.self) + "\""
        report(
            .notPlainJSON, range,
            isWide
                ? "write straight double quotes (\") around this text"
                : "write double quotes (\") around this text, not single ones",
            fix: isVerbatim ? .init(range: range, replacement: plain) : nil)
    }

    /// Whether one of “ ” „ stands at a place.
    private func isAtWideQuote(_ place: Int) -> Bool {
        place + 3 <= source.count && source[place] == 0xE2 && source[place + 1] == 0x80
            && (0x9C...0x9E).contains(source[place + 2])
    }

    /// Where a run of characters ends that has no structure: at a bracket, comma, colon, quote or
    /// the end of the line, without white space before it.
    func endOfRun(from start: Int) -> Int {
        var end = start
        while end < source.count, !isStructural(source[end]) { end += 1 }
        while end > start, source[end - 1] <= 0x20 { end -= 1 }
        return end
    }

    func isStructural(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "\n"):
            true
        default: false
        }
    }

    func beginsValue(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "-"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: starts(with: "true") || starts(with: "false") || starts(with: "null")
        }
    }

    /// The name that the innermost object read last.
    var lastName: JSONTapeNode? {
        guard let frame = inner, frame.isObject, keys.count > frame.firstKey,
            let key = keys.last
        else { return nil }
        return nodes[Int(key.node)]
    }

    /// What stands here, in words.
    var found: (text: String, range: Range<Int>) { describe(at: place) }

    func describe(at start: Int) -> (text: String, range: Range<Int>) {
        guard start < source.count else { return ("the end", source.count..<source.count) }
        let byte = source[start]
        switch byte {
        case UInt8(ascii: "\""):
            let isName = inner?.isObject == true && expected != .value
            return (isName ? "a name" : "a text", start..<endOfQuoted(from: start))
        case UInt8(ascii: "-"),
            _ where byte.isWordCharacter:
            let range = start..<endOfWord(from: start)
            return (printable(range), range)
        default:
            let length = max(source.lengthOfScalar(at: start, before: source.count), 1)
            let range = start..<start + length
            if byte < 0x80, byte > 0x20 { return (printable(range), range) }
            guard let scalar = String(decoding: source[range], as: UTF8.self).unicodeScalars.first
            else { return ("an unknown character", range) }
            let code = String(scalar.value, radix: 16, uppercase: true)
            let padding = String(repeating: "0", count: max(0, 4 - code.count))
            return ("a character that JSON does not have (U+\(padding)\(code))", range)
        }
    }

    private func endOfWord(from start: Int) -> Int {
        var end = start + 1
        while end < source.count,
            source[end].isWordCharacter || source[end] == UInt8(ascii: ".")
                || source[end] == UInt8(ascii: "-") || source[end] == UInt8(ascii: "+")
        {
            end += 1
        }
        return end
    }

    private func endOfQuoted(from start: Int) -> Int {
        var end = start + 1
        while end < source.count, source[end] != UInt8(ascii: "\""),
            source[end] != UInt8(ascii: "\n")
        {
            end += source[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(end + 1, source.count)
    }
}
