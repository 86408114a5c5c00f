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
package struct LocatedExpression: Sendable {
    package let expression: CompiledExpression
    package let place: SourcePlace

    package init(expression: CompiledExpression, place: SourcePlace) {
        self.expression = expression
        self.place = place
    }
}

/// A place in a file, as messages name it.
package struct SourcePlace: Hashable, Sendable, CustomStringConvertible {
    /// The file as it was named when it was read.
    package let file: String
    /// The line, counted from 1.
    package let line: Int
    /// The column in Unicode scalars, counted from 1.
    package let column: Int
    /// The JSON pointer of the value.
    package let pointer: String

    package init(file: String, line: Int, column: Int, pointer: String) {
        self.file = file
        self.line = line
        self.column = column
        self.pointer = pointer
    }

    package var description: String { "\(file):\(line):\(column)" }
}
