// `matrix`: what becomes of each event in each state, and what a failure undoes.
import MinkDefinition
import MinkWorkflow

extension Verb {
    static let matrix = Verb(
        name: "matrix",
        summary: "shows what becomes of each event in each state, and what a failure undoes",
        operands: "FILE",
        details: "",
        options: [
            Option(
                name: "--format", value: "FORMAT", summary: "text (default), markdown or json",
                choices: ["text", "markdown", "json"])
        ],
        perform: { arguments throws(UsageError) in
            guard arguments.operands.count == 1 else {
                throw UsageError(message: "matrix needs one workflow file")
            }
            let files = try projectFiles(arguments.operands, endings: [".workflow.json"])
            guard let loaded = loadWithoutErrors(files) else { return .negative }
            for workflow in loaded.catalog.workflows {
                guard let definition = loaded.catalog.active(workflow) else { continue }
                let renderer = MatrixRenderer(of: definition)
                switch arguments.value("--format") {
                case "markdown": Output.write(renderer.markdown)
                case "json": Output.write(renderer.json)
                default: Output.write(renderer.text)
                }
            }
            return .ok
        })
}
