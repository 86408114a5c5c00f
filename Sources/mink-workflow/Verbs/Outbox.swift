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
            let verb = RegisterVerb<OutboxRegister>(
                name: "outbox", changes: ["retry", "discard"], arguments: arguments)
            return try await verb.perform { store, mask, _ in
                OutboxRegister(store: store, mask: mask, tenant: arguments.value("--tenant"))
            } change: { change throws(StoreError) in
                try await change.desk.act(
                    change.things.map { row in
                        let command = row.pending.command
                        let action = OperatorAction(
                            verb: change.word == "retry" ? .retry : .skip, reason: change.reason,
                            subject: .command(command.id))
                        return ActionRequest(action, on: command.instance)
                    })
            }
        },
        words: ["list", "show", "retry", "discard"])
}
