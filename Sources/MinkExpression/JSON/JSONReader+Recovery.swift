// Goes on after a mistake of structure. Every path either moves forward, or changes what is
// expected such that the next step does.

extension JSONReader {
    /// Something that begins no value stands where one is expected.
    mutating func recoverValue(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: ","):
            if expected == .value, inner != nil { return endWithoutValue() }
            reportStructure(found.range, "expected a value, found \(found.text)")
            lastComma = place
            place += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            recoverCloser(byte)
        case UInt8(ascii: ":"):
            reportStructure(found.range, "expected a value, found \":\"")
            place += 1
        default:
            if readForeignString() { return }
            recoverWord()
        }
    }

    /// A closing bracket stands where a value is expected.
    private mutating func recoverCloser(_ byte: UInt8) {
        switch (expected, inner?.isObject) {
        case (.value, .some): endWithoutValue()
        case (.element, .some) where byte == UInt8(ascii: "]"):
            reportTrailingComma(before: byte)
            close()
        case (_, .some): closeMismatched(byte)
        case (_, nil):
            reportStructure(found.range, "expected a value, found \(found.text)")
            place += 1
        }
    }

    /// The name before has no value.
    private mutating func endWithoutValue() {
        let message =
            if let name = lastName { "\(quoted(name)) has no value" } else { "a value is missing" }
        reportStructure(found.range, "\(message); found \(found.text)")
        append(.missing, place..<place)
    }

    /// Something other than a name in double quotes stands where one is expected.
    mutating func recoverName(_ byte: UInt8) {
        let start = place
        if expected == .name, byte == UInt8(ascii: "}") {
            reportTrailingComma(before: byte)
            return close()
        }
        if byte == UInt8(ascii: "]") { return closeMismatched(byte) }
        if byte == UInt8(ascii: ",") {
            reportStructure(found.range, "expected a name, found \",\"")
            place += 1
        } else if readForeignString() {
            finishName()
        } else if byte.isWordCharacter {
            readBareName(from: start)
        } else {
            reportStructure(found.range, "expected a name in double quotes, found \(found.text)")
            append(.missing, place..<place)
            if byte == UInt8(ascii: ":") { return readColon() }
            expected = .value
            if !beginsValue(byte) { recoverWord() }
        }
    }

    private mutating func readBareName(from start: Int) {
        place = endOfRun(from: start)
        reportBareName(start..<place)
        let isPlain = source[start..<place].allSatisfy(\.isWordCharacter)
        append(.string, start..<place, flags: isPlain ? .bare : [.bare, .broken])
        finishName()
    }

    private mutating func reportBareName(_ range: Range<Int>) {
        let code: JSONProblem.Code = missesQuote(at: range.lowerBound) ? .syntax : .notPlainJSON
        guard canReport(code, at: range.lowerBound) else { return }
        let name = String(decoding: source[range], as: UTF8.self)
        if code == .syntax {
            report(code, range, "expected a name in double quotes, found \"\(name)\"")
        } else {
            report(
                code, range, "write the name \(name) in double quotes: \"\(name)\"",
                fix: .init(range: range, replacement: "\"\(name)\""))
        }
    }

    /// Something other than ":" stands behind a name.
    mutating func recoverColon(_ byte: UInt8) {
        let name = lastName.map { quoted($0) } ?? "the name"
        if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
            return endWithoutValue()
        }
        reportStructure(found.range, "expected \":\" after \(name), found \(found.text)")
        if beginsValue(byte) { return }
        while place < source.count, !isStructural(source[place]) { place += 1 }
        skipSpace()
        if place < source.count, source[place] == UInt8(ascii: ":") { place += 1 }
    }

    /// Neither "," nor the closing bracket stands behind a value.
    mutating func recoverSeparator(_ byte: UInt8) {
        guard let frame = inner else { return }
        if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { return closeMismatched(byte) }
        if byte == UInt8(ascii: ":"), mendForgottenBracket() { return }
        let closer = frame.isObject ? "}" : "]"
        let value = frame.isObject ? lastName.map { "the value of \(quoted($0))" } : nil
        reportStructure(
            found.range,
            "expected \",\" or \"\(closer)\" after \(value ?? "this value"), found \(found.text)")
        if frame.isObject ? beginsMember(byte) : beginsValue(byte) {
            lastComma = nil
            expected = frame.isObject ? .name : .element
        } else {
            place = max(endOfRun(from: place), place + 1)
        }
    }

    /// Whether a name may begin here, or a container whose name was forgotten.
    private func beginsMember(_ byte: UInt8) -> Bool {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
            return true
        }
        guard byte.isWordCharacter || byte == UInt8(ascii: "'") else { return false }
        var end = place + 1
        while end < source.count, !isStructural(source[end]) { end += 1 }
        return end < source.count && source[end] == UInt8(ascii: ":")
    }

    private mutating func reportTrailingComma(before byte: UInt8) {
        guard let lastComma else { return }
        let comma = lastComma..<lastComma + 1
        let closer = String(UnicodeScalar(byte))
        report(
            .notPlainJSON, comma,
            "remove the comma before \"\(closer)\"; "
                + "\(limits.subject) are plain JSON without trailing commas",
            fix: .init(range: comma, replacement: ""))
    }
}
