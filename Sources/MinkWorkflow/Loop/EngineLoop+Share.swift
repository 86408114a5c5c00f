// What an engine does when others come and go: it gives up a part of its work, or takes over more.
import MinkEngine
import MinkStore

extension EngineLoop {
    /// Gives up what is told, takes over what nobody owns, and goes on with what is owned now.
    ///
    /// - Returns: What is not owned any more; its commands may wait elsewhere.
    mutating func tend(releasing: PartitionSet) async throws(StoreError) -> PartitionSet {
        try await flush()
        let before = share.owned
        let share = try await store.tend(releasing: releasing)
        adopt(share)
        let lost = before.subtracting(share.owned)
        if !lost.isEmpty { leave(lost) }
        let gained = share.owned.subtracting(before)
        if !gained.isEmpty { try await refillOutgoing(takingOver: gained) }
        return lost
    }

    /// Forgets everything about partitions that belong to others now.
    private mutating func leave(_ lost: PartitionSet) {
        cache.forget { lost.contains($0) }
        for pending in outgoing where lost.contains(pending.command.instance) { abandon(pending) }
        outgoing.removeAll { lost.contains($0.command.instance) }
    }
}
