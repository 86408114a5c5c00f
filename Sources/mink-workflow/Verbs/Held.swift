// `held`: events that came before their time, and what a person decides about them.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

extension Verb {
    static let held = Verb(
        name: "held",
        summary: "lists events that came early and are held, has them judged, or sets them aside",
        operands: "list | show|retry|discard ID… | retry|discard --where EXPR",
        details: """
            list       held events, each with its saga and how long it is wanted
            show       one with its data
            retry      has the saga judge it now; refused while it is still early
            discard    makes a dead letter of it, for good

            --where sees what --format jsonl prints:
              --where 'event.type == "InventoryReserved" && event.until < now + duration("10m")'
            """,
        options: Option.liveStore + Option.listing + Option.changing + Option.printing,
        perform: { arguments throws(UsageError) in
            let request = try OperatorRequest(
                "held", others: ["show", "retry", "discard"], arguments)
            let limit = try arguments.wholeNumber("--limit") ?? 100
            let isChange = ["retry", "discard"].contains(request.word)
            let reason = isChange ? try arguments.reason(for: request.word) : ""
            let condition = try Where(arguments, over: HeldRegister.variables)
            return try await withOperatorStore(arguments) { store, catalog throws(StoreError) in
                let list = HeldRegister(
                    store: store, mask: PersonalMask(catalog, arguments),
                    tenant: arguments.value("--tenant"))
                let desk = RegisterDesk(list: list, arguments: arguments, condition: condition)
                switch request.word {
                case "list": return try await desk.tell(limit: limit)
                case "show": return try await desk.show(request.names)
                default: break
                }
                let (things, code) = try await desk.chosen(request.names)
                guard !things.isEmpty else { return code }
                return try await ActionDesk(store: store, catalog: catalog, arguments: arguments)
                    .act(
                        things.map { thing in
                            let action = OperatorAction(
                                verb: request.word == "retry" ? .retry : .skip, reason: reason,
                                subject: .held(thing.held.event.id))
                            return ActionRequest(action, on: thing.instance)
                        })
            }
        },
        words: ["list", "show", "retry", "discard"])
}
