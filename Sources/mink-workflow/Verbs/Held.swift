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
            let verb = RegisterVerb<HeldRegister>(
                name: "held", changes: ["retry", "discard"], arguments: arguments)
            return try await verb.perform { store, mask, _ in
                HeldRegister(store: store, mask: mask, tenant: arguments.value("--tenant"))
            } change: { change throws(StoreError) in
                try await change.desk.act(
                    change.things.map { thing in
                        let action = OperatorAction(
                            verb: change.word == "retry" ? .retry : .skip, reason: change.reason,
                            subject: .held(thing.held.event.id))
                        return ActionRequest(action, on: thing.instance)
                    })
            }
        },
        words: ["list", "show", "retry", "discard"])
}
