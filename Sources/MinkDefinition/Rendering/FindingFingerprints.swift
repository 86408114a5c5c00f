// Tells findings apart over time: the same finding has the same fingerprint in the next run, also
// when lines above it came or went.

/// Hands out a fingerprint for each finding of a run, in their order.
struct FindingFingerprints {
    let sources: [String: SourceText]
    private var seen: [String: Int] = [:]

    init(sources: [String: SourceText]) { self.sources = sources }

    /// The fingerprint of the next finding.
    ///
    /// - Parameter finding: The next one in the order of the report.
    /// - Returns: Hexadecimal digits, and behind them which of several equal ones it is, from 1.
    mutating func next(_ finding: Finding) -> String {
        let parts = [
            finding.rule.code, finding.span.file, finding.span.pointer, marked(finding),
        ]
        let digest = Digest.sha256(Array(parts.joined(separator: "\u{0}").utf8))
        let text = Digest.hexadecimal(digest.prefix(16))
        let number = (seen[text] ?? 0) + 1
        seen[text] = number
        return "\(text):\(number)"
    }

    /// The marked words; none for secrets, of which not even a digest may go out.
    private func marked(_ finding: Finding) -> String {
        guard !finding.rule.isMandatory, let source = sources[finding.span.file] else { return "" }
        let range = source.bytes(of: finding.span)
        return String(decoding: source.bytes[range].prefix(200), as: UTF8.self)
    }
}
