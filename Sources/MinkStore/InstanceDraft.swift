// An instance while the turns of a batch are applied to it: the same rules for every driver.
package import MinkEngine

/// What a driver knows of an instance before a batch.
package protocol StoredHead {
    /// The version that is stored; 0 when nothing is.
    var version: Int64 { get }
    /// Whether it has started; before, only held events are known under its key.
    var hasStarted: Bool { get }
}

/// An instance while the turns of a batch are applied to it.
package struct InstanceDraft<Head: StoredHead> {
    /// What was stored before the batch.
    package let before: Head
    /// The version after the turns.
    package private(set) var version: Int64
    /// The turn that left the newest state; `nil` before the first, and when nothing is left.
    private var last: Turn?
    /// Whether a turn left nothing of what was there.
    package private(set) var isRemoved = false

    package init(_ before: Head) {
        self.before = before
        version = before.version
    }

    package var isEmpty: Bool { last == nil }

    /// The state after the turns.
    package var instance: Instance? { last?.decision.instance }

    /// Applies a turn.
    ///
    /// - Throws: ``StoreError`` with code `conflict` if it was decided from another version, and
    ///   `corrupt` if it would remove an instance that runs.
    package mutating func add(_ turn: Turn) throws(StoreError) {
        guard turn.expectedVersion == version else {
            throw StoreError(
                code: .conflict,
                message: "\(turn.id.workflow) \(turn.id.key) has version \(version), not "
                    + "\(turn.expectedVersion); load it and decide again")
        }
        guard turn.decision.refusal == nil else { return }
        guard turn.decision.instance != nil else { return try removeInstance(of: turn.id) }
        last = turn
        version += 1
    }

    private mutating func removeInstance(of id: InstanceID) throws(StoreError) {
        guard !before.hasStarted, last?.decision.instance?.status == nil else {
            throw StoreError(
                code: .corrupt, message: "a turn would remove \(id.workflow) \(id.key), which runs")
        }
        isRemoved = version > 0
        last = nil
    }
}
