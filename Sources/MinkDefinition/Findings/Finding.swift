// What `validate` has to say: one sentence at one place, with what helps to repair it.
import MinkExpression

/// Something that is wrong or doubtful in a file.
package struct Finding: Sendable, Hashable {
    package let rule: Rule
    package var severity: Severity
    /// What is wrong, in the names as written.
    package let message: String
    package let span: SourceSpan
    /// Other places that belong to it, each with a few words.
    package var related: [RelatedPlace]
    /// The next step, as a question or an order: `did you mean "amount"?` for example.
    package var help: String?
    /// Background, as the fields that an event has.
    package var note: String?
    /// A change that repairs it.
    package var fix: Fix?

    package init(
        _ rule: Rule, _ message: String, at span: SourceSpan, related: [RelatedPlace] = [],
        help: String? = nil, note: String? = nil, fix: Fix? = nil
    ) {
        self.rule = rule
        severity = rule.severity
        self.message = message
        self.span = span
        self.related = related
        self.help = help
        self.note = note
        self.fix = fix
    }

    package func hash(into hasher: inout Hasher) {
        // What tells nearly all findings apart.
        hasher.combine(rule)
        hasher.combine(span.line)
        hasher.combine(span.column)
        hasher.combine(span.file)
        hasher.combine(message)
    }
}

/// A stretch of a file; lines and columns count from 1, columns in Unicode scalars.
package struct SourceSpan: Sendable, Hashable {
    package let file: String
    package let line: Int
    package let column: Int
    package let endLine: Int
    /// The first column behind the stretch.
    package let endColumn: Int
    /// The JSON pointer of the value.
    package let pointer: String

    package init(
        file: String, line: Int, column: Int, endLine: Int, endColumn: Int, pointer: String
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.endLine = endLine
        self.endColumn = endColumn
        self.pointer = pointer
    }

    /// Where it begins, as the model names places.
    package var place: SourcePlace {
        SourcePlace(file: file, line: line, column: column, pointer: pointer)
    }
}

/// A place that belongs to a finding.
package struct RelatedPlace: Sendable, Hashable {
    package let span: SourceSpan
    package let message: String

    package init(_ message: String, at span: SourceSpan) {
        self.span = span
        self.message = message
    }
}

/// A change that repairs a finding.
package struct Fix: Sendable, Hashable {
    /// What it does, as in `write "compensation"`.
    package let title: String
    package let edits: [Edit]

    package init(_ title: String, edits: [Edit]) {
        self.title = title
        self.edits = edits
    }

    /// Other text for a stretch of a file.
    package struct Edit: Sendable, Hashable {
        package let span: SourceSpan
        package let newText: String

        package init(span: SourceSpan, newText: String) {
            self.span = span
            self.newText = newText
        }
    }
}

extension Finding {
    /// The message, and the next step behind it.
    package var sentence: String {
        help.map { "\(message); \($0)" } ?? message
    }
}

extension [Finding] {
    /// In the order of files and places; what is said twice is said once.
    package func inOrder() -> [Finding] {
        var seen: Set<Finding> = []
        return filter { seen.insert($0).inserted }.sorted { left, right in
            let (a, b) = (left.span, right.span)
            if a.file != b.file { return a.file.precedesByBytes(b.file) }
            let placeA = (a.line, a.column, left.rule.code)
            let placeB = (b.line, b.column, right.rule.code)
            if placeA != placeB { return placeA < placeB }
            return left.message.precedesByBytes(right.message)
        }
    }

    /// Whether one of them is an error.
    package var hasErrors: Bool { contains { $0.severity == .error } }
}
