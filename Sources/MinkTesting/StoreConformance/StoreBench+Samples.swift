// Small instances, events and commands for the checks, and short ways to write and read them.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

extension StoreBench {
    /// A moment so many seconds after the start of the checks.
    static func second(_ second: Int64, nanoseconds: Int32 = 0) -> Timestamp {
        guard
            let moment = Timestamp(seconds: 1_800_000_000 + second, nanoseconds: nanoseconds)
        else { preconditionFailure("the checks stay within the calendar") }
        return moment
    }

    static func id(
        _ key: InstanceKey = .string("o1"), tenant: String = "", workflow: String = "Order"
    ) -> InstanceID {
        InstanceID(tenant: tenant, workflow: workflow, key: key)
    }

    static func event(
        _ id: String, tenant: String = "", type: String = "Paid", data: String = "{\"n\":1}"
    ) -> EventRecord {
        EventRecord(
            id: id, type: type, data: data,
            metadata: EventRecord.Metadata(
                correlationID: "c-" + id, causationID: nil, tenant: tenant,
                entries: ["traceparent": "00-" + id, "a": ""]),
            time: second(0, nanoseconds: 123_456_789), stream: "orders")
    }

    static func instance(
        _ id: InstanceID = StoreBench.id(), status: Instance.Status? = .running
    ) -> Instance {
        let identity = Definition.Identity(
            workflow: id.workflow, version: 3, fingerprint: "f3")
        var instance = Instance(
            id: id, definition: DefinitionReference(identity), from: event("start"))
        instance.status = status
        instance.state = status == nil ? nil : "Waiting"
        instance.startedAt = status == nil ? nil : second(0)
        return instance
    }

    static func command(
        _ id: String, of instance: InstanceID = StoreBench.id(), due: Timestamp? = nil
    ) -> CommandRecord {
        CommandRecord(
            id: id, number: 1, instance: instance, name: "Ship",
            arguments: [
                "id": .string(id),
                "price": .decimal(ExactDecimal(mantissa: 1250, scale: 2) ?? .zero),
            ],
            role: .step, visit: 2,
            delivery: Delivery(destination: .named("carrier"), retry: .init(RetryPolicy())),
            due: due, isKept: due != nil, metadata: event(id).metadata,
            personalArguments: ["name", "address"])
    }

    /// A turn that leaves an instance as it is given.
    static func turn(
        _ instance: Instance?, of id: InstanceID? = nil, from version: Int64,
        input: Input = .timer(number: 1), commands: [CommandRecord] = [], facts: [Fact] = [],
        at now: Timestamp = second(1)
    ) -> Turn {
        var decision = Decision(instance: instance)
        decision.commands = commands
        decision.facts = facts
        return Turn(
            id: id ?? instance?.id ?? StoreBench.id(), expectedVersion: version, input: input,
            decision: decision, at: now)
    }

    /// Commits turns alone.
    @discardableResult
    func commit(_ turns: Turn...) async throws -> [EventRecord] {
        var batch = TurnBatch()
        batch.turns = turns
        return try await store.commit(batch)
    }

    /// Commits a batch that is put together here.
    @discardableResult
    func commit(_ build: (inout TurnBatch) -> Void) async throws -> [EventRecord] {
        var batch = TurnBatch()
        build(&batch)
        return try await store.commit(batch)
    }

    func append(_ events: EventRecord...) async throws -> [Appended] {
        try await store.append(events, at: Self.second(0), notes: [:])
    }

    func load(_ id: InstanceID = StoreBench.id()) async throws -> StoredInstance? {
        try await store.load([id])[id]
    }

    /// The ids of the commands that are offered.
    func offered(at now: Timestamp = second(1), limit: Int = .max) async throws -> [String] {
        var request = ReadyRequest(after: 0, now: now)
        request.commands = limit
        return try await store.ready(request).commands.map(\.command.id)
    }

    /// The timers that are due.
    func due(at now: Timestamp, limit: Int = .max) async throws -> [DueTimer] {
        var request = ReadyRequest(after: 0, now: now)
        request.timers = limit
        return try await store.ready(request).timers
    }

    func actions(limit: Int = .max) async throws -> [PendingAction] {
        var request = ReadyRequest(after: 0, now: Self.second(0))
        request.actions = limit
        return try await store.ready(request).actions
    }
}
