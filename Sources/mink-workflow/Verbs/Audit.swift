// `audit`: who changed what by hand, when and why.
import MinkEngine
import MinkExpression
import MinkStore

extension Verb {
    static let audit = Verb(
        name: "audit",
        summary: "lists what people changed: who, when, why, and how it stood before and after",
        operands: "list | show NUMBER…",
        details: """
            list       the newest first
            show       one with how it stood before and after

            A record of its own, because people also change what is no saga: dead letters,
            events, definitions. Nobody can change or delete an entry.
            """,
        options: Option.liveStore + Option.listing + [
            Option(name: "--workflow", value: "NAME", summary: "list: only about this workflow"),
            Option(name: "--key", value: "KEY", summary: "list: only about sagas with this key"),
            Option(name: "--by", value: "NAME", summary: "list: only what this person did"),
            Option(
                name: "--verb", value: "WORDS",
                summary: "list: only this, as in \"instances skip\""),
        ] + Option.printing,
        perform: { arguments throws(UsageError) in
            let request = try OperatorRequest("audit", others: ["show"], arguments)
            let limit = try arguments.wholeNumber("--limit") ?? 100
            var filter = AuditFilter()
            filter.tenant = arguments.value("--tenant")
            filter.workflow = arguments.value("--workflow")
            filter.key = arguments.value("--key").map { .string($0) }
            filter.person = arguments.value("--by")
            filter.verb = arguments.value("--verb")
            let condition = try Where(arguments, over: AuditRegister.variables)
            return try await withOperatorStore(arguments) { [filter] store, _ throws(StoreError) in
                let list = AuditRegister(store: store, filter: filter)
                let desk = RegisterDesk(list: list, arguments: arguments, condition: condition)
                return request.word == "list"
                    ? try await desk.tell(limit: limit) : try await desk.show(request.names)
            }
        },
        words: ["list", "show"])
}
