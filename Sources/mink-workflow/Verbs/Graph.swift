// `graph`: a picture of a workflow, or of what a failure undoes.
import MinkDefinition
import MinkWorkflow

extension Verb {
    static let graph = Verb(
        name: "graph",
        summary: "draws a workflow, or what is undone when it fails in a state",
        operands: "FILE",
        details: """
            Mermaid is drawn by code forges and note books, DOT by Graphviz. For SVG the
            program "dot" of Graphviz has to be installed.
            """,
        options: [
            Option(
                name: "--format", value: "FORMAT", summary: "mermaid (default), dot or svg",
                choices: ["mermaid", "dot", "svg"]),
            Option(
                name: "--failure", value: "STATE",
                summary: "what is undone when it fails there"),
        ],
        perform: { arguments throws(UsageError) in
            guard let definition = try loadOnlyDefinition(arguments, for: "graph") else {
                return .negative
            }
            let picture = try picture(of: definition, arguments.value("--failure"))
            Output.write(try drawn(picture, as: arguments.value("--format")))
            return .ok
        })

    private static func picture(
        of definition: Definition, _ failing: String?
    ) throws(UsageError) -> WorkflowPicture {
        guard let failing else { return WorkflowPicture(of: definition) }
        guard let state = definition.state(failing) else {
            let names = definition.states.filter { !$0.isFinal }.map(\.name)
            let help = NameSuggestions(names).help(for: failing).map { "; \($0)" } ?? ""
            throw UsageError(message: "there is no state \"\(failing)\"\(help)", code: .notFound)
        }
        guard !state.isFinal else {
            throw UsageError(
                message: "a saga has ended in \"\(failing)\" and can not fail there; "
                    + "name a state that waits")
        }
        return WorkflowPicture(of: definition, failingIn: failing)
    }

    private static func drawn(
        _ picture: WorkflowPicture, as format: String?
    ) throws(UsageError) -> String {
        switch format {
        case "dot": DOTRenderer(picture).text
        case "svg": try laidOut(DOTRenderer(picture).text)
        default: MermaidRenderer(picture).text
        }
    }

    private static func laidOut(_ text: String) throws(UsageError) -> String {
        let dot: Subprocess
        do throws(FileError) {
            dot = try Subprocess.run(["dot", "-Tsvg"], input: Array(text.utf8))
        } catch {
            throw UsageError(
                message: "SVG needs the program \"dot\" of Graphviz, which can not be started; "
                    + "install graphviz, or take --format mermaid")
        }
        guard dot.status == 0 else {
            let reason = String(decoding: dot.errors, as: UTF8.self)
            throw UsageError(
                message: "\"dot\" could not draw this, it ended with \(dot.status): \(reason)")
        }
        return String(decoding: dot.output, as: UTF8.self)
    }
}
