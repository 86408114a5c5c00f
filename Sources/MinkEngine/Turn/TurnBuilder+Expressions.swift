// Evaluates what the definition says: conditions, assignments, arguments.
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Makes `event` and `meta` visible, or hides them where there is none.
    mutating func bindEvent(_ event: EventRecord?) {
        bind("now", .timestamp(now))
        guard let event else {
            unbind("event")
            unbind("meta")
            return
        }
        bind("event", payload ?? .map(ValueMap()))
        if definition.layout.isRead("meta") { bind("meta", event.metaValue) }
    }

    mutating func bindSaga() {
        bind("now", .timestamp(now))
        // Its id takes a digest, and few definitions ask for it.
        if definition.layout.isRead("saga") { bind("saga", sagaValue()) }
    }

    mutating func bindData() {
        bind("data", current.data)
    }

    mutating func bindFailure() {
        guard let failure = current.failure else { return unbind("failure") }
        bind("failure", failure.value)
    }

    /// Makes everything visible that holds in every place.
    mutating func bindAll(event: EventRecord?) {
        bindEvent(event)
        bindSaga()
        bindData()
    }

    /// The first transition whose condition holds; `nil` when none does.
    func first(of transitions: [Transition]) throws(Trouble) -> Transition? {
        for transition in transitions {
            guard let condition = transition.when else { return transition }
            if try holds(condition) { return transition }
        }
        return nil
    }

    func holds(_ condition: LocatedExpression) throws(Trouble) -> Bool {
        switch scope.condition(condition.expression) {
        case .success(let answer):
            trace?.note(.condition(condition.place, holds: answer))
            return answer
        case .failure(let error): throw Trouble(error, in: condition)
        }
    }

    /// The value of an expression; `nil` when it is an optional without a value.
    func value(of located: LocatedExpression) throws(Trouble) -> Value? {
        switch scope.evaluate(located.expression) {
        case .value(let value): return value
        case .absent: return nil
        case .failure(let error): throw Trouble(error, in: located)
        }
    }

    /// A template, filled in; `nil` when it is an optional without a value.
    func fill(_ template: Template) throws(Trouble) -> Value? {
        switch template {
        case .literal(let value):
            return value
        case .expression(let located):
            return try value(of: located)
        case .list(let parts):
            var values: [Value] = []
            for part in parts {
                if let value = try fill(part) { values.append(value) }
            }
            return .list(values)
        case .object(let members):
            return .map(try fill(members))
        }
    }

    func fill(_ members: [Member]) throws(Trouble) -> ValueMap {
        var map = ValueMap(minimumCapacity: members.count)
        for member in members {
            if let value = try fill(member.value) { map[member.name] = value }
        }
        return map
    }

    /// A text for people; other values are written as JSON.
    func text(_ template: Template) throws(Trouble) -> String {
        switch try fill(template) {
        case .string(let text): text
        case let value?: value.json
        case nil: ""
        }
    }

    func duration(_ template: Template) throws(Trouble) -> Duration {
        let value = try fill(template)
        guard case .duration(let duration) = value, duration >= .zero else {
            throw .expression(
                message: "needs a duration that is not negative, found \(value?.json ?? "none")",
                place: template.place)
        }
        return duration
    }

    /// Sets data fields; all right-hand sides see the data as it was.
    mutating func set(_ assignments: [Assignment]) throws(Trouble) {
        guard !assignments.isEmpty else { return }
        current.data = .map(try assigned(assignments, to: current.data))
        try checkSize(of: current.data)
        bindData()
    }

    /// The data after some assignments.
    func assigned(_ assignments: [Assignment], to data: Value) throws(Trouble) -> ValueMap {
        guard case .map(var map) = data else { preconditionFailure("data is an object") }
        for assignment in assignments {
            map[assignment.field] = try fitted(try fill(assignment.value), for: assignment)
        }
        return map
    }

    private func fitted(_ value: Value?, for assignment: Assignment) throws(Trouble) -> Value? {
        guard let field = definition.dataField(assignment.field) else { return value }
        guard let value, !(value == .null && field.isOptional) else {
            guard field.isOptional else {
                throw .expression(
                    message: "\(field.name) can not be unset", place: assignment.value.place)
            }
            return nil
        }
        switch field.type.fit(value) {
        case .success(let fitted): return fitted
        case .failure(let mismatch):
            throw .expression(
                message: "\(field.name): \(mismatch.description)", place: assignment.value.place)
        }
    }

    private func checkSize(of data: Value) throws(Trouble) {
        let limit = definition.limits.dataBytes + current.counters.allowance.dataBytes
        if data.mostBytes <= limit { return }
        let size = data.json.utf8.count
        guard size <= limit else {
            throw .limit("the data takes \(size) bytes, and \(limit) are allowed")
        }
    }
}

extension Trouble {
    init(_ error: EvaluationError, in located: LocatedExpression) {
        self = .expression(
            message: "\(error.message) in \"\(located.expression.text)\"", place: located.place)
    }
}

extension Template {
    /// Where the first expression stands; `nil` in a literal.
    var place: SourcePlace? {
        switch self {
        case .literal: nil
        case .expression(let located): located.place
        case .list(let parts): parts.lazy.compactMap(\.place).first
        case .object(let members): members.lazy.compactMap(\.value.place).first
        }
    }
}

extension EventRecord {
    /// What expressions see under `meta`.
    var metaValue: Value {
        var map = ValueMap()
        map["id"] = .string(id)
        map["type"] = .string(type)
        map["time"] = .timestamp(time)
        map["stream"] = .string(stream)
        map["correlationId"] = metadata.correlationID.map(Value.string)
        map["causationId"] = metadata.causationID.map(Value.string)
        map["tenant"] = .string(metadata.tenant)
        return .map(map)
    }
}

extension Instance {
    /// What expressions see under `saga`; the id is given because it takes a digest.
    func sagaValue(id uuid: String) -> Value {
        var map = ValueMap()
        map["id"] = .string(uuid)
        map["key"] = id.key.value
        map["workflow"] = .string(id.workflow)
        map["version"] = .int(Int64(definition.version))
        map["state"] = state.map(Value.string)
        map["startedAt"] = startedAt.map(Value.timestamp)
        return .map(map)
    }
}

extension FailureRecord {
    /// What expressions see under `failure`.
    var value: Value {
        var map = ValueMap()
        map["reason"] = reason.map(Value.string)
        map["state"] = .string(state)
        map["event"] = event.map(Value.string)
        map["command"] = command.map(Value.string)
        return .map(map)
    }
}

extension Value {
    /// More bytes than the value takes as JSON, found without writing it.
    var mostBytes: Int {
        switch self {
        case .string(let text), .type(let text): text.utf8.count &* 6 &+ 3
        case .bytes(let bytes): bytes.count &* 2 &+ 8
        case .list(let elements): elements.reduce(2) { $0 &+ $1.mostBytes &+ 1 }
        case .map(let map):
            map.entries.reduce(2) { sum, entry in
                var name = 64
                if case .string(let text) = entry.key { name = text.utf8.count &* 6 }
                return sum &+ name &+ entry.value.mostBytes &+ 4
            }
        case .null, .bool, .int, .uint, .double, .decimal, .timestamp, .duration: 64
        }
    }

    /// One text for all forms of the same value: 7, 7.0 and a decimal 7.00 are "7".
    var comparable: String {
        switch self {
        case .double(let number):
            Int64(exactly: number).map(String.init) ?? canonicalJSON
        default: canonicalJSON
        }
    }
}
