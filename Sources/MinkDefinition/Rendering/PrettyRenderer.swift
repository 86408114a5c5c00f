// Findings for people: the source line, carets below the place, and what helps.
//
//   error[MW3002] unknown-field: event PaymentReceived has no field "ammount"
//     --> workflows/order.workflow.json:68:28   /states/AwaitingPayment/on/PaymentReceived/0/when
//      |
//   68 |           { "when": "event.ammount >= data.total",
//      |                            ^^^^^^^ did you mean "amount"?

/// A picture of each finding in its file.
package struct PrettyRenderer: Sendable {
    private let colour: Bool

    /// - Parameter colour: Whether the text may hold the escapes that colour a terminal.
    package init(colour: Bool = false) {
        self.colour = colour
    }

    package func render(_ findings: [Finding], sources: [String: SourceText]) -> String {
        findings.map { render($0, sources: sources) }.joined(separator: "\n")
    }

    private func render(_ finding: Finding, sources: [String: SourceText]) -> String {
        let deepest = finding.related.reduce(finding.span.line) { max($0, $1.span.line) }
        let gutter = String(deepest).count
        let margin = String(repeating: " ", count: gutter)
        let severity = finding.severity
        var text = painted("\(severity.rawValue)[\(finding.rule.code)]", severity)
        text += " \(finding.rule.slug): \(finding.message.visible)\n"
        text += "\(margin)--> \(location(of: finding.span))\n"
        let source = sources[finding.span.file]
        let excerpt = source.flatMap { Excerpt(of: finding.span, in: $0) }
        if let excerpt {
            text += picture(
                excerpt, mark: "^", line: finding.span.line, margin: margin,
                words: finding.help, severity)
        } else if let help = finding.help {
            text += "\(margin) = help: \(help.visible)\n"
        }
        for place in finding.related {
            text += "\(margin)::: \(location(of: place.span))\n"
            let excerpt = sources[place.span.file].flatMap { Excerpt(of: place.span, in: $0) }
            guard let excerpt else {
                text += "\(margin) = \(place.message.visible)\n"
                continue
            }
            text += picture(
                excerpt, mark: "-", line: place.span.line, margin: margin, words: place.message,
                .info)
        }
        if excerpt != nil || !finding.related.isEmpty { text += "\(margin) |\n" }
        if let note = finding.note { text += "\(margin) = note: \(note.visible)\n" }
        if let fix = finding.fix { text += "\(margin) = fix: \(fix.title.visible)\n" }
        return text + "\(margin) = more: mink-workflow explain \(finding.rule.code)\n"
    }

    private func location(of span: SourceSpan) -> String {
        let place = "\(span.file.visible):\(span.line):\(span.column)"
        return span.pointer.isEmpty ? place : "\(place)   \(span.pointer.visible)"
    }

    private func picture(
        _ excerpt: Excerpt, mark: Character, line: Int, margin: String, words: String?,
        _ severity: Severity
    ) -> String {
        let number = String(line)
        let space = String(repeating: " ", count: max(0, margin.count - number.count))
        var text = "\(margin) |\n\(space)\(number) | \(excerpt.text)\n"
        let carets = painted(String(repeating: mark, count: excerpt.marked), severity)
        text += "\(margin) | \(String(repeating: " ", count: excerpt.indent))\(carets)"
        if let words { text += " \(words.visible)" }
        return text + "\n"
    }

    private func painted(_ text: String, _ severity: Severity) -> String {
        guard colour else { return text }
        let code =
            switch severity {
            case .error: "31"
            case .warning: "33"
            case .info: "36"
            }
        return "\u{1B}[1;\(code)m\(text)\u{1B}[0m"
    }
}

/// One source line around a place, cut when it is very long.
struct Excerpt {
    /// What is shown of the line.
    let text: String
    /// The columns before the place.
    let indent: Int
    /// The columns of the place, at least 1.
    let marked: Int

    private static let longest = 160
    private static let before = 60

    init?(of span: SourceSpan, in source: SourceText) {
        let line = source.line(span.line)
        let start = span.column - 1
        guard start >= 0, start <= line.count else { return nil }
        let end = span.endLine == span.line ? min(span.endColumn - 1, line.count) : line.count
        var shown = 0..<line.count
        if line.count > Self.longest {
            let first = max(0, min(start - Self.before, line.count - Self.longest))
            shown = first..<min(line.count, first + Self.longest)
        }
        let lead = shown.lowerBound > 0 ? "… " : ""
        let tail = shown.upperBound < line.count ? " …" : ""
        text = lead + line.visible(shown) + tail
        let marks = start..<max(start, min(end, shown.upperBound))
        indent = lead.count + line[shown.lowerBound..<start].reduce(0) { $0 + $1.visibleWidth }
        marked = max(1, line[marks].reduce(0) { $0 + $1.visibleWidth })
    }
}
