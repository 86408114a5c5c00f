// How big an expression may be. The limits bound the recursion of everything that walks one.

/// The limits on the text of one expression.
package enum ExpressionLimits {
    /// The longest text, in UTF-8 bytes.
    package static let maxBytes = 8192

    /// The deepest nesting of operators, calls and brackets.
    package static let maxDepth = 250

    /// How many comprehensions may stand inside each other.
    package static let maxComprehensionDepth = 3
}
