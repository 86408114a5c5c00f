// `explain`: the page of a rule, or the one about files of other engines.
import MinkDefinition

extension Verb {
    static let explain = Verb(
        name: "explain",
        summary: "explains the code of a finding",
        operands: "CODE",
        details: """
            The code may be written as MW2001, mw2001, or by its name: unknown-state.
            "explain importing" shows what becomes of files of other engines.
            """,
        options: [],
        perform: { arguments throws(UsageError) in
            guard arguments.operands.count == 1, let word = arguments.operands.first else {
                throw UsageError(message: "explain needs one code, such as MW2001")
            }
            if word.lowercased() == importing, let page = Document.importing {
                Output.line(page)
                return .ok
            }
            guard let rule = rule(word) else {
                let hint = NameSuggestions(words).nearest(to: word).map { "; did you mean \($0)?" }
                throw UsageError(
                    message: "there is no rule \"\(word)\"" + (hint ?? ""), code: .notFound)
            }
            guard let page = Document.rule(rule.code) else {
                Output.line("\(rule.code) \(rule.slug)\n\nSeverity: \(rule.severity.rawValue)")
                return .ok
            }
            Output.line(page)
            return .ok
        },
        words: words)

    private static let importing = "importing"
    private static let words = Rule.allCases.flatMap { [$0.code, $0.slug] } + [importing]

    private static func rule(_ word: String) -> Rule? {
        Rule.allCases.first { $0.code == word.uppercased() || $0.slug == word.lowercased() }
    }
}
