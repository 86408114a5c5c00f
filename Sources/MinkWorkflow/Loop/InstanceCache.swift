// Instances that were decided lately, so that the next turn needs no read. Bounded; what ended
// leaves at once.
import MinkEngine
import MinkStore

/// Keeps some instances in memory.
struct InstanceCache {
    /// An instance in place: looking at it, or changing a part of it, copies nothing else.
    final class Entry {
        fileprivate(set) var version: Int64
        fileprivate(set) var instance: Instance
        /// Whether the store has it as it is here.
        fileprivate var isDurable = true

        fileprivate init(_ stored: StoredInstance) {
            version = stored.version
            instance = stored.instance
        }
    }

    private var entries: [InstanceID: Entry] = [:]
    private let limit: Int

    init(limit: Int) {
        precondition(limit > 0, "a cache holds at least one instance")
        self.limit = limit
    }

    subscript(id: InstanceID) -> Entry? { entries[id] }

    /// Takes in an instance that was loaded.
    @discardableResult
    mutating func insert(_ stored: StoredInstance, of id: InstanceID) -> Entry {
        if entries.count >= limit { shrink() }
        let entry = Entry(stored)
        entries[id] = entry
        return entry
    }

    /// Takes in what a turn made of an instance.
    mutating func update(_ id: InstanceID, to instance: Instance?, version: Int64) {
        guard let instance else {
            entries[id] = nil
            return
        }
        if let entry = entries[id] {
            entry.version = version
            entry.instance = instance
            entry.isDurable = false
        } else {
            insert(StoredInstance(version: version, instance: instance), of: id).isDurable = false
        }
    }

    /// Notes that the store has what a step decided.
    mutating func didCommit(_ step: EngineStep) {
        for turn in step.batch.turns {
            entries[turn.id]?.isDurable = true
            forgetEnded(turn.id)
        }
        for case .receipt(let pending, _) in step.work { forgetEnded(pending.command.instance) }
    }

    /// Forgets an instance that ended and whose last command is settled; late events are rare, and
    /// read the store.
    mutating func forgetEnded(_ id: InstanceID) {
        guard let entry = entries[id], entry.isDurable, entry.instance.outstanding.isEmpty,
            entry.instance.status?.isEnded ?? false
        else { return }
        entries[id] = nil
    }

    /// Changes what is known of the outstanding commands of an instance, if it is here.
    func changeOutstanding(of id: InstanceID, _ change: (inout [OutstandingCommand]) -> Void) {
        guard let entry = entries[id] else { return }
        change(&entry.instance.outstanding)
    }

    mutating func forgetAll() {
        entries = [:]
    }

    /// Forgets some instances, which belong to another engine now.
    mutating func forget(where isGone: (InstanceID) -> Bool) {
        for id in entries.keys.filter(isGone) { entries[id] = nil }
    }

    private mutating func shrink() {
        let gone = entries.lazy.filter { $0.value.isDurable }.prefix(max(1, limit / 10))
        for id in gone.map(\.key) { entries[id] = nil }
    }
}
