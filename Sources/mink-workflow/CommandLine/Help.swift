// What `--help` prints, from the descriptions of the verbs.

enum Help {
    /// The page of the whole command line.
    static func overview(_ verbs: [Verb]) -> String {
        let width = verbs.map { $0.name.count }.max() ?? 0
        let lines = verbs.map { verb in
            "  \(verb.name.padded(to: width))  \(verb.summary)"
        }
        return """
            mink-workflow runs sagas that people can read: JSON files of states, events, commands
            and what undoes them.

            Usage: mink-workflow VERB [OPTIONS] …

            \(lines.joined(separator: "\n"))

            "mink-workflow VERB --help" explains a verb.
            Exit codes: 0 ok, 1 a negative answer, 2 wrong use or configuration, 3 a bug of ours,
            4 database or server not reachable, 5 not found, 6 conflict, 7 not allowed.
            """
    }

    /// The page of one verb.
    static func page(_ verb: Verb) -> String {
        var text = "\(verb.summary)\n\nUsage: mink-workflow \(verb.name)"
        if !verb.options.isEmpty { text += " [OPTIONS]" }
        if !verb.operands.isEmpty { text += " \(verb.operands)" }
        if !verb.details.isEmpty { text += "\n\n\(verb.details)" }
        let shown = verb.options.map { ($0.name + ($0.value.map { " \($0)" } ?? ""), $0.summary) }
        let width = shown.map { $0.0.count }.max() ?? 0
        if !shown.isEmpty {
            text += "\n\nOptions:"
            for (name, summary) in shown { text += "\n  \(name.padded(to: width))  \(summary)" }
        }
        return text
    }
}

extension String {
    /// The text with spaces behind it, to fill a column.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
