// Mistakes of the JSON text, as findings.
import MinkExpression

extension Finding {
    /// What the reader of JSON has to say about a text.
    init(_ problem: JSONProblem, in text: SourceText, at pointer: String) {
        let span = text.span(problem.range, pointer: pointer)
        self.init(
            Rule(rawValue: problem.code.rawValue) ?? .jsonSyntax, problem.message, at: span,
            related: problem.related.map {
                [RelatedPlace($0.message, at: text.span($0.range, pointer: pointer))]
            } ?? [],
            help: problem.help,
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
