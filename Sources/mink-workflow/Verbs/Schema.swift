// `schema`: the JSON Schemas that editors read.

extension Verb {
    static let schema = Verb(
        name: "schema",
        summary: "prints the JSON Schema of a kind of file",
        operands: "workflow|scenarios|engine",
        details: """
            Editors that read "$schema" complete keys from it, say what they mean, and mark
            mistakes.
            """,
        options: [],
        perform: { arguments throws(UsageError) in
            guard arguments.operands.count == 1, let name = arguments.operands.first,
                let schema = Document.schema(name)
            else { throw UsageError(message: "schema needs one of workflow, scenarios, engine") }
            Output.write(schema)
            return .ok
        },
        words: ["workflow", "scenarios"])
}
