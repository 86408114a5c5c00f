// `outbox`: the commands that are not settled, and what a person decides about them.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

extension Verb {
    static let outbox = Verb(
        name: "outbox",
        summary: "lists commands that are not settled, delivers them now, or gives them up",
        operands: "list | show|retry|discard ID… | retry|discard --where EXPR",
        details: """
            list       commands in the order of emission: tries, last error, when due
            show       one with its arguments
            retry      delivers it now, with all its tries, also when it was given up
            discard    takes it back for good: the saga's history says so

            The saga decides, and its history keeps what was decided. --where sees what
            --format jsonl prints:
              --where 'command.name == "RefundPayment" && command.attempts > 3'
            """,
        options: Option.liveStore + Option.listing + Option.changing + Option.printing,
        perform: { arguments throws(UsageError) in
            let request = try OperatorRequest(
                "outbox", others: ["show", "retry", "discard"], arguments)
            let limit = try arguments.wholeNumber("--limit") ?? 100
            let isChange = ["retry", "discard"].contains(request.word)
            let reason = isChange ? try arguments.reason(for: request.word) : ""
            let condition = try Where(arguments, over: OutboxRegister.variables)
            return try await withOperatorStore(arguments) { store, catalog throws(StoreError) in
                let list = OutboxRegister(
                    store: store, mask: PersonalMask(catalog, arguments),
                    tenant: arguments.value("--tenant"))
                let desk = RegisterDesk(list: list, arguments: arguments, condition: condition)
                switch request.word {
                case "list": return try await desk.tell(limit: limit)
                case "show": return try await desk.show(request.names)
                default: break
                }
                let (rows, code) = try await desk.chosen(request.names)
                guard !rows.isEmpty else { return code }
                return try await ActionDesk(store: store, catalog: catalog, arguments: arguments)
                    .act(
                        rows.map { row in
                            let command = row.pending.command
                            let action = OperatorAction(
                                verb: request.word == "retry" ? .retry : .skip, reason: reason,
                                subject: .command(command.id))
                            return ActionRequest(action, on: command.instance)
                        })
            }
        },
        words: ["list", "show", "retry", "discard"])
}
