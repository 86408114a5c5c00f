// What is wrong with a JSON text, and where. The rules MW0001 to MW0006 of `validate` are these.

/// One mistake in a JSON text.
package struct JSONProblem: Sendable, Hashable {
    /// Which rule of `validate` found it.
    package enum Code: String, Sendable, CaseIterable {
        /// This is not JSON.
        case syntax = "MW0001"
        /// A name stands twice in one object.
        case duplicateKey = "MW0002"
        /// What other dialects allow: comments, trailing commas, single quotes, NaN.
        case notPlainJSON = "MW0003"
        /// Not UTF-8, or half a character.
        case encoding = "MW0004"
        /// Larger or deeper than allowed.
        case tooBig = "MW0005"
        /// A number that no type keeps as it is written.
        case numberNotExact = "MW0006"
    }

    package enum Severity: String, Sendable {
        case error, warning
    }

    /// Another place that explains the mistake.
    package struct Related: Sendable, Hashable {
        package let range: Range<Int>
        package let message: String
    }

    /// The edit that mends it.
    package struct Fix: Sendable, Hashable {
        package let range: Range<Int>
        package let replacement: String
    }

    package let code: Code
    package let severity: Severity
    /// The bytes of the source that are meant; empty at the end of the file.
    package let range: Range<Int>
    /// What is wrong, in plain words.
    package let message: String
    /// What to do next, where the message does not say it.
    package var help: String?
    package var related: Related?
    package var fix: Fix?

    init(
        _ code: Code, _ range: Range<Int>, _ message: String, severity: Severity = .error,
        help: String? = nil, related: Related? = nil, fix: Fix? = nil
    ) {
        self.code = code
        self.severity = severity
        self.range = range
        self.message = message
        self.help = help
        self.related = related
        self.fix = fix
    }
}
