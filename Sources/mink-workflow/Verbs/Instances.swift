// `instances`: what stands in a store, why it stands there, and how a person repairs it.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

extension Verb {
    static let instances = Verb(
        name: "instances",
        summary: "lists sagas, tells what happened to one and what it waits for, and repairs it",
        operands: "list | show|explain|ACTION WORKFLOW KEY",
        details: """
            list       the sagas that fit, in the order of their start
            show       how one stands, and all that happened to it
            explain    what one waits for: events, timers, commands, incidents

            Actions, each with --reason; they are recorded:
            resume       goes on after a pausing incident
            retry        sends a stuck undo, or a command that was given up, again
            skip         leaves a stuck undo out
            mark-done    takes a stuck undo as done, because a person has done it
            compensate   undoes the saga, into its failed state
            cancel       undoes the saga, into its cancelled state
            migrate      moves one saga, or all of a workflow, to the version that --to names;
                         what does not fit there stays and is told
            """,
        options: Option.store + [
            Option(name: "--tenant", value: "NAME", summary: "whose sagas; no tenant unless told"),
            Option(name: "--workflow", value: "NAME", summary: "list: only sagas of this workflow"),
            Option(
                name: "--status", value: "STATUS", summary: "list: only sagas in this status",
                choices: SagaStatus.allCases.map(\.rawValue), isRepeatable: true),
            Option(
                name: "--incident", value: "CODE",
                summary: "list: only sagas with this incident open; any for all"),
            Option(name: "--limit", value: "N", summary: "list: the most sagas; 100 unless told"),
            Option(name: "--reason", value: "TEXT", summary: "actions: why, for the record"),
            Option(name: "--by", value: "NAME", summary: "actions: who; your login unless told"),
            Option(name: "--number", value: "N", summary: "actions: which incident is meant"),
            Option(name: "--end-in", value: "STATE", summary: "compensate, cancel: where to end"),
            Option(name: "--to", value: "N", summary: "migrate: the version to go to"),
            Option(name: "--with", value: "JSON", summary: "retry: other arguments for the undo"),
            Option(name: "--dry-run", value: nil, summary: "actions: shows what would follow"),
            Option(
                name: "--format", value: "FORMAT", summary: "text (default) or jsonl",
                choices: ["text", "jsonl"]),
            Option(
                name: "--show-personal", value: nil, summary: "shows personal data, not a mask"),
        ],
        perform: { arguments throws(UsageError) in
            let request = try InstanceRequest(arguments)
            let store = try await arguments.existingStore()
            return try await withStore(store) { store throws(StoreError) in
                let desk = InstanceDesk(
                    store: store, catalog: try await store.catalog(), arguments: arguments)
                return try await desk.perform(request)
            }
        },
        words: ["list", "show", "explain"] + OperatorVerb.allCases.map(\.rawValue))
}

/// What is asked of the sagas of a store.
enum InstanceRequest {
    case list(InstanceFilter, incident: String?)
    case show(InstanceID)
    case explain(InstanceID)
    case act(OperatorAction, on: InstanceID)
    case migrate(MigrationRequest)

    init(_ arguments: Arguments) throws(UsageError) {
        let words = arguments.operands
        switch words.first {
        case "list":
            guard words.count == 1 else { throw UsageError(message: "list takes no more words") }
            self = .list(try arguments.instanceFilter, incident: arguments.value("--incident"))
        case "show": self = .show(try arguments.instance)
        case "explain": self = .explain(try arguments.instance)
        case "migrate": self = .migrate(try MigrationRequest(arguments))
        case let word?:
            guard let verb = OperatorVerb(rawValue: word) else {
                let known = ["list", "show", "explain"] + OperatorVerb.allCases.map(\.rawValue)
                let hint = NameSuggestions(known).nearest(to: word)
                    .map { "; did you mean \"\($0)\"?" }
                throw UsageError(
                    message: "instances does not know \"\(word)\""
                        + (hint ?? "; it knows \(known.joined(separator: ", "))"))
            }
            self = .act(try arguments.action(verb), on: try arguments.instance)
        case nil:
            throw UsageError(message: "instances needs a word: list, show, explain or an action")
        }
    }
}

extension Arguments {
    fileprivate var instance: InstanceID {
        get throws(UsageError) {
            guard operands.count == 3 else {
                throw UsageError(
                    message: "say which saga: \(operands.first ?? "show") WORKFLOW KEY")
            }
            // A number may also be a text: what the store has decides.
            return InstanceID(
                tenant: value("--tenant") ?? "", workflow: operands[1], key: .string(operands[2]))
        }
    }

    fileprivate var instanceFilter: InstanceFilter {
        get throws(UsageError) {
            var filter = InstanceFilter()
            filter.tenant = value("--tenant")
            filter.workflow = value("--workflow")
            let statuses = values("--status").compactMap(SagaStatus.init)
            if !statuses.isEmpty { filter.statuses = Set(statuses) }
            filter.limit = try wholeNumber("--limit") ?? 100
            return filter
        }
    }

    fileprivate func action(_ verb: OperatorVerb) throws(UsageError) -> OperatorAction {
        guard let reason = value("--reason"), !reason.isEmpty else {
            throw UsageError(message: "\(verb.rawValue) needs --reason TEXT, for the record")
        }
        var changed: Value?
        if let text = value("--with") {
            let document = JSONDocument(reading: Array(text.utf8), limits: .event)
            guard document.problems.isEmpty, let root = document.root, root.kind == .object
            else { throw UsageError(message: "--with needs a JSON object") }
            changed = root.value
        }
        return OperatorAction(
            verb: verb, reason: reason, arguments: changed, incident: try wholeNumber("--number"),
            endIn: value("--end-in"))
    }

    func wholeNumber(_ name: String) throws(UsageError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), number > 0 else {
            throw UsageError(message: "\(name) needs a whole number above 0")
        }
        return number
    }
}
