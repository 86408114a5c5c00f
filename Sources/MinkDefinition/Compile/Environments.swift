// The types of all names, for each scope of a definition.
import MinkExpression

/// Makes the environments in which expressions are compiled, each once.
struct Environments {
    let layout: VariableLayout
    private let data: ExpressionType
    private let saga: ExpressionType
    private let events: [String: ObjectType]
    private let itemNames: [String: String]
    private let timeZones: (@Sendable (String) -> [UInt8]?)?
    /// The types of items by their scope, known when the list of a `forEach` was compiled.
    var items: [Scope.Item: ExpressionType] = [:]
    /// The names of the arguments of each command.
    var arguments: [String: [String]] = [:]
    private var made: [Scope: ExpressionEnvironment] = [:]

    /// The names of all fields of data.
    let dataNames: Set<String>
    /// The numbers of the fields of data, in the order of the file.
    let dataNumbers: [String: Int]

    init(draft: Draft, timeZones: (@Sendable (String) -> [UInt8]?)?) {
        let names = Dictionary(
            draft.states.compactMap { state in
                state.forEach?.name.map { ($0.value, state.name.value) }
            }, uniquingKeysWith: { first, _ in first })
        itemNames = names
        layout = VariableLayout(names: Scope.variables + names.keys.sorted())
        self.timeZones = timeZones
        let fields = draft.data.map { field in
            ObjectFields.Field(
                field.name.value, field.type, isOptional: field.isOptional, isPersonal: false)
        }
        // A mistake in the text may have lost fields, which then are no mistakes of expressions.
        dataNames = Set(fields.map(\.name))
        dataNumbers = Dictionary(
            fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        let others: ObjectFields.Others = draft.damaged.contains(.data) ? .kept : .refused
        data = .object(ObjectFields(fields, others: others).objectType(named: "data"))
        events = Dictionary(
            draft.events.map { event in
                let name = event.name.value
                switch event.type.expressionType(named: "event \(name)") {
                case .object(let type): return (name, type)
                default: return (name, ObjectType(name: "event \(name)", fields: [], isOpen: true))
                }
            }, uniquingKeysWith: { first, _ in first })
        saga = Self.sagaType(key: Self.keyType(of: draft))
    }

    /// The environment of a scope.
    mutating func environment(of scope: Scope) -> ExpressionEnvironment {
        if let known = made[scope] { return known }
        var variables: [String: ExpressionType] = [:]
        var unavailable: [String: String] = [:]
        addEvent(scope, &variables, &unavailable)
        addInstance(scope, &variables, &unavailable)
        addItems(scope, &variables, &unavailable)
        var environment = ExpressionEnvironment(
            layout: layout, variables: variables, unavailable: unavailable, timeZones: timeZones)
        environment.uncertainVariables = ["data", "failure"]
        made[scope] = environment
        return environment
    }

    private func addEvent(
        _ scope: Scope, _ variables: inout [String: ExpressionType],
        _ unavailable: inout [String: String]
    ) {
        variables["meta"] = Self.metaType
        switch scope.event {
        case .none(let absence): unavailable["event"] = absence.sentence
        case .unknown: variables["event"] = .dynamic
        case .outcome(let succeeded):
            variables["event"] = succeeded ? Self.doneType : Self.failedType
        case .named(let name): variables["event"] = events[name].map { .object($0) } ?? .dynamic
        case .oneOf(let names):
            let types = names.compactMap { events[$0] }
            variables["event"] =
                types.isEmpty || types.count < names.count
                ? .dynamic
                : .object(.merged(types, named: "event \(names.joined(separator: " or "))"))
        }
    }

    private func addInstance(
        _ scope: Scope, _ variables: inout [String: ExpressionType],
        _ unavailable: inout [String: String]
    ) {
        if scope.hasInstance {
            variables["data"] = data
            variables["saga"] = saga
            variables["now"] = .timestamp
        } else {
            for name in ["data", "saga", "now"] {
                unavailable[name] = "\"\(name)\" does not exist here; the saga is still looked for"
            }
        }
        if scope.hasFailure {
            variables["failure"] = Self.failureType
        } else {
            unavailable["failure"] =
                "no failure exists here; only compensations and failed or cancelled final states "
                + "have one"
        }
        if scope.hasJoin {
            variables["join"] = Self.joinType
        } else {
            unavailable["join"] = "\"join\" exists in \"onJoin\" only"
        }
        if let command = scope.command {
            let fields = (arguments[command] ?? []).map { name in
                ObjectType.Field(name: name, type: .dynamic)
            }
            variables["command"] = .object(ObjectType(name: "command \(command)", fields: fields))
        } else {
            unavailable["command"] = "\"command\" exists in the \"when\" of \"confirmedBy\" only"
        }
    }

    private func addItems(
        _ scope: Scope, _ variables: inout [String: ExpressionType],
        _ unavailable: inout [String: String]
    ) {
        for (name, state) in itemNames {
            unavailable[name] = "\"\(name)\" exists in the \"forEach\" of \"\(state)\" only"
        }
        if scope.event == .unknown {
            for name in itemNames.keys {
                unavailable[name] = nil
                variables[name] = .dynamic
            }
        }
        guard let item = scope.item else { return }
        unavailable[item.name] = nil
        variables[item.name] = items[item] ?? .dynamic
    }
}

extension Environments {
    private static let metaType = ExpressionType.object(
        ObjectType(
            name: "meta",
            fields: [
                .init(name: "id", type: .string), .init(name: "type", type: .string),
                .init(name: "time", type: .timestamp),
                .init(name: "stream", type: .string, isOptional: true),
                .init(name: "correlationId", type: .string, isOptional: true),
                .init(name: "causationId", type: .string, isOptional: true),
                .init(name: "tenant", type: .string),
            ]))

    private static let failureType = ExpressionType.object(
        ObjectType(
            name: "failure",
            fields: [
                .init(name: "reason", type: .string), .init(name: "state", type: .string),
                .init(name: "event", type: .string, isOptional: true),
                .init(name: "command", type: .string, isOptional: true),
            ]))

    private static let joinType = ExpressionType.object(
        ObjectType(
            name: "join",
            fields: [
                .init(name: "total", type: .int, bounds: .counts),
                .init(name: "succeeded", type: .int, bounds: .counts),
                .init(name: "failed", type: .int, bounds: .counts),
            ]))

    private static let errorType = ExpressionType.object(
        ObjectType(
            name: "event.error",
            fields: [
                .init(name: "code", type: .string, values: ["failed", "rejected", "timeout"]),
                .init(name: "message", type: .string),
            ]))

    private static let doneType = ExpressionType.object(
        ObjectType(
            name: "event",
            fields: [
                .init(name: "result", type: .dynamic),
                .init(name: "error", type: errorType, isOptional: true),
            ]))

    private static let failedType = ExpressionType.object(
        ObjectType(
            name: "event",
            fields: [
                .init(name: "result", type: .dynamic, isOptional: true),
                .init(name: "error", type: errorType),
            ]))

    private static func sagaType(key: ExpressionType) -> ExpressionType {
        .object(
            ObjectType(
                name: "saga",
                fields: [
                    .init(name: "id", type: .string), .init(name: "key", type: key),
                    .init(name: "workflow", type: .string), .init(name: "version", type: .int),
                    .init(name: "state", type: .string), .init(name: "startedAt", type: .timestamp),
                ]))
    }

    /// The type of the key, as the first start event has it.
    private static func keyType(of draft: Draft) -> ExpressionType {
        guard let name = draft.start.first?.event.value, let field = draft.correlateBy?.value,
            let event = draft.events.first(where: { $0.name.value == name }),
            event.correlate == nil, let type = event.type.fields?[field]?.type
        else { return .dynamic }
        return type.expressionType(named: "saga.key")
    }
}
