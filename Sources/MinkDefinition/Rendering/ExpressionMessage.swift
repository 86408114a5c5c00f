// What is wrong with an expression that stands in no file, with carets below the place.
//
//   error: data has no field "ammount"
//     data.ammount > 5
//          ^^^^^^^ did you mean "amount"?
package import MinkExpression

/// A mistake or failure of an expression, for people.
package struct ExpressionMessage: Sendable {
    /// What is wrong.
    package let message: String
    /// The place in the text, in UTF-8 bytes.
    package let range: Range<Int>
    let help: String?
    let note: String?

    /// A mistake that is found before the expression runs.
    package init(_ problem: ExpressionProblem) {
        message = problem.message
        range = problem.range
        help = problem.help
        note = problem.note
    }

    /// A failure at run time.
    package init(_ error: EvaluationError) {
        message = error.message
        range = error.range
        help = nil
        note = nil
    }

    /// The line and column of the place; both count from 1.
    package func position(in text: String) -> (line: Int, column: Int) {
        SourceText(file: "", bytes: Array(text.utf8)).position(ofByte: range.lowerBound)
    }

    /// The message, the line of the expression and carets; without a line break at the end.
    package func picture(of text: String) -> String {
        let source = SourceText(file: "", bytes: Array(text.utf8))
        let span = source.span(range, pointer: "")
        var lines = ["error: \(message.visible)"]
        if let excerpt = Excerpt(of: span, in: source) {
            let carets = String(repeating: "^", count: excerpt.marked)
            let help = help.map { " \($0.visible)" } ?? ""
            lines += ["  \(excerpt.text)", "  \(spaces(excerpt.indent))\(carets)\(help)"]
        }
        if let note { lines.append("  note: \(note.visible)") }
        return lines.joined(separator: "\n")
    }
}
