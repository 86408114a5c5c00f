// An answer that a command could have got: what the command said comes back under the same names,
// and the rest is made up so that a reader sees it.
package import MinkDefinition
package import MinkEngine
package import MinkExpression
package import MinkWorkflow

/// Makes up the event that says that a command was done.
package struct SampleAnswer: Sendable {
    private let definition: Definition
    private let command: CommandRecord
    private let now: Timestamp

    /// Prepares the answer to a command of a workflow.
    package init(to command: CommandRecord, of definition: Definition, at now: Timestamp) {
        self.command = command
        self.definition = definition
        self.now = now
    }

    /// The first event of the command's `answers.done`, or what confirms an undo.
    ///
    /// `nil` where nothing says that the command was done, and where no payload fits.
    package var event: AnswerEvent? {
        guard let template = definition.commands[command.name] else { return nil }
        let confirmed = command.role == .compensation ? template.confirmation?.event : nil
        guard let name = confirmed ?? template.doneBy.first,
            let declared = definition.events[name]
        else { return nil }
        var payload = value(of: declared.type, named: name, depth: 0)
        if declared.correlate == nil {
            payload = payload.replacing(
                memberAt: [definition.correlateBy], with: command.instance.key.value)
        } else if let path = declared.correlate?.keyPath {
            payload = payload.replacing(memberAt: path[...], with: command.instance.key.value)
        }
        guard case .success = declared.type.read(json: payload.json) else { return nil }
        return AnswerEvent(type: name, data: payload.json)
    }

    /// What the command says under a name; a value of the declared type otherwise.
    private func field(_ field: ObjectFields.Field, depth: Int) -> Value? {
        if let said = command.arguments[field.name], said != .null { return said }
        return field.isOptional ? nil : value(of: field.type, named: field.name, depth: depth)
    }

    private func value(of type: DataType, named name: String, depth: Int) -> Value {
        if let allowed = type.rules.allowed?.first { return allowed }
        guard depth < 32 else { return .null }
        switch type.kind {
        case .any: return .string(text(named: name, type.rules))
        case .boolean: return .bool(true)
        case .integer, .number, .decimal:
            return .int(type.rules.boundaryNumber)
        case .string: return .string(text(named: name, type.rules))
        case .timestamp: return .string(now.description)
        case .duration: return "10m"
        case .date: return .string(String(now.description.prefix(10)))
        case .list(let element):
            let count = min(type.rules.minCount ?? 0, 100)
            return .list(
                (0..<count).map { _ in value(of: element, named: name, depth: depth + 1) })
        case .choice(let types, _):
            return types.first.map { value(of: $0, named: name, depth: depth + 1) } ?? .null
        case .object(let fields):
            var map = ValueMap()
            for declared in fields.fields {
                map[declared.name] = field(declared, depth: depth + 1)
            }
            return .map(map)
        }
    }

    /// A text that names its field, and comes again with every delivery of the command.
    private func text(named name: String, _ rules: TypeRules) -> String {
        let text = "\(name)-\(command.id.prefix(8))"
        let missing = max(0, min(rules.minCount ?? 0, 1_000) - text.count)
        let long = text + String(repeating: "x", count: missing)
        return rules.maxCount.map { String(long.prefix($0)) } ?? long
    }
}
