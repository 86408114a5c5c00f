// A pattern of `pattern`, matched in linear time by the `matches` function of expressions.
import MinkExpression

/// A regular expression of a schema; it may match anywhere in a text.
package struct TextPattern: Sendable, Hashable {
    package let text: String

    /// The pattern of a text; `nil` when it is none.
    init?(_ text: String) {
        self.text = text
        guard match(in: "") != nil else { return nil }
    }

    /// Whether a text holds a match.
    func matches(_ text: String) -> Bool { match(in: text) ?? false }

    private static let layout = VariableLayout(names: ["text", "pattern"])

    private static let expression = CompiledExpression.compile(
        "text.matches(pattern)",
        in: ExpressionEnvironment(
            layout: layout, variables: ["text": .string, "pattern": .string])
    ).expression

    /// Whether there is a match; `nil` when the pattern is none.
    private func match(in text: String) -> Bool? {
        guard let expression = Self.expression else { return nil }
        let scope = EvaluationScope(layout: Self.layout)
        scope.bind("text", .string(text))
        scope.bind("pattern", .string(self.text))
        guard case .value(.bool(let isMatch)) = scope.evaluate(expression, costLimit: 1_000_000)
        else { return nil }
        return isMatch
    }
}
