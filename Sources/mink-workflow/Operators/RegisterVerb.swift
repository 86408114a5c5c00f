// The verbs by which people decide about things that wait: commands, held events, dead letters.
import MinkStore

/// Lists, shows and changes the things of a register.
struct RegisterVerb<List: Register> {
    let name: String
    /// The words that change something, beside `list` and `show`.
    let changes: [String]
    let arguments: Arguments

    /// What is to be changed, and why.
    struct Change {
        let word: String
        let reason: String
        let things: [List.Thing]
        let desk: ActionDesk
    }

    /// Answers the command line.
    ///
    /// - Parameters:
    ///   - makeList: The register, for a word.
    ///   - change: Carries a change out.
    /// - Returns: How the process ends.
    /// - Throws: ``UsageError`` if the command line does not fit.
    func perform(
        list makeList: (_ store: any AnyStore, _ mask: PersonalMask, _ word: String) -> List,
        change: (Change) async throws(StoreError) -> ExitCode
    ) async throws(UsageError) -> ExitCode {
        let request = try OperatorRequest(name, others: ["show"] + changes, arguments)
        let limit = try arguments.wholeNumber("--limit") ?? 100
        let isChange = changes.contains(request.word)
        let reason = isChange ? try arguments.reason(for: request.word) : ""
        let condition = try Where(arguments, over: List.variables)
        return try await withOperatorStore(arguments) { store, catalog throws(StoreError) in
            let list = makeList(store, PersonalMask(catalog, arguments), request.word)
            let desk = RegisterDesk(list: list, arguments: arguments, condition: condition)
            switch request.word {
            case "list": return try await desk.tell(limit: limit)
            case "show": return try await desk.show(request.names)
            default: break
            }
            let (things, code) = try await desk.chosen(request.names)
            guard !things.isEmpty else { return code }
            return try await change(
                Change(
                    word: request.word, reason: reason, things: things,
                    desk: ActionDesk(store: store, catalog: catalog, arguments: arguments)))
        }
    }
}
