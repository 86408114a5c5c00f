// Small instances, events and batches for the tests.
import MinkDefinition
import MinkExpression
import MinkStore
import Testing

@testable import MinkEngine

extension Timestamp {
    static func sample(_ second: Int64 = 0) throws -> Timestamp {
        try #require(Timestamp(seconds: 1_800_000_000 + second))
    }
}

extension EventRecord {
    static func sample(_ id: String) throws -> EventRecord {
        EventRecord(id: id, type: "Paid", data: "{}", time: try .sample(), stream: "orders")
    }
}

extension Instance {
    static func sample(_ key: Int64 = 1) throws -> Instance {
        let identity = Definition.Identity(workflow: "Order", version: 1, fingerprint: "f")
        var instance = Instance(
            id: InstanceID(tenant: "", workflow: "Order", key: .int(key)),
            definition: DefinitionReference(identity), from: try .sample("start"))
        instance.status = .running
        instance.state = "Waiting"
        instance.startedAt = try .sample()
        return instance
    }
}

extension CommandRecord {
    static func sample(_ id: String, of instance: Instance) -> CommandRecord {
        CommandRecord(
            id: id, number: 1, instance: instance.id, name: "Ship", arguments: ["a": 1],
            role: .step, visit: 1,
            delivery: Delivery(destination: .handler, retry: .init(RetryPolicy())), due: nil,
            isKept: false, metadata: instance.origin, personalArguments: [])
    }
}

extension TurnBatch {
    /// One turn of an instance.
    static func sample(
        _ instance: Instance, from version: Int64, commands: [String] = [], cursor: Int64? = nil
    ) throws -> TurnBatch {
        var decision = Decision(instance: instance)
        decision.commands = commands.map { .sample($0, of: instance) }
        var batch = TurnBatch()
        batch.turns = [
            Turn(
                id: instance.id, expectedVersion: version, input: .timer(number: 1),
                decision: decision, at: try .sample())
        ]
        batch.cursor = cursor
        return batch
    }
}
