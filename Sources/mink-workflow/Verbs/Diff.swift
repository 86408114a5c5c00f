// `diff`: what changed between two versions of workflows, in meaning, and what that does to sagas.
import MinkDefinition
import MinkWorkflow

extension Verb {
    static let diff = Verb(
        name: "diff",
        summary: "says what changed in meaning, and what that does to running sagas",
        operands: "OLD NEW",
        details: """
            OLD and NEW are files, folders, or commits: git:REV takes the files of the other
            side as they were there, git:REV:PATH others. Workflows belong together by their
            names; layout and the order of keys count for nothing.

            BREAKING       somebody else has to change too, or the engine refuses the file
            NEEDS-MAPPING  running sagas can only be moved once "migrate" says how
            NEW-ONLY       new sagas go another way; running ones keep their version
            SAFE           no saga notices

            Exit code 1 when a change is BREAKING.
            """,
        options: [
            Option(
                name: "--format", value: "FORMAT", summary: "text (default), markdown or json",
                choices: ["text", "markdown", "json"])
        ],
        perform: { arguments throws(UsageError) in
            guard arguments.operands.count == 2 else {
                throw UsageError(message: "diff needs two sides: OLD NEW, as in git:main workflows")
            }
            let sides = arguments.operands.map(VersionSource.init)
            guard let old = definitions(try sides[0].load(beside: sides[1].paths)),
                let new = definitions(try sides[1].load(beside: sides[0].paths))
            else { return .negative }
            let diff = ProjectDiff(from: old, to: new)
            switch arguments.value("--format") {
            case "markdown": Output.write(diff.markdown)
            case "json": Output.write(diff.json)
            default: Output.write(diff.text)
            }
            return diff.worst == .breaking ? .negative : .ok
        })

    /// The definitions of one side; `nil` when one has no clear meaning, which is shown.
    private static func definitions(_ files: [VersionSource.File]) -> [Definition]? {
        var definitions: [Definition] = []
        var isWhole = true
        for file in files {
            let compiled = file.reader.compilePublished(file.input)
            if let definition = compiled.definition {
                definitions.append(definition)
            } else {
                isWhole = false
                Output.message(
                    PrettyRenderer().render(compiled.findings, sources: compiled.sources))
            }
        }
        return isWhole ? definitions : nil
    }
}
