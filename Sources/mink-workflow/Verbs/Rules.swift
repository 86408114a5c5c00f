// `rules`: what `validate` looks for.
import MinkDefinition

extension Verb {
    static let rules = Verb(
        name: "rules",
        summary: "lists the rules of validate: code, level, name and what it finds",
        operands: "",
        details: "\"mink-workflow explain CODE\" shows the page of a rule.",
        options: [
            Option(
                name: "--format", value: "FORMAT", summary: "text (default) or json",
                choices: ["text", "json"])
        ],
        perform: { arguments throws(UsageError) in
            try arguments.takesNoOperand("rules")
            let rules = Rule.allCases
            if arguments.value("--format") == "json" {
                Output.write(json(rules).indented)
            } else {
                let width = rules.map(\.slug.count).max() ?? 0
                for rule in rules {
                    let level = rule.severity.rawValue.padded(to: 8)
                    Output.line(
                        "\(rule.code)  \(level) \(rule.slug.padded(to: width))  \(summary(rule))")
                }
            }
            return .ok
        })

    private static func json(_ rules: [Rule]) -> JSONText {
        .object([
            ("formatVersion", .number(1)),
            (
                "rules",
                .list(
                    rules.map { rule in
                        .object([
                            ("code", .string(rule.code)), ("name", .string(rule.slug)),
                            ("severity", .string(rule.severity.rawValue)),
                            ("mandatory", .bool(rule.isMandatory)),
                            ("summary", .string(summary(rule))),
                        ])
                    })
            ),
        ])
    }

    /// The first sentence of the rule's page; empty when it has none.
    private static func summary(_ rule: Rule) -> String {
        let lines = (Document.rule(rule.code) ?? "").split(
            separator: "\n", omittingEmptySubsequences: false)
        let text = lines.drop { $0.isEmpty || $0.hasPrefix("#") }
            .prefix { !$0.isEmpty }.joined(separator: " ")
        let parts = text.split(separator: ". ", maxSplits: 1)
        return parts.count > 1 ? parts[0] + "." : text
    }
}
