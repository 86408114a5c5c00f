// Findings as SARIF 2.1.0, the form that code hosts and review tools read.
//
// Each result carries a fingerprint that stays the same while the finding moves with its lines: it is
// taken over the rule, the file, the place in the document and the words that are marked.

/// One SARIF log for all findings of a run.
package struct SARIFRenderer: Sendable {
    private let toolVersion: String

    /// - Parameter toolVersion: The version of the product, as in `0.1.0`.
    package init(toolVersion: String) {
        self.toolVersion = toolVersion
    }

    package func render(
        _ findings: [Finding], files: [CheckedFile], sources: [String: SourceText]
    ) -> String {
        let rules = Set(findings.map(\.rule)).sorted { $0.code < $1.code }
        let numbers = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1, $0) })
        var fingerprints = FindingFingerprints(sources: sources)
        let results = findings.map { finding in
            describe(
                finding, rule: numbers[finding.rule] ?? 0, fingerprint: fingerprints.next(finding))
        }
        let driver: [(String, JSONText)] = [
            ("name", .string("mink-workflow")), ("version", .string(toolVersion)),
            ("rules", .list(rules.map(describe))),
        ]
        return JSONText.object([
            ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")),
            ("version", .string("2.1.0")),
            (
                "runs",
                .list([
                    .object([
                        ("tool", .object([("driver", .object(driver))])),
                        ("columnKind", .string("unicodeCodePoints")),
                        ("artifacts", .list(files.map(describe))),
                        ("results", .list(results)),
                    ])
                ])
            ),
        ]).indented
    }

    private func describe(_ rule: Rule) -> JSONText {
        .object([
            ("id", .string(rule.code)), ("name", .string(rule.slug)),
            ("shortDescription", .object([("text", .string(rule.slug.spaced))])),
            (
                "help",
                .object([("text", .string("More: mink-workflow explain \(rule.code)"))])
            ),
            ("defaultConfiguration", .object([("level", .string(rule.severity.sarifLevel))])),
        ])
    }

    private func describe(_ file: CheckedFile) -> JSONText {
        .object([("location", artifact(file.file))])
    }

    private func describe(_ finding: Finding, rule: Int, fingerprint: String) -> JSONText {
        var members: [(String, JSONText)] = [
            ("ruleId", .string(finding.rule.code)), ("ruleIndex", .number(rule)),
            ("level", .string(finding.severity.sarifLevel)),
            ("message", .object([("text", .string(finding.sentence))])),
            ("locations", .list([location(finding.span)])),
        ]
        if !finding.related.isEmpty {
            members.append(
                (
                    "relatedLocations",
                    .list(finding.related.map { location($0.span, message: $0.message) })
                ))
        }
        members.append(
            ("partialFingerprints", .object([("minkFinding/v1", .string(fingerprint))])))
        if let fix = finding.fix { members.append(("fixes", .list([describe(fix)]))) }
        return .object(members)
    }

    private func location(_ span: SourceSpan, message: String? = nil) -> JSONText {
        var members: [(String, JSONText)] = [
            (
                "physicalLocation",
                .object([
                    ("artifactLocation", artifact(span.file)), ("region", region(span)),
                ])
            )
        ]
        if !span.pointer.isEmpty {
            members.append(
                (
                    "logicalLocations",
                    .list([.object([("fullyQualifiedName", .string(span.pointer))])])
                ))
        }
        if let message { members.append(("message", .object([("text", .string(message))]))) }
        return .object(members)
    }

    private func describe(_ fix: Fix) -> JSONText {
        var files: [String] = []
        for edit in fix.edits where !files.contains(edit.span.file) { files.append(edit.span.file) }
        let changes = files.map { file in
            let replacements = fix.edits.filter { $0.span.file == file }.map { edit in
                JSONText.object([
                    ("deletedRegion", region(edit.span)),
                    ("insertedContent", .object([("text", .string(edit.newText))])),
                ])
            }
            return JSONText.object([
                ("artifactLocation", artifact(file)), ("replacements", .list(replacements)),
            ])
        }
        return .object([
            ("description", .object([("text", .string(fix.title))])),
            ("artifactChanges", .list(changes)),
        ])
    }

    private func region(_ span: SourceSpan) -> JSONText {
        .object([
            ("startLine", .number(span.line)), ("startColumn", .number(span.column)),
            ("endLine", .number(span.endLine)), ("endColumn", .number(span.endColumn)),
        ])
    }

    private func artifact(_ file: String) -> JSONText {
        .object([("uri", .string(file.uriReference))])
    }
}

extension Severity {
    fileprivate var sarifLevel: String { self == .info ? "note" : rawValue }
}

extension String {
    /// The words of a slug.
    fileprivate var spaced: String { replacing("-", with: " ") }

    /// A path as a reference by URI: all that has a meaning there is escaped.
    fileprivate var uriReference: String {
        var text = hasPrefix("/") ? "file://" : ""
        for byte in utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "%" + Digest.hexadecimal([byte]).uppercased()
            }
        }
        return text
    }
}
