// Findings as lines that editors and scripts understand: `FILE:LINE:COL: error: message [MW3002]`.

/// One line for each finding.
package struct TextRenderer: Sendable {
    package init() {}

    package func render(_ findings: [Finding]) -> String {
        var text = ""
        for finding in findings {
            let span = finding.span
            text += "\(span.file):\(span.line):\(span.column): \(finding.severity.rawValue): "
            text += "\(finding.sentence.visible) [\(finding.rule.code)]\n"
        }
        return text
    }
}
