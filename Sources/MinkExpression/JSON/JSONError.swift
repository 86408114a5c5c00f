// Why a JSON text was refused.

/// Why a JSON text was refused, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in plain words.
    public let message: String
    /// The line, counted from 1.
    public let line: Int
    /// The column, counted from 1 in Unicode scalars.
    public let column: Int

    /// The place and what is wrong there: `1:12: this text has no closing quote`.
    public var description: String { "\(line):\(column): \(message)" }

    package init(_ message: String, at position: TextPosition) {
        self.message = message
        line = position.line
        column = position.column
    }
}

extension JSONDocument {
    /// The first mistake that refuses the text, as an error to throw.
    package var firstError: JSONError? {
        problems.first { $0.severity == .error }.map { error($0.message, at: $0.range.lowerBound) }
    }

    package func error(_ message: String, at byte: Int) -> JSONError {
        JSONError(message, at: position(ofByte: byte))
    }
}
