// What is wrong with the text of an expression, found before it ever runs.

/// A mistake in an expression.
package struct ExpressionProblem: Error, Hashable, Sendable {
    /// The kinds of mistakes.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The text is no expression.
        case syntax = "MW3001"
        /// A field that the type does not have.
        case unknownField = "MW3002"
        /// An operator or function that does not take these types.
        case typeMismatch = "MW3003"
        /// A name that exists, but not at this place.
        case outOfScope = "MW3006"
        /// No function has this name and number of arguments.
        case unknownFunction = "MW3007"
        /// Exact and inexact numbers in one calculation.
        case decimalMixedWithDouble = "MW3009"
        /// Longer, deeper or more nested than the limits allow.
        case tooBig = "MW3013"
    }

    package let code: Code

    /// The place in the text, in UTF-8 bytes.
    package let range: Range<Int>

    /// What is wrong, for people.
    package let message: String

    /// What to do about it, such as `did you mean "upperAscii"?`.
    package let help: String?

    /// What is known about the thing, such as the fields that it does have.
    package let note: String?

    package init(
        _ code: Code, _ range: Range<Int>, _ message: String, help: String? = nil,
        note: String? = nil
    ) {
        self.code = code
        self.range = range
        self.message = message
        self.help = help
        self.note = note
    }
}
