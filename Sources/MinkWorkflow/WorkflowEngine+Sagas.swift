// Events in, sagas out: what a service asks of its engine.
import MinkDefinition
package import MinkEngine
public import MinkExpression
package import MinkStore

extension WorkflowEngine {
    /// What became of an event that was sent.
    public enum Sent: Sendable, Hashable {
        /// It is in the log, and will be judged.
        case accepted
        /// The log had it already, with the same content.
        case duplicate
    }

    /// Appends an event to the log.
    ///
    /// When this returns, the event is not lost any more.
    ///
    /// - Parameters:
    ///   - type: The event's name.
    ///   - data: Its fields: an object.
    ///   - id: Its identity: sending the same id again changes nothing.
    ///   - correlationID: Ties together everything that one request led to.
    ///   - tenant: Whose event it is.
    ///   - metadata: What else travels along, such as `traceparent`.
    /// - Returns: Whether the event was new.
    /// - Throws: ``WorkflowEngineError`` if the log has another event under this id;
    ///   ``MinkStore/StoreError`` if the store fails.
    @discardableResult
    public func send(
        _ type: String, _ data: Value, id: String, correlationID: String? = nil,
        tenant: String = "", metadata: [String: String] = [:]
    ) async throws -> Sent {
        let now = clock.now()
        let event = EventRecord(
            id: id, type: type, data: data.json,
            metadata: EventRecord.Metadata(
                correlationID: correlationID, tenant: tenant, entries: metadata), time: now)
        switch try await append([event]).first {
        case .appended, nil: return .accepted
        case .duplicate: return .duplicate
        case .refused:
            throw WorkflowEngineError(
                message: "another event has the id \"\(id)\"; every event needs its own")
        }
    }

    /// Appends events together to the log.
    ///
    /// - Returns: What became of each, in the same order.
    package func append(_ events: [EventRecord]) async throws(StoreError) -> [Appended] {
        let appended = try await store.log.append(events, at: clock.now(), notes: [:])
        control.wakeUp.signal()
        return appended
    }

    /// How a saga stands; `nil` when there is none under the key.
    ///
    /// - Parameters:
    ///   - workflow: The workflow's name.
    ///   - key: The saga's key.
    ///   - tenant: Whose saga it is.
    /// - Returns: The saga as the store has it.
    /// - Throws: ``MinkStore/StoreError`` if the store fails.
    public func saga(
        _ workflow: String, key: String, tenant: String = ""
    ) async throws -> SagaState? {
        var filter = InstanceFilter()
        filter.tenant = tenant
        filter.workflow = workflow
        filter.key = .string(key)
        return try await store.queries.instances(filter).first.flatMap(SagaState.init)
    }
}

/// How a saga stands.
public struct SagaState: Sendable, Hashable {
    /// The statuses of a saga.
    public enum Status: String, Sendable, Hashable {
        /// It began, and nothing was handled since.
        case started
        /// It goes on.
        case running
        /// It reached a completed final state.
        case completed
        /// It ended in a failed or cancelled state, and nothing had to be undone.
        case failed
        /// What was done is being undone.
        case compensating
        /// What was done is undone.
        case compensated
    }

    /// Where the saga stands.
    public let status: Status
    /// The state it is in; `nil` until its start succeeded.
    public let state: String?
    /// Its data.
    public let data: Value
    /// Why it was given up; `nil` while nothing failed.
    public let failureReason: String?
    /// The codes of its open incidents, oldest first.
    public let incidents: [String]

    init?(_ row: InstanceRow) {
        let instance = row.instance
        guard let status = instance.status.flatMap({ Status(rawValue: $0.rawValue) }) else {
            return nil
        }
        self.status = status
        state = instance.state
        data = instance.data
        failureReason = instance.failure?.reason
        incidents = instance.incidents.map(\.code.rawValue)
    }
}
