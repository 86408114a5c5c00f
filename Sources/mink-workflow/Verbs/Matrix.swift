// `matrix`: what becomes of each event in each state, and what a failure undoes.
import MinkDefinition
import MinkWorkflow

extension Verb {
    static let matrix = Verb(
        name: "matrix",
        summary: "shows what becomes of each event in each state, and what a failure undoes",
        operands: "FILE",
        details: """
            handled     a transition is taken, or a part of a join counts
            early       a later state handles it: it is held
            late        an earlier state handled it: what it would have done is undone
            unexpected  no state before or after handles it
            confirms    it says whether an undo took effect
            """,
        options: [
            Option(
                name: "--format", value: "FORMAT", summary: "text (default), markdown or json",
                choices: ["text", "markdown", "json"])
        ],
        perform: { arguments throws(UsageError) in
            guard let definition = try loadOnlyDefinition(arguments, for: "matrix") else {
                return .negative
            }
            let renderer = MatrixRenderer(of: definition)
            switch arguments.value("--format") {
            case "markdown": Output.write(renderer.markdown)
            case "json": Output.write(renderer.json)
            default: Output.write(renderer.text)
            }
            return .ok
        })
}
