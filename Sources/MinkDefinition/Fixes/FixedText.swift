// The text of a file after the fixes of its findings.
//
// Edits are made from the end of the file, so that none moves the place of another. Of two fixes that
// touch the same bytes the first is made; the other one comes back with the next reading.

/// A text with fixes carried out.
package struct FixedText: Sendable {
    package let bytes: [UInt8]
    /// The findings whose fixes were made.
    package let fixed: [Finding]

    /// Carries out what is sure among the fixes of one file.
    package init(_ source: SourceText, fixing findings: [Finding]) {
        var edits: [(range: Range<Int>, newText: String)] = []
        var fixed: [Finding] = []
        for finding in findings where finding.rule.hasSureFix && finding.span.file == source.file {
            guard let fix = finding.fix, fix.edits.allSatisfy({ $0.span.file == source.file })
            else { continue }
            let own = fix.edits.map { (range: Self.bytes(of: $0, in: source), newText: $0.newText) }
            let clashes = own.contains { edit in
                edits.contains { $0.range.touches(edit.range) }
            }
            guard !clashes else { continue }
            edits += own
            fixed.append(finding)
        }
        var bytes = source.bytes
        for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            bytes.replaceSubrange(edit.range, with: edit.newText.utf8)
        }
        self.bytes = bytes
        self.fixed = fixed
    }

    /// The bytes of an edit.
    ///
    /// One that puts nothing at the start of a text is about the byte order mark, which has no column.
    private static func bytes(of edit: Fix.Edit, in source: SourceText) -> Range<Int> {
        let range = source.bytes(of: edit.span)
        let isMark = edit.newText.isEmpty && range.isEmpty && range.lowerBound == 3
        return isMark && source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 0..<3 : range
    }
}

extension Range<Int> {
    fileprivate func touches(_ other: Range<Int>) -> Bool {
        self == other || (lowerBound < other.upperBound && other.lowerBound < upperBound)
    }
}
