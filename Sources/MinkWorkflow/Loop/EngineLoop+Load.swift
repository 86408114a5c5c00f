// Reads instances that are not in memory: those of a batch of events with one question.
import MinkEngine
import MinkStore

extension EngineLoop {
    /// Reads the instances of some events with one question.
    ///
    /// One that can not be read must not hold up the others: then each is read by itself, as a part
    /// of deciding its event.
    mutating func loadAll(
        of events: [RoutedEvent], in scope: PartitionSet
    ) async throws(StoreError) {
        var ids: Set<InstanceID> = []
        for event in events {
            for id in event.instances where cache[id] == nil && scope.contains(id) {
                ids.insert(id)
            }
        }
        guard !ids.isEmpty else { return }
        let stored: [InstanceID: StoredInstance]
        do throws(StoreError) {
            stored = try await store.load(Array(ids))
        } catch {
            guard error.code == .corrupt else { throw error }
            return
        }
        for id in ids {
            if let stored = stored[id] { adopt(stored, of: id) } else { absent.insert(id) }
        }
    }

    mutating func load(_ id: InstanceID) async throws(StoreError) -> InstanceCache.Entry? {
        if let cached = cache[id] { return cached }
        if absent.contains(id) { return nil }
        guard let stored = try await store.load([id])[id] else { return nil }
        return adopt(stored, of: id)
    }

    /// Takes an instance in that was read, with what is known of its commands only here.
    @discardableResult
    private mutating func adopt(
        _ stored: StoredInstance, of id: InstanceID
    ) -> InstanceCache.Entry {
        var instance = stored.instance
        instance.outstanding.removeAll { acknowledged.contains($0.id) }
        for index in instance.outstanding.indices {
            guard let attempt = inAttempt[instance.outstanding[index].id] else { continue }
            instance.outstanding[index].isInAttempt = true
            instance.outstanding[index].attempts = attempt - 1
        }
        return cache.insert(StoredInstance(version: stored.version, instance: instance), of: id)
    }
}
