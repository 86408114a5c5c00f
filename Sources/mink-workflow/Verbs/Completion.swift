// `completion`: scripts by which shells complete the command line.

extension Verb {
    static let completion = Verb(
        name: "completion",
        summary: "prints a script by which a shell completes verbs and options",
        operands: "bash|zsh|fish",
        details: """
            bash:  source <(mink-workflow completion bash)
            zsh:   source <(mink-workflow completion zsh)
            fish:  mink-workflow completion fish | source
            """,
        options: [],
        perform: { arguments throws(UsageError) in
            let known = Shell.allCases.map(\.rawValue).joined(separator: ", ")
            let word = try arguments.onlyOperand("completion needs one of \(known)")
            guard let shell = Shell(rawValue: word) else {
                throw UsageError(
                    message: "completion does not know \"\(word)\"; it needs one of \(known)")
            }
            Output.write(shell.completion(of: CommandLineTool.verbs))
            return .ok
        },
        words: Shell.allCases.map(\.rawValue))
}
