// `dead-letters`: events that nobody could use, and what a person decides about them.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

extension Verb {
    static let deadLetters = Verb(
        name: "dead-letters",
        summary: "lists events that nobody could use, has them judged again, or closes them",
        operands: "list | show|requeue|discard NUMBER… | requeue|discard --where EXPR",
        details: """
            list       open dead letters, oldest first; --all also those that were decided
            show       one with its data
            requeue    has its saga judge the event again, by the definition of today
            discard    closes it for good

            A letter is requeued once. What can still not be used becomes a new one. --where
            sees what --format jsonl prints:
              --where 'letter.reason == "unexpected" && letter.at > now - duration("24h")'
            """,
        options: Option.liveStore + Option.listing + [
            Option(name: "--all", value: nil, summary: "list: also what was decided")
        ] + Option.changing + Option.printing,
        perform: { arguments throws(UsageError) in
            let verb = RegisterVerb<LetterRegister>(
                name: "dead-letters", changes: ["requeue", "discard"], arguments: arguments)
            return try await verb.perform { store, mask, word in
                LetterRegister(
                    store: store, mask: mask, tenant: arguments.value("--tenant"),
                    withSettled: !verb.changes.contains(word) && arguments.has("--all"))
            } change: { change throws(StoreError) in
                try await LetterDesk(actions: change.desk, reason: change.reason)
                    .decide(change.things, requeues: change.word == "requeue")
            }
        },
        words: ["list", "show", "requeue", "discard"])
}

/// Decides about dead letters.
private struct LetterDesk {
    let actions: ActionDesk
    let reason: String

    func decide(
        _ rows: [LetterRow], requeues: Bool
    ) async throws(StoreError) -> ExitCode {
        var code = ExitCode.ok
        for row in rows {
            if let outcome = row.outcome {
                code = actions.refuse("dead letter \(row.number) was \(outcome) already")
                continue
            }
            let next = requeues ? try await requeue(row) : try await discard(row)
            if next != .ok { code = next }
        }
        return code
    }

    private func requeue(_ row: LetterRow) async throws(StoreError) -> ExitCode {
        let event = row.letter.event
        let action = OperatorAction(
            verb: .retry, reason: reason, subject: .letter(event, isSeen: false))
        if let id = row.letter.instance {
            return try await actions.requeue(row, as: [ActionRequest(action, on: id)])
        }
        var requests: [ActionRequest] = []
        var obstacle = "no workflow lists \(event.type)"
        for definition in actions.catalog.definitions(listing: event.type) {
            switch route(event, by: definition) {
            case .notListed: continue
            case .deadLetter(_, let message): obstacle = message
            case .instance(let id, _, _):
                obstacle = "its sagas have judged it"
                if try await hasJudged(event, id) { continue }
                requests.append(ActionRequest(action, on: id))
            }
        }
        guard !requests.isEmpty else {
            return actions.refuse("dead letter \(row.number) finds no saga: \(obstacle)")
        }
        return try await actions.requeue(row, as: requests)
    }

    /// Whether a saga has had the event before, because only another workflow could not use it.
    private func hasJudged(
        _ event: EventRecord, _ id: InstanceID
    ) async throws(StoreError) -> Bool {
        try await actions.store.history(of: id).contains { turn in
            turn.facts.contains { fact in
                if case .event(event.id, _, _, _) = fact { true } else { false }
            }
        }
    }

    private func discard(_ row: LetterRow) async throws(StoreError) -> ExitCode {
        let (letter, event) = (row.letter, row.letter.event)
        guard !actions.arguments.has("--dry-run") else {
            Output.line(
                "would discard dead letter \(row.number): \(event.type) \(event.id)"
                    .withoutControls)
            return .ok
        }
        let entry = AuditEntry(
            at: SystemClock().now(), person: actions.arguments.person,
            verb: "dead-letters discard", reason: reason, tenant: event.metadata.tenant,
            workflow: letter.instance?.workflow, key: letter.instance?.key,
            subject: "dead letter \(row.number)",
            before: [
                "event": .string("\(event.type) \(event.id)"), "reason": .string(letter.reason),
            ],
            after: ["outcome": "discarded"])
        guard try await actions.store.discard(letter: row.number, recording: entry) else {
            return actions.refuse("dead letter \(row.number) was settled by somebody else just now")
        }
        Output.line(
            "discarded dead letter \(row.number): \(event.type) \(event.id)".withoutControls)
        return .ok
    }
}
