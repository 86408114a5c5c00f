// What could not be loaded, from findings and places.
import MinkDefinition
import MinkExpression
import MinkStore

extension LoadFailure {
    /// An error in a file.
    init(_ finding: Finding, at now: Timestamp) {
        self.init(
            file: finding.span.file, line: finding.span.line, column: finding.span.column,
            code: finding.rule.code, message: finding.sentence, at: now)
    }

    /// A reason at a place.
    init(_ place: SourcePlace, _ message: String, at now: Timestamp) {
        self.init(
            file: place.file, line: place.line, column: place.column, message: message, at: now)
    }

    /// What a log line says of it.
    var fields: [String: String] {
        var fields = ["place": line > 0 ? "\(file):\(line):\(column)" : file, "error": message]
        if let code { fields["code"] = code }
        return fields
    }
}
