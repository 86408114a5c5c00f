// Instances that were decided lately, so that the next turn needs no read. Bounded; what ended
// leaves at once.
import MinkEngine
import MinkStore

/// Keeps some instances in memory.
struct InstanceCache {
    private var entries: [InstanceID: StoredInstance] = [:]
    private let limit: Int

    init(limit: Int) {
        precondition(limit > 0, "a cache holds at least one instance")
        self.limit = limit
    }

    subscript(id: InstanceID) -> StoredInstance? {
        get { entries[id] }
        set {
            entries[id] = newValue
            if entries.count > limit { shrink() }
        }
    }

    /// Takes in what a turn made of an instance.
    mutating func update(_ id: InstanceID, to instance: Instance?, version: Int64) {
        self[id] = instance.map { StoredInstance(version: version, instance: $0) }
    }

    /// Forgets instances that ended; late events are rare, and read the store.
    mutating func forgetEnded(_ id: InstanceID) {
        if entries[id]?.instance.status?.isEnded ?? false { entries[id] = nil }
    }

    /// Changes what is known of the outstanding commands of an instance, if it is here.
    mutating func changeOutstanding(
        of id: InstanceID, _ change: (inout [OutstandingCommand]) -> Void
    ) {
        guard let stored = entries[id] else { return }
        var instance = stored.instance
        entries[id] = nil  // Keeps the change from copying what is shared.
        change(&instance.outstanding)
        entries[id] = StoredInstance(version: stored.version, instance: instance)
    }

    mutating func forgetAll() {
        entries = [:]
    }

    private mutating func shrink() {
        for id in entries.keys.prefix(max(1, limit / 10)) { entries[id] = nil }
    }
}
