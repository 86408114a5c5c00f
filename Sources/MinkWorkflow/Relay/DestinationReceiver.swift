// Brings commands to the destinations that operators configured, and turns their answers into
// receipts. Each destination has a desk of its own, so one that fails holds up nobody else.
package import MinkEngine
import MinkExpression
package import MinkStore

/// Delivers to publishers, by the names of destinations; other commands go to another receiver.
package struct DestinationReceiver: CommandReceiver {
    private let desks: [String: DestinationDesk]
    private let others: (any CommandReceiver)?

    /// A receiver.
    ///
    /// - Parameters:
    ///   - publishers: The destinations, by name.
    ///   - others: Takes what goes to none of them; nobody does unless told.
    package init(_ publishers: [String: any Publisher], others: (any CommandReceiver)? = nil) {
        desks = publishers.mapValues { DestinationDesk($0) }
        self.others = others
    }

    package func takes(_ command: CommandRecord) -> Bool {
        desk(for: command) != nil || others?.takes(command) ?? false
    }

    package func handles(_ name: String) -> Bool { others?.handles(name) ?? false }

    package func receive(_ command: CommandRecord, attempt: Int) async -> Receipt {
        guard let desk = desk(for: command) else {
            return await others?.receive(command, attempt: attempt)
                ?? .failed("nobody here takes it")
        }
        let outcome = await desk.publish(
            OutboxMessage(command), within: command.delivery.retry.attemptTimeout)
        return Receipt(outcome)
    }

    package var notes: [String: String] { others?.notes ?? [:] }

    /// Waits for what is under way at all destinations, and lets go of them.
    package func stop() async {
        await withDiscardingTaskGroup { group in
            for desk in desks.values { group.addTask { await desk.stop() } }
        }
    }

    private func desk(for command: CommandRecord) -> DestinationDesk? {
        guard case .named(let name) = command.delivery.destination else { return nil }
        return desks[name]
    }
}

extension Receipt {
    /// What the engine is told of a message.
    fileprivate init(_ outcome: PublishOutcome) {
        switch outcome {
        case .accepted(let events, let result):
            let answers = events.map { AnswerEvent(type: $0.type, data: $0.data) }
            self = .accepted(answers: answers, result: result)
        case .failed(let reason, let retryAfter): self = .failed(reason, retryAfter: retryAfter)
        case .rejected(let reason): self = .rejected(reason)
        case .timedOut: self = .timedOut
        }
    }
}

extension OutboxMessage {
    /// A command as it leaves: the same bytes in every try.
    init(_ command: CommandRecord) {
        let key = command.instance.key.description
        var headers = [
            Header.id: command.id, Header.type: command.name,
            Header.workflow: command.instance.workflow, Header.key: key,
        ]
        headers[Header.correlation] = command.metadata.correlationID
        headers[Header.causation] = command.metadata.causationID
        if !command.metadata.tenant.isEmpty { headers[Header.tenant] = command.metadata.tenant }
        for name in [Header.trace, "tracestate"] { headers[name] = command.metadata.entries[name] }
        var destination = ""
        if case .named(let name) = command.delivery.destination { destination = name }
        let body: Value = ["type": .string(command.name), "data": command.arguments]
        self.init(
            id: command.id, destination: destination, key: key, type: command.name,
            body: Array(body.json.utf8), headers: headers)
    }
}
