// The words of a command line, read by the description of a verb.
import MinkDefinition

/// What a verb was given.
struct Arguments: Sendable {
    /// The words that are no options.
    private(set) var operands: [String] = []
    private var values: [String: [String]] = [:]

    /// Reads the words behind a verb.
    init(_ words: [String], for verb: Verb) throws(UsageError) {
        var rest = words[...]
        var takesOptions = true
        while let word = rest.popFirst() {
            if takesOptions, word == "--" {
                takesOptions = false
            } else if takesOptions, word.hasPrefix("-"), word != "-" {
                try read(option: word, &rest, for: verb)
            } else {
                operands.append(word)
            }
        }
    }

    private mutating func read(
        option word: String, _ rest: inout ArraySlice<String>, for verb: Verb
    ) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = verb.options.first(where: { $0.name == name }) else {
            throw UsageError(message: verb.unknownOption(name))
        }
        guard option.value != nil else {
            guard parts.count == 1 else {
                throw UsageError(message: "\(name) takes no value")
            }
            values[name] = [""]
            return
        }
        guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
            throw UsageError(message: "\(name) needs a value: \(option.value ?? "")")
        }
        try check(value, of: option)
        if !option.isRepeatable, values[name] != nil {
            throw UsageError(message: "\(name) was given twice")
        }
        values[name, default: []].append(value)
    }

    private func check(_ value: String, of option: Verb.Option) throws(UsageError) {
        let word = value.split(separator: "=").first.map(String.init) ?? value
        guard option.choices.isEmpty || option.choices.contains(word) else {
            throw UsageError(
                message: "\(option.name) does not know \"\(value)\"; it takes "
                    + option.choices.joined(separator: ", "))
        }
    }

    /// Whether a switch was given.
    func has(_ name: String) -> Bool { values[name] != nil }

    /// The value of an option; `nil` when it was not given.
    func value(_ name: String) -> String? { values[name]?.last }

    /// All values of an option that may be repeated.
    func values(_ name: String) -> [String] { values[name] ?? [] }
}

extension Verb {
    fileprivate func unknownOption(_ name: String) -> String {
        let known = options.map(\.name) + ["--help"]
        let hint = NameSuggestions(known).nearest(to: name)
            .map { "; did you mean \($0)?" }
        return "\(self.name) has no option \(name)"
            + (hint ?? "; \"mink-workflow \(self.name) --help\" lists them")
    }
}
