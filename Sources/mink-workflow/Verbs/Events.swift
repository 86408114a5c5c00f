// `events`: puts events into the log of a live store, and tells what became of those that are there.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

extension Verb {
    static let events = Verb(
        name: "events",
        summary: "sends events to a live store, and tells what became of those in its log",
        operands: "send TYPE --data JSON|FILE|- | send FILE|- | list | show ID…",
        details: """
            send       appends an event; it ends when the event can not be lost any more
            list       the newest first, each with what became of it
            show       one with its data

            "send FILE" and "send -" read lines such as
              {"type": "OrderCreated", "id": "e1", "data": {…}}
            With a TYPE, --data - reads the data of one event, or of one on each line.
            An event without an id gets a new one. The same id with the same content is a
            duplicate, which changes nothing; with other content it is refused.
            """,
        options: Option.liveStore + [
            Option(name: "--data", value: "JSON", summary: "send: the fields, a file, or -"),
            Option(name: "--id", value: "ID", summary: "send: the event's id; show it once more"),
            Option(name: "--stream", value: "NAME", summary: "send: the stream of the event"),
            Option(
                name: "--correlation", value: "ID",
                summary: "what ties together all that one request led to"),
            Option(name: "--type", value: "TYPE", summary: "list: only events of this type"),
            Option(name: "--workflow", value: "NAME", summary: "list: only about this workflow"),
            Option(name: "--key", value: "KEY", summary: "list: only about this saga of it"),
            Option(
                name: "--since", value: "TIME",
                summary: "list: appended since a moment, or so long ago: 1h"),
        ] + Option.listing + Option.changing.filter { $0.name != "--yes" } + Option.printing,
        perform: { arguments throws(UsageError) in
            if arguments.operands.first == "send" {
                let sending = try EventSending(arguments)
                return try await withOperatorStore(arguments) {
                    store, catalog throws(StoreError) in
                    try await sending.send(to: store, catalog)
                }
            }
            let request = try OperatorRequest(
                "events", lists: ["list"], others: ["show", "send"], arguments)
            let limit = try arguments.wholeNumber("--limit") ?? 100
            let filter = try arguments.eventFilter
            let condition = try Where(arguments, over: EventRegister.variables)
            return try await withOperatorStore(arguments) { store, catalog throws(StoreError) in
                let list = EventRegister(
                    store: store, catalog: catalog, mask: PersonalMask(catalog, arguments),
                    filter: filter, workflow: arguments.value("--workflow"),
                    key: arguments.value("--key"))
                let desk = RegisterDesk(list: list, arguments: arguments, condition: condition)
                return request.word == "list"
                    ? try await desk.tell(limit: limit) : try await desk.show(request.names)
            }
        },
        words: ["send", "list", "show"])
}

extension Arguments {
    fileprivate var eventFilter: EventFilter {
        get throws(UsageError) {
            guard value("--key") == nil || value("--workflow") != nil else {
                throw UsageError(message: "--key needs --workflow NAME, whose key it is")
            }
            var filter = EventFilter()
            filter.tenant = value("--tenant")
            filter.type = value("--type")
            filter.correlationID = value("--correlation")
            if let text = value("--since") {
                let now = SystemClock().now()
                let ago = DurationText.parse(text).flatMap { now.adding(.zero - $0) }
                guard let since = Timestamp(text) ?? ago else {
                    throw UsageError(
                        message: "--since needs a moment such as 2026-01-01T00:00:00Z, or a "
                            + "duration such as 1h")
                }
                filter.since = since
            }
            return filter
        }
    }
}
