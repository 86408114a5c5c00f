// A line of a transcript as one JSON object.
import MinkDefinition
import MinkEngine
import MinkExpression

extension TranscriptLine {
    /// The line as a JSON object, without a line break.
    package var json: String {
        var map = ValueMap()
        map["fact"] = .string(name)
        map["at"] = .timestamp(at)
        if !tenant.isEmpty { map["tenant"] = .string(tenant) }
        map["workflow"] = workflow.map(Value.string)
        map["key"] = key?.value
        for (name, value) in details { map[name] = value }
        return Value.map(map).json
    }

    /// The kind of the fact.
    package var name: String {
        switch fact {
        case .event: "event"
        case .transition: "transition"
        case .command: "command"
        case .incident: "incident"
        case .deadLetter: "deadLetter"
        case .instance: "instance"
        case .action: "operator"
        }
    }

    private var details: [(String, Value?)] {
        switch fact {
        case .event(let id, let type, let judged, let why):
            [
                ("id", .string(id)), ("type", .string(type)),
                ("judged", .string(judged.rawValue)), ("why", why.map(Value.string)),
            ]
        case .transition(let from, let to, let trigger):
            [("from", from.map(Value.string) ?? .null), ("to", .string(to)), trigger.detail]
        case .command(let command):
            [
                ("command", .string(command.name)), ("with", command.arguments),
                ("compensation", .bool(command.isCompensation)), ("id", .string(command.id)),
                ("attempt", .int(Int64(command.attempt))),
                ("outcome", .string(command.outcome.rawValue)),
            ]
        case .incident(let code, let message):
            [("code", .string(code)), ("message", .string(message))]
        case .action(let verb, let reason):
            [("operator", .string(verb)), ("reason", .string(reason))]
        case .deadLetter(let id, let type, let reason):
            [("id", .string(id)), ("type", .string(type)), ("reason", .string(reason))]
        case .instance(let summary):
            summary.details
        }
    }
}

extension TranscriptLine.Trigger {
    fileprivate var detail: (String, Value?) {
        switch self {
        case .event(let name): ("event", .string(name))
        case .timer(let name): ("timer", .string(name))
        }
    }
}

extension InstanceSummary {
    fileprivate var details: [(String, Value?)] {
        [
            ("version", .int(Int64(version))),
            ("status", status.map { .string($0.rawValue) } ?? .null),
            ("state", state.map(Value.string) ?? .null), ("data", data),
            ("ledger", .list(ledger.map(Value.string))),
            ("failureReason", failureReason.map(Value.string) ?? .null),
            ("incident", incident.map(Value.string) ?? .null), ("held", .int(Int64(held))),
        ]
    }
}
