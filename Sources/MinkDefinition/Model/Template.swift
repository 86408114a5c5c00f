// Values with holes: what stands in `with`, `set`, `fail` and durations.
package import MinkExpression

/// A value of the file whose expressions are filled in when it is used.
package indirect enum Template: Sendable {
    case literal(Value)
    case expression(LocatedExpression)
    case list([Template])
    case object([Member])
}

/// A named part of an object template.
package struct Member: Sendable {
    package let name: String
    package let value: Template

    package init(name: String, value: Template) {
        self.name = name
        self.value = value
    }
}

/// A compiled expression, and where it stands.
///
/// A class, because it never changes and is handed on with all that holds it.
package final class LocatedExpression: Sendable {
    package let expression: CompiledExpression
    package let place: SourcePlace

    package init(expression: CompiledExpression, place: SourcePlace) {
        self.expression = expression
        self.place = place
    }
}
