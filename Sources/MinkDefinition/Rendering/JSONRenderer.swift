// Findings for machines. The form only grows: `formatVersion` rises when something changes meaning.

/// What is known of a file that was checked.
package struct CheckedFile: Sendable {
    package let file: String
    /// Of a workflow file that could be read.
    package let identity: Definition.Identity?

    package init(file: String, identity: Definition.Identity?) {
        self.file = file
        self.identity = identity
    }
}

/// One JSON document for all findings of a run.
package struct JSONRenderer: Sendable {
    package init() {}

    package func render(_ findings: [Finding], files: [CheckedFile]) -> String {
        let counts: [(String, JSONText)] =
            [("files", .number(files.count))]
            + [("errors", Severity.error), ("warnings", .warning), ("infos", .info)].map {
                name, severity in
                (name, .number(findings.count { $0.severity == severity }))
            }
        return JSONText.object([
            ("formatVersion", .number(1)),
            ("counts", .object(counts)),
            ("files", .list(files.map(describe))),
            ("diagnostics", .list(findings.map(describe))),
        ]).indented
    }

    private func describe(_ file: CheckedFile) -> JSONText {
        var members: [(String, JSONText)] = [("file", .string(file.file))]
        if let identity = file.identity {
            members.append(("workflow", .string(identity.workflow)))
            members.append(("version", .number(identity.version)))
            members.append(("fingerprint", .string(identity.fingerprint)))
        }
        return .object(members)
    }

    private func describe(_ finding: Finding) -> JSONText {
        var members: [(String, JSONText)] = [
            ("code", .string(finding.rule.code)),
            ("slug", .string(finding.rule.slug)),
            ("severity", .string(finding.severity.rawValue)),
            ("message", .string(finding.message)),
        ]
        members += place(finding.span)
        let related = finding.related.map { other in
            JSONText.object(place(other.span) + [("message", .string(other.message))])
        }
        members.append(("related", .list(related)))
        members.append(("help", finding.help.map(JSONText.string) ?? .null))
        members.append(("note", finding.note.map(JSONText.string) ?? .null))
        members.append(("fix", finding.fix.map(describe) ?? .null))
        return .object(members)
    }

    private func describe(_ fix: Fix) -> JSONText {
        let edits = fix.edits.map { edit in
            JSONText.object(place(edit.span) + [("newText", .string(edit.newText))])
        }
        return .object([("title", .string(fix.title)), ("edits", .list(edits))])
    }

    private func place(_ span: SourceSpan) -> [(String, JSONText)] {
        [
            ("file", .string(span.file)), ("line", .number(span.line)),
            ("column", .number(span.column)), ("endLine", .number(span.endLine)),
            ("endColumn", .number(span.endColumn)), ("pointer", .string(span.pointer)),
        ]
    }
}
