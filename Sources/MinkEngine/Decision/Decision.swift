// What one input leads to, as one plain value. The runtime writes it in one transaction, so a crash
// leaves all of it or none of it.
package import MinkExpression

/// What an instance does next.
package struct Decision: Hashable, Sendable {
    /// The instance afterwards; `nil` when none came to exist.
    package var instance: Instance?
    /// Commands to hand out, in this order.
    package var commands: [CommandRecord] = []
    /// What happened, in order, for the history and the transcript.
    package var facts: [Fact] = []
    /// Values of `uniqueBy` that the instance has now seen.
    package var seenValues: [SeenValue] = []
    /// Commands to take back, by their ids.
    package var withdrawn: [String] = []
    /// Commands whose running try is the last, by their ids.
    package var lastAttempts: [String] = []
    /// Exhausted commands that stay in the outbox until a person acts, by their ids.
    package var parked: [String] = []
    /// Exhausted commands that are not needed any more, by their ids.
    package var released: [String] = []
    /// Exhausted commands to deliver again under their ids.
    package var redelivered: [String] = []
    /// Why a person's action does not fit; then nothing else is set.
    package var refusal: String?

    package init(instance: Instance? = nil) {
        self.instance = instance
    }
}

extension Decision {
    /// How much stands in each list.
    ///
    /// Lists only grow while a turn is judged, so this is all that is needed to undo one.
    struct Extent {
        fileprivate let commands, facts, seenValues, withdrawn, lastAttempts: Int
        fileprivate let parked, released, redelivered: Int
    }

    var extent: Extent {
        Extent(
            commands: commands.count, facts: facts.count, seenValues: seenValues.count,
            withdrawn: withdrawn.count, lastAttempts: lastAttempts.count, parked: parked.count,
            released: released.count, redelivered: redelivered.count)
    }

    mutating func shrink(to extent: Extent) {
        commands.removeSubrange(extent.commands...)
        facts.removeSubrange(extent.facts...)
        seenValues.removeSubrange(extent.seenValues...)
        withdrawn.removeSubrange(extent.withdrawn...)
        lastAttempts.removeSubrange(extent.lastAttempts...)
        parked.removeSubrange(extent.parked...)
        released.removeSubrange(extent.released...)
        redelivered.removeSubrange(extent.redelivered...)
    }

    /// Leaves one answer on each command: one that was emitted and withdrawn in the same decision
    /// is never handed out, and one that is gone is neither parked nor delivered again.
    mutating func settleCommands() {
        if !withdrawn.isEmpty {
            let gone = Set(withdrawn)
            let unsent = Set(commands.lazy.map(\.id)).intersection(gone)
            commands.removeAll { unsent.contains($0.id) }
            withdrawn.removeAll { unsent.contains($0) }
        }
        guard !parked.isEmpty || !redelivered.isEmpty || !lastAttempts.isEmpty else { return }
        let gone = Set(withdrawn).union(released)
        lastAttempts.removeAll { gone.contains($0) }
        redelivered.removeAll { gone.contains($0) }
        let settled = gone.union(redelivered)
        parked.removeAll { settled.contains($0) }
    }
}

/// A value that makes a second event of the same type a duplicate.
package struct SeenValue: Hashable, Sendable, Codable {
    package let event: String
    /// The value in canonical form: 7 and 7.0 are the same.
    package let value: String

    package init(event: String, value: String) {
        self.event = event
        self.value = value
    }

    /// Both in one text.
    package var text: String { event + "\n" + value }
}

/// A command to deliver.
package struct CommandRecord: Hashable, Sendable, Codable {
    /// The idempotency key: the same in every delivery, after every crash, in every engine.
    package let id: String
    /// Counts the commands of the instance, from 1.
    package let number: Int
    package let instance: InstanceID
    package let name: String
    package let arguments: Value
    package let role: Role
    package let visit: Int
    package let delivery: Delivery
    /// Not to be handed out before; `nil` at once.
    package let due: Timestamp?
    /// Whether it survives the end of its visit although it is delayed.
    package let isKept: Bool
    package let metadata: EventRecord.Metadata
    /// Names of arguments to mask where people read.
    package let personalArguments: Set<String>

    package init(
        id: String, number: Int, instance: InstanceID, name: String, arguments: Value,
        role: Role, visit: Int, delivery: Delivery, due: Timestamp?, isKept: Bool,
        metadata: EventRecord.Metadata, personalArguments: Set<String>
    ) {
        self.id = id
        self.number = number
        self.instance = instance
        self.name = name
        self.arguments = arguments
        self.role = role
        self.visit = visit
        self.delivery = delivery
        self.due = due
        self.isKept = isKept
        self.metadata = metadata
        self.personalArguments = personalArguments
    }

    /// Why a command is sent.
    package enum Role: String, Hashable, Sendable, Codable {
        /// A step of the saga.
        case step
        /// A frame of the ledger.
        case compensation
        /// Undoes a success beyond what a join needed.
        case undoOther
    }
}
