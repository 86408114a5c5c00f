// The store that a verb works on: a file, or a database.
import MinkDefinition
import MinkExpression
import MinkSQLite
import MinkStore
import MinkWorkflow

extension Verb.Option {
    /// The options that say which store is meant.
    static let store = [
        Verb.Option(name: "--store", value: "FILE", summary: "the SQLite file of an engine")
    ]
}

extension Arguments {
    /// Opens the store that was named.
    func openStore() async throws(UsageError) -> EngineStore {
        guard let file = value("--store") else {
            throw UsageError(message: "say which store: --store FILE")
        }
        guard FileSystem.kind(of: file) == .file else {
            throw UsageError(message: "there is no store \"\(file)\"", code: .notFound)
        }
        do throws(StoreError) {
            return try .sqlite(file)
        } catch {
            throw UsageError(message: error.message, code: error.exitCode)
        }
    }
}

extension EngineStore {
    /// Every definition that the store keeps.
    func catalog() async throws(StoreError) -> Catalog {
        var catalog = Catalog()
        try DefinitionLoader.add(try await definitions.definitions(), to: &catalog)
        return catalog
    }
}
