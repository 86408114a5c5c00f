// `definitions`: which versions of workflows a store keeps, which of them new sagas take, and how
// many sagas need each.
import MinkDefinition
import MinkStore
import MinkWorkflow

extension Verb {
    static let definitions = Verb(
        name: "definitions",
        summary: "shows the versions of a store, publishes, activates and retires them",
        operands:
            "list | show WORKFLOW [VERSION] | publish FILE… | activate|retire WORKFLOW VERSION",
        details: """
            list       every version: whether new sagas take it, how many need it; and files that
                       engines could not load
            show       the text of a version, the active one unless told

            Actions, each with --reason; they take effect in every engine of the store:
            publish    checks files and keeps them; a changed text needs a new version
            activate   has new sagas take a version; "highest" takes the newest again, also later
            retire     takes a version out of use that no saga needs

            Running sagas keep their version; "instances migrate" moves them.
            """,
        options: Option.store + [
            Option(name: "--workflow", value: "NAME", summary: "list: only this workflow"),
            Option(name: "--reason", value: "TEXT", summary: "actions: why, for the record"),
            Option(name: "--by", value: "NAME", summary: "actions: who; your login unless told"),
            Option(name: "--dry-run", value: nil, summary: "actions: shows what would follow"),
            Option(name: "--config", value: "FILE", summary: "publish: the operator's file"),
            Option(
                name: "--format", value: "FORMAT", summary: "text (default) or jsonl",
                choices: ["text", "jsonl"]),
        ],
        perform: { arguments throws(UsageError) in
            let request = try DefinitionRequest(arguments)
            let folder = try request.folder(arguments)
            let store =
                request.makesStore
                ? try await arguments.storeToFill() : try await arguments.existingStore()
            return try await withStore(store) { store throws(StoreError) in
                let desk = DefinitionDesk(store: store, arguments: arguments)
                return try await desk.perform(request, folder)
            }
        },
        words: DefinitionRequest.words)
}

/// What is asked of the definitions of a store.
enum DefinitionRequest {
    case list
    case show(String, Int?)
    case publish([String])
    case activate(String, Int?)
    case retire(String, Int)

    static let words = ["list", "show", "publish", "activate", "retire"]

    init(_ arguments: Arguments) throws(UsageError) {
        let words = arguments.operands
        let word = words.first ?? ""
        if ["publish", "activate", "retire"].contains(word) {
            guard let reason = arguments.value("--reason"), !reason.isEmpty else {
                throw UsageError(message: "\(word) needs --reason TEXT, for the record")
            }
        }
        switch (word, words.count) {
        case ("list", 1): self = .list
        case ("list", _): throw UsageError(message: "list takes no more words")
        case ("show", 2): self = .show(words[1], nil)
        case ("show", 3): self = .show(words[1], try Self.version(words[2]))
        case ("publish", 2...): self = .publish(Array(words.dropFirst()))
        case ("publish", _): throw UsageError(message: "publish needs workflow files")
        case ("activate", 3) where words[2] == "highest": self = .activate(words[1], nil)
        case ("activate", 3): self = .activate(words[1], try Self.version(words[2]))
        case ("retire", 3): self = .retire(words[1], try Self.version(words[2]))
        case ("show", _), ("activate", _), ("retire", _):
            throw UsageError(message: "say which version: \(word) WORKFLOW VERSION")
        case ("", _):
            throw UsageError(
                message: "definitions needs a word: \(Self.words.joined(separator: ", "))")
        default:
            let hint = NameSuggestions(Self.words).nearest(to: word)
                .map { "; did you mean \"\($0)\"?" }
            throw UsageError(
                message: "definitions does not know \"\(word)\""
                    + (hint ?? "; it knows \(Self.words.joined(separator: ", "))"))
        }
    }

    private static func version(_ word: String) throws(UsageError) -> Int {
        let digits = word.hasPrefix("v") ? String(word.dropFirst()) : word
        guard let version = Int(digits), version > 0 else {
            throw UsageError(message: "a version is a whole number above 0, not \"\(word)\"")
        }
        return version
    }

    /// Whether a store that is not there yet is made.
    var makesStore: Bool {
        if case .publish = self { return true }
        return false
    }

    /// The files to publish; `nil` for any other request.
    func folder(_ arguments: Arguments) throws(UsageError) -> DefinitionFolder? {
        guard case .publish(let paths) = self else { return nil }
        _ = try projectFiles(paths, endings: [".workflow.json"])
        return try arguments.definitionFolder(paths)
    }
}

extension Arguments {
    /// Workflow files, read by the operator's settings.
    func definitionFolder(_ paths: [String]) throws(UsageError) -> DefinitionFolder {
        let settings = try settings()
        let folder = paths.isEmpty ? [settings?.definitions ?? "."] : paths
        return DefinitionFolder(folder) {
            var options = DefinitionReader.Options.ofThisMachine
            if let settings { options.apply(settings) }
            return options
        }
    }

    /// Opens the store that was named, which may be new.
    fileprivate func storeToFill() async throws(UsageError) -> any AnyStore {
        try await storePlace(mayBeNew: true).open()
    }
}
