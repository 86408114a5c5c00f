// The sections that declare names: data, events, retry policies and commands.
import MinkExpression

extension DraftReader {
    func readData(_ object: ObjectReader) -> [DataDraft] {
        object.map("data", of: "fields").map { name, value in
            checkName(name, of: "a field")
            let schema = SchemaReader(context: context)
            guard let field = schema.readField(value, named: name.value) else {
                return DataDraft(
                    name: name, type: .any, isOptional: true, isPersonal: false, initial: nil)
            }
            return DataDraft(
                name: name, type: field.type, isOptional: field.isOptional,
                isPersonal: field.isPersonal, initial: field.initial)
        }
    }

    func readEvents(_ object: ObjectReader) -> [EventDraft] {
        declarations(object, "events", of: "events").compactMap { name, value -> EventDraft? in
            checkName(name, of: "an event")
            return readEvent(name, value)
        }
    }

    private func readEvent(_ name: Located<String>, _ node: Node) -> EventDraft? {
        guard let object = ObjectReader(node, as: .event, in: context) else { return nil }
        object.exclude("fields", "schema")
        let reader = SchemaReader(context: context)
        var type = DataType(.object(ObjectFields([], others: .dropped)))
        if let schema = object["schema"] {
            type = reader.readEventSchema(schema) ?? .openObject
        } else {
            type = reader.readFields(object.map("fields", of: "fields"))
        }
        let uniqueBy = object.text("uniqueBy", as: "the name of a field")
        let fields = type.fields
        if let uniqueBy, let fields, fields[uniqueBy.value] == nil, case .dropped = fields.others {
            context.report(
                .unknownField, "event \(name.value) has no field \"\(uniqueBy.value)\"",
                at: uniqueBy,
                help: NameSuggestions(fields.fields.map(\.name)).help(for: uniqueBy.value))
        }
        return EventDraft(
            name: name, type: type, correlate: readValueExpression(object, "correlate"),
            uniqueBy: uniqueBy, rules: object["rules"].flatMap(readEventRules) ?? EventRulesDraft(),
            personalFields: Set((fields?.fields ?? []).filter(\.isPersonal).map(\.name)))
    }

    func readPolicies(_ object: ObjectReader) -> [PolicyDraft] {
        declarations(object, "retryPolicies", of: "retry policies").compactMap {
            name, value -> PolicyDraft? in
            checkName(name, of: "a retry policy")
            guard let object = ObjectReader(value, as: .policy, in: context) else { return nil }
            return PolicyDraft(name: name, policy: readPolicy(object))
        }
    }

    private func readPolicy(_ object: ObjectReader) -> RetryPolicy {
        var policy = RetryPolicy()
        if let attempts = object.wholeNumber("attempts", in: 1...10_000) {
            policy.attempts = attempts.value
        }
        if let delay = object.duration("firstDelay", allowsZero: true) { policy.firstDelay = delay }
        if let factor = object["multiplyBy"] {
            if let token = factor.json.numberToken {
                if let number = Double(token), (1...100).contains(number) {
                    policy.multiplyBy = number
                } else {
                    context.report(
                        .badValue, "\"multiplyBy\" needs a number from 1 to 100, found \(token)",
                        at: factor)
                }
            } else {
                object.wrongType("multiplyBy", "a number", factor)
            }
        }
        if let delay = object.duration("maxDelay", allowsZero: true) { policy.maxDelay = delay }
        if let jitter = object.flag("jitter") { policy.jitter = jitter }
        if let timeout = object.duration("attemptTimeout") { policy.attemptTimeout = timeout }
        let exhausted = object.choice("whenExhausted", [RetryPolicy.WhenExhausted.fail, .incident])
        if let exhausted { policy.whenExhausted = exhausted.value }
        return policy
    }

    func readCommands(_ object: ObjectReader) -> [CommandDraft] {
        declarations(object, "commands", of: "commands").compactMap {
            name, value -> CommandDraft? in
            checkName(name, of: "a command")
            guard let object = ObjectReader(value, as: .command, in: context) else { return nil }
            var command = CommandDraft(name: name)
            command.arguments = readArguments(object)
            command.destination = object.text("to", as: "the name of a destination")
            command.retry = object.text("retry", as: "the name of a retry policy")
            if let answers = object["answers"].flatMap({
                ObjectReader($0, as: .answers, in: context)
            }) {
                command.doneBy = answers.names("done", of: "events")
                command.failedBy = answers.names("failed", of: "events")
            }
            command.undo = object.names("undo", of: "commands")
            if command.undo.count > 1, let none = command.undo.first(where: { $0.value == "none" })
            {
                context.report(
                    .exclusiveKeys, "\"undo\" can have \"none\" or commands, not both", at: none)
            }
            command.confirmation = object["confirmedBy"].flatMap(readConfirmation)
            return command
        }
    }

    private func readConfirmation(_ node: Node) -> ConfirmationDraft? {
        guard let object = ObjectReader(node, as: .confirmation, in: context) else { return nil }
        object.require("event")
        return ConfirmationDraft(
            event: object.text("event", as: "the name of an event"),
            within: object.duration("within"),
            failedBy: object.text("failedBy", as: "the name of an event"),
            when: readCondition(object, "when"))
    }

    /// The members of a section whose values are objects, so that a text beside them describes it.
    func declarations(
        _ object: ObjectReader, _ key: String, of things: String
    ) -> [(name: Located<String>, value: Node)] {
        guard let node = object[key] else { return [] }
        if node.kind == .object { context.shaped.append(node.id) }
        let members = object.map(key, of: things)
        // Most sections hold declarations alone, and a second list takes a while.
        guard
            members.contains(where: { $0.name.value == "description" || $0.name.value == "allow" })
        else { return members }
        return members.filter { name, value in
            switch name.value {
            case "description" where value.kind == .string: return false
            case "allow" where value.isExceptionList:
                context.readExceptions(value, around: node)
                return false
            default: return true
            }
        }
    }
}
