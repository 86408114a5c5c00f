// `instances`: what stands in a store, why it stands there, and how a person repairs it.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

extension Verb {
    static let instances = Verb(
        name: "instances",
        summary: "lists sagas, tells what happened to one and what it waits for, and repairs it",
        operands: "list | show|explain|watch|ACTION WORKFLOW KEY | ACTION --where EXPR",
        details: """
            list       the sagas that fit, in the order of their start
            show       how one stands, and all that happened to it
            explain    what one waits for: events, timers, commands, incidents
            watch      what happens to one as it is kept, until it ends

            Actions, each with --reason; they are recorded:
            resume       goes on after a pausing incident
            retry        sends a stuck undo, or a command that was given up, again
            skip         leaves a stuck undo out
            mark-done    takes a stuck undo as done, because a person has done it
            compensate   undoes the saga, into its failed state
            cancel       undoes the saga, into its cancelled state
            migrate      moves one saga, or all of a workflow, to the version that --to names;
                         what does not fit there stays and is told

            --where takes a condition over saga (workflow, key, tenant, version, status,
            state, startedAt, endedAt, incidents, held, failureReason), data and now:
              --where 'saga.state == "AwaitingPayment" && data.total > 100'
            An action on all that fit shows them first; --yes carries it out.
            """,
        options: Option.liveStore + [
            Option(name: "--tenant", value: "NAME", summary: "whose sagas; no tenant unless told"),
            Option(name: "--workflow", value: "NAME", summary: "only sagas of this workflow"),
            Option(
                name: "--status", value: "STATUS", summary: "only sagas in this status",
                choices: SagaStatus.allCases.map(\.rawValue), isRepeatable: true),
            Option(
                name: "--incident", value: "CODE",
                summary: "only sagas with this incident open; any for all"),
            Option(name: "--limit", value: "N", summary: "list: the most sagas; 100 unless told"),
            Option.condition,
        ] + Option.changing + [
            Option(name: "--number", value: "N", summary: "actions: which incident is meant"),
            Option(name: "--end-in", value: "STATE", summary: "compensate, cancel: where to end"),
            Option(name: "--to", value: "N", summary: "migrate: the version to go to"),
            Option(name: "--with", value: "JSON", summary: "retry: other arguments for the undo"),
        ] + Option.printing,
        perform: { arguments throws(UsageError) in
            let request = try InstanceRequest(arguments)
            let condition = try Where(arguments, over: InstanceRegister.variables)
            let store = try await arguments.existingStore()
            return try await withStore(store) { store throws(StoreError) in
                let desk = InstanceDesk(
                    store: store, catalog: try await store.catalog(), arguments: arguments,
                    condition: condition)
                return try await desk.perform(request)
            }
        },
        words: InstanceRequest.words + OperatorVerb.allCases.map(\.rawValue))
}

/// What is asked of the sagas of a store.
enum InstanceRequest {
    case list(InstanceFilter, incident: String?)
    case show(InstanceID)
    case explain(InstanceID)
    case watch(InstanceID)
    case act(OperatorAction, on: InstanceID)
    case migrate(MigrationRequest)
    /// An action on all sagas that fit.
    case actOnAll(OperatorAction, InstanceFilter, incident: String?)

    /// The words that change nothing.
    static let words = ["list", "show", "explain", "watch"]

    init(_ arguments: Arguments) throws(UsageError) {
        let words = arguments.operands
        switch words.first {
        case "list":
            guard words.count == 1 else { throw UsageError(message: "list takes no more words") }
            self = .list(try arguments.instanceFilter, incident: arguments.value("--incident"))
        case "show": self = .show(try arguments.instance)
        case "explain": self = .explain(try arguments.instance)
        case "watch": self = .watch(try arguments.instance)
        case "migrate": self = .migrate(try MigrationRequest(arguments))
        case let word?:
            guard let verb = OperatorVerb(rawValue: word) else {
                throw UsageError(
                    "instances", doesNotKnow: word,
                    Self.words + OperatorVerb.allCases.map(\.rawValue))
            }
            let action = try arguments.action(verb)
            if arguments.value("--where") != nil, words.count == 1 {
                self = .actOnAll(
                    action, try arguments.instanceFilter, incident: arguments.value("--incident"))
                return
            }
            self = .act(action, on: try arguments.instance)
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
        let reason = try reason(for: verb.rawValue)
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
}
