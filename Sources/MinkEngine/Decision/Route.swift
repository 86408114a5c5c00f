// Finds the instance that an event is about.
package import MinkDefinition
package import MinkExpression

/// Where an event goes.
package enum Route: Hashable, Sendable {
    /// The workflow does not list it.
    case notListed
    /// The instance with this name, whether it exists or not, the value that must not come twice
    /// (`nil` where none is asked for), and the payload as the definition reads it.
    case instance(InstanceID, unique: SeenValue?, payload: Value)
    /// Nobody can use it, and why.
    case deadLetter(reason: String, message: String)
}

/// Finds the instance of a workflow that an event is about.
///
/// - Parameters:
///   - event: An event of the log.
///   - definition: The newest definition of the workflow that lists the event.
/// - Returns: The instance's name, or why there is none.
package func route(_ event: EventRecord, by definition: Definition) -> Route {
    guard let declared = definition.events[event.type] else { return .notListed }
    let payload: Value
    switch declared.type.read(json: event.data) {
    case .success(let value): payload = value
    case .failure(let mismatch):
        return .deadLetter(reason: "bad-event", message: mismatch.description)
    }
    switch key(of: event, payload, declared, definition) {
    case .success(let key?):
        let id = InstanceID(
            tenant: event.metadata.tenant, workflow: definition.identity.workflow, key: key)
        return .instance(id, unique: declared.seenValue(in: payload), payload: payload)
    case .success(nil):
        return .deadLetter(
            reason: "no-key",
            message: "\(event.type) has no \"\(definition.correlateBy)\" that names a saga")
    case .failure(let error):
        return .deadLetter(
            reason: "no-key", message: "the key of \(event.type) can not be read: \(error.message)")
    }
}

private func key(
    of event: EventRecord, _ payload: Value, _ declared: EventDefinition, _ definition: Definition
) -> Result<InstanceKey?, EvaluationError> {
    guard let correlate = declared.correlate else {
        return .success(InstanceKey(payload[definition.correlateBy]))
    }
    let scope = EvaluationScope(layout: definition.layout)
    scope.bind("event", payload)
    scope.bind("meta", event.metaValue)
    switch scope.evaluate(correlate.expression) {
    case .value(let value): return .success(InstanceKey(value))
    case .absent: return .success(nil)
    case .failure(let error): return .failure(error)
    }
}
