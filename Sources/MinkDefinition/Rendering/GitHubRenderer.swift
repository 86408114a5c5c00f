// Findings as annotations of a GitHub workflow run. GitHub shows ten errors and ten warnings of a
// step and drops the rest, so the rest is counted in words.

/// Annotations, and how many more findings there are.
package struct GitHubRenderer: Sendable {
    /// How many annotations of one kind are shown.
    private static let most = 10

    package init() {}

    package func render(_ findings: [Finding]) -> String {
        var text = ""
        var more: [String] = []
        for (severity, one) in [(Severity.error, "error"), (.warning, "warning")] {
            let all = findings.filter { $0.severity == severity }
            for finding in all.prefix(Self.most) { text += annotation(finding) }
            if all.count > Self.most { more.append(Self.count(all.count - Self.most, one)) }
        }
        let notes = findings.count { $0.severity == .info }
        if notes > 0 { more.append("\(notes) note\(notes == 1 ? "" : "s")") }
        guard !more.isEmpty else { return text }
        return text + "not shown here: \(more.joined(separator: ", ")); "
            + "\"mink-workflow validate\" shows all\n"
    }

    private static func count(_ count: Int, _ one: String) -> String {
        "\(count) more \(one)\(count == 1 ? "" : "s")"
    }

    private func annotation(_ finding: Finding) -> String {
        let span = finding.span
        var properties = [
            ("file", span.file), ("line", "\(span.line)"), ("endLine", "\(span.endLine)"),
        ]
        // GitHub takes columns within one line only, and counts the last one in.
        if span.line == span.endLine {
            properties.append(("col", "\(span.column)"))
            properties.append(("endColumn", "\(max(span.column, span.endColumn - 1))"))
        }
        properties.append(("title", "\(finding.rule.code) \(finding.rule.slug)"))
        let words = properties.map { "\($0)=\(escaped($1, inProperty: true))" }
        return "::\(finding.severity.rawValue) \(words.joined(separator: ","))::"
            + escaped(finding.sentence, inProperty: false) + "\n"
    }

    private func escaped(_ text: String, inProperty: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": escaped += "%25"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            case ":" where inProperty: escaped += "%3A"
            case "," where inProperty: escaped += "%2C"
            default: escaped += scalar.visible
            }
        }
        return escaped
    }
}
