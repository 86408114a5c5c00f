// By which definition an instance is decided: its own, wherever that is kept.
import MinkDefinition
import MinkEngine
import MinkStore

extension EngineLoop {
    /// The definition by which an instance is decided, wherever it is kept.
    mutating func definition(
        for entry: InstanceCache.Entry?, _ id: InstanceID
    ) async throws(StoreError) -> Definition? {
        guard let entry, entry.instance.status != nil else { return catalog.active(id.workflow) }
        return try await definition(for: entry.instance.definition)
    }

    /// The definition with this identity; `nil` when nobody keeps it.
    mutating func definition(
        for reference: DefinitionReference
    ) async throws(StoreError) -> Definition? {
        if let known = catalog.definition(for: reference) { return known }
        // Another engine has published it just now, or it is out of use.
        guard let found = try await lookUp(reference) else { return nil }
        catalog.keep(found)
        return found
    }
}
