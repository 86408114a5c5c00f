// Puts mistakes into words.

extension JSONReader {
    /// At most so many mistakes of one kind are kept.
    private static let mostOfOneKind = 100
    /// So many slips are mended, the ones that follow from others included.
    private static let mostMends = 1_000

    /// Reports a mistake, unless there are enough of its kind or its line is known to be broken.
    mutating func report(
        _ code: JSONProblem.Code, _ range: Range<Int>, _ message: String,
        severity: JSONProblem.Severity = .error, help: String? = nil,
        related: JSONProblem.Related? = nil, fix: JSONProblem.Fix? = nil
    ) {
        guard canReport(code, at: range.lowerBound) else { return }
        var problem = JSONProblem(
            code, range, message, severity: severity, help: help, related: related, fix: fix)
        if code == .syntax, missesQuote(at: range.lowerBound) {
            brokenLine = searchedLine?.range
            problem.help = help ?? "a quote (\") is missing on this line"
        }
        let count = counts[code, default: 0] + 1
        counts[code] = count
        if count == Self.mostOfOneKind { problem.help = "further ones are not listed" }
        if code == .syntax, count >= limits.syntaxProblems {
            hasStopped = true
            if count > 1 { problem.help = "reading stopped here, after \(count) mistakes" }
        }
        if severity == .error, limits.syntaxProblems == 1 { hasStopped = true }
        problems.append(problem)
    }

    /// Whether a further mistake of this kind is kept; asked before much is done for its words.
    func canReport(_ code: JSONProblem.Code, at place: Int) -> Bool {
        guard !hasStopped, counts[code, default: 0] < Self.mostOfOneKind else { return false }
        let isOfSyntax = code == .syntax || code == .notPlainJSON || code == .duplicateKey
        return !isOfSyntax || brokenLine?.contains(place) != true
    }

    /// Whether a quote is missing on the line of a byte.
    mutating func missesQuote(at place: Int) -> Bool {
        if let known = searchedLine, known.range.contains(place) { return known.missesQuote }
        let line = source.line(around: place)
        let misses = source.hasOddQuotes(in: line)
        searchedLine = (line, misses)
        return misses
    }

    /// Counts one more slip that had to be mended; with too many of them this is no JSON at all.
    mutating func countMend() {
        mends += 1
        if mends > Self.mostMends { hasStopped = true }
    }

    /// Reports what makes it useless to read on.
    mutating func stop(_ code: JSONProblem.Code, _ range: Range<Int>, _ message: String) {
        report(code, range, message)
        hasStopped = true
    }

    /// Reports a mistake of structure, unless it follows from the one before.
    mutating func reportStructure(
        _ range: Range<Int>, _ message: String, help: String? = nil,
        related: JSONProblem.Related? = nil
    ) {
        countMend()
        if !isRecovering { report(.syntax, range, message, help: help, related: related) }
        isRecovering = true
    }

    /// Reports brackets that do not fit, unless a missing quote hid some of them before.
    mutating func reportBalance(
        _ range: Range<Int>, _ message: String, help: String? = nil,
        related: JSONProblem.Related? = nil
    ) {
        guard brokenLine == nil else { return }
        reportStructure(range, message, help: help, related: related)
    }

    /// The line and column of a byte.
    mutating func position(ofByte byte: Int) -> TextPosition {
        let table = lines ?? LineTable(of: source)
        lines = table
        return table.position(ofByte: byte, in: source)
    }

    mutating func reportDuplicate(_ key: JSONKey, first: JSONKey) {
        guard canReport(.duplicateKey, at: nodes[Int(key.node)].range.lowerBound) else { return }
        let (name, original) = (nodes[Int(key.node)], nodes[Int(first.node)].range)
        let place = position(ofByte: original.lowerBound)
        report(
            .duplicateKey, name.range,
            "\(quoted(name)) appears twice here (first at \(place)); only one would be used",
            related: .init(range: original, message: "the first \(quoted(name))"))
    }

    mutating func reportLongText(_ range: Range<Int>) {
        report(
            .tooBig, range.lowerBound..<range.lowerBound + 1,
            "this text is longer than \(limits.textBytes >> 10) KiB")
    }

    mutating func reportInexact(_ range: Range<Int>) {
        report(
            .numberNotExact, range,
            "this number cannot be kept exactly; write it as text or with fewer digits",
            severity: .warning)
    }

    mutating func reportUnclosed(_ range: Range<Int>) {
        reportStructure(
            range, "this text has no closing quote (\") on its line",
            help: "put a quote where the text ends")
    }

    mutating func reportLineBreak() {
        let length = starts(with: "\r\n") ? 2 : 1
        report(
            .syntax, place..<place + length,
            "a text cannot go on in the next line; write \\n for a line break")
        place += length
    }

    mutating func reportControl(_ byte: UInt8) {
        let range = place..<place + 1
        place += 1
        guard canReport(.syntax, at: range.lowerBound) else { return }
        if byte == UInt8(ascii: "\t") {
            report(
                .syntax, range, "a tab cannot stand in a text; write \\t",
                fix: .init(range: range, replacement: "\\t"))
        } else {
            let digits = String(byte, radix: 16)
            let escape = "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            report(
                .syntax, range, "an invisible control character cannot stand in a text",
                help: "write \(escape), or remove it",
                fix: .init(range: range, replacement: escape))
        }
    }

    mutating func reportEscape(_ range: Range<Int>) {
        guard canReport(.syntax, at: range.lowerBound) else { return }
        let isUnicode = range.count > 1 && source[range.lowerBound + 1] == UInt8(ascii: "u")
        let sign = printable(range)
        report(
            .syntax, range,
            isUnicode
                ? "\"\\u\" needs four digits 0-9 or a-f behind it"
                : "\(sign) is not known in a text",
            help: isUnicode ? nil : "write two backslashes (\\\\) where one is meant")
    }

    mutating func reportSurrogate(_ range: Range<Int>) {
        let escape = String(decoding: source[range], as: UTF8.self)
        report(
            .encoding, range,
            "this text holds half a character (\(escape)); save the file as UTF-8")
    }

    /// Reports a byte that is not UTF-8; neighbours make one mistake.
    mutating func reportEncoding(_ range: Range<Int>) {
        if let last = problems.last, last.code == .encoding, last.severity == .error,
            last.range.upperBound == range.lowerBound
        {
            problems[problems.count - 1] = JSONProblem(
                .encoding, last.range.lowerBound..<range.upperBound, last.message)
            return
        }
        report(.encoding, range, "this is not UTF-8; save the file as UTF-8")
    }

    /// A name of the source in double quotes, shortened for people.
    func quoted(_ name: JSONTapeNode) -> String {
        "\"" + shortened(name.text(in: source)) + "\""
    }

    /// A piece of the source in double quotes, as it is written, shortened for people.
    func printable(_ range: Range<Int>) -> String {
        "\"" + shortened(String(decoding: source[range], as: UTF8.self)) + "\""
    }

    private func shortened(_ text: String) -> String {
        let clean = text.unicodeScalars.prefix(41).map { scalar in
            scalar.value < 0x20 || scalar.value == 0x7F ? " " : Character(scalar)
        }
        return clean.count > 40 ? String(clean.prefix(39)) + "…" : String(clean)
    }
}
