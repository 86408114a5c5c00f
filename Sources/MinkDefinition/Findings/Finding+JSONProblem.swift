// Mistakes of the JSON text, as findings.
import MinkExpression

extension Finding {
    /// What the reader of JSON has to say about a text.
    init(_ problem: JSONProblem, in text: SourceText, at pointer: String) {
        let span = text.span(problem.range, pointer: pointer)
        let help =
            switch problem.code {
            case .duplicateKey: problem.help ?? "remove one of the two"
            case .tooBig: problem.help ?? "split it, or say the same with less"
            default: problem.help
            }
        self.init(
            Rule(rawValue: problem.code.rawValue) ?? .jsonSyntax, problem.message, at: span,
            related: problem.related.map {
                [RelatedPlace($0.message, at: text.span($0.range, pointer: pointer))]
            } ?? [],
            help: help,
            fix: problem.fix.map { fix in
                Fix(
                    problem.help ?? problem.message,
                    edits: [
                        .init(span: text.span(fix.range, pointer: ""), newText: fix.replacement)
                    ])
            })
        severity = problem.severity == .error ? .error : .warning
    }
}
