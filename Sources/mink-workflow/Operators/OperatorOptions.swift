// The options that the verbs of operators share.
import MinkDefinition
import MinkStore
import MinkWorkflow

extension Verb.Option {
    /// Options of a list.
    static let listing = [
        Verb.Option(name: "--tenant", value: "NAME", summary: "whose; everybody's unless told"),
        Verb.Option(name: "--limit", value: "N", summary: "list: the most lines; 100 unless told"),
        condition,
    ]

    /// Options of what is printed.
    static let printing = [
        Verb.Option(
            name: "--format", value: "FORMAT", summary: "text (default) or jsonl",
            choices: ["text", "jsonl"]),
        Verb.Option(
            name: "--show-personal", value: nil, summary: "shows personal data, not a mask"),
    ]

    /// Options of a change.
    static let changing = [
        Verb.Option(name: "--reason", value: "TEXT", summary: "changes: why, for the record"),
        Verb.Option(name: "--by", value: "NAME", summary: "changes: who; your login unless told"),
        Verb.Option(name: "--yes", value: nil, summary: "changes with --where: does it"),
        Verb.Option(name: "--dry-run", value: nil, summary: "changes: shows what would follow"),
    ]
}

/// The word behind a verb of operators, and what stands behind that.
struct OperatorRequest {
    let word: String
    let names: [String]

    /// Reads the operands of a verb.
    ///
    /// - Parameters:
    ///   - verb: The verb, for messages.
    ///   - lists: Words behind which no name stands.
    ///   - others: Words that need names, or a condition where they change something.
    ///   - arguments: The command line.
    /// - Throws: ``UsageError`` if they do not fit.
    init(
        _ verb: String, lists: [String] = ["list"], others: [String], _ arguments: Arguments
    ) throws(UsageError) {
        let known = lists + others
        guard let word = arguments.operands.first else {
            throw UsageError(message: "\(verb) needs a word: \(known.joined(separator: ", "))")
        }
        guard known.contains(word) else { throw UsageError(verb, doesNotKnow: word, known) }
        self.word = word
        names = Array(arguments.operands.dropFirst())
        if lists.contains(word) {
            guard names.isEmpty else { throw UsageError(message: "\(word) takes no more words") }
        } else if arguments.value("--where") != nil, word != "show" {
            guard names.isEmpty else {
                throw UsageError(message: "name what is meant, or give --where; not both")
            }
        } else if names.isEmpty {
            let choice = word == "show" ? "" : ", or give --where EXPR"
            throw UsageError(message: "say which: \(verb) \(word) ID…\(choice)")
        }
    }
}

extension UsageError {
    /// A word that a verb does not know, with the nearest that it does.
    init(_ verb: String, doesNotKnow word: String, _ known: [String]) {
        let hint = NameSuggestions(known).nearest(to: word).map { "; did you mean \"\($0)\"?" }
        self.init(
            message: "\(verb) does not know \"\(word)\""
                + (hint ?? "; it knows \(known.joined(separator: ", "))"))
    }
}

/// Runs a body with the store of the command line, and the definitions that it keeps.
func withOperatorStore(
    _ arguments: Arguments,
    _ body: (any AnyStore, Catalog) async throws(StoreError) -> ExitCode
) async throws(UsageError) -> ExitCode {
    let store = try await arguments.existingStore()
    return try await withStore(store) { store throws(StoreError) in
        try await body(store, try await store.catalog())
    }
}
