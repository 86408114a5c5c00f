// `incidents`: everything that waits for a person, or that one should know.
import MinkExpression
import MinkStore
import MinkWorkflow

extension Verb {
    static let incidents = Verb(
        name: "incidents",
        summary: "lists the open incidents of all sagas, with their age and the next step",
        operands: "list",
        details: """
            --where sees what --format jsonl prints:
              --where 'incident.pauses && incident.at < now - duration("1h")'
            """,
        options: Option.liveStore + Option.listing + Option.printing,
        perform: { arguments throws(UsageError) in
            _ = try OperatorRequest("incidents", others: [], arguments)
            let limit = try arguments.wholeNumber("--limit") ?? 100
            let condition = try Where(arguments, over: IncidentRegister.variables)
            return try await withOperatorStore(arguments) { store, _ throws(StoreError) in
                let list = IncidentRegister(
                    store: store, tenant: arguments.value("--tenant"), now: SystemClock().now())
                return try await RegisterDesk(
                    list: list, arguments: arguments, condition: condition
                ).tell(limit: limit)
            }
        },
        words: ["list"])
}
