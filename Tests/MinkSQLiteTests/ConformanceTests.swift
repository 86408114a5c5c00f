// Every promise of the ports, on a file and in memory.
import MinkSQLite
import MinkStore
import MinkTesting
import Testing

@Suite("A SQLite store")
struct ConformanceTests {
    @Test(arguments: StoreConformance.checks)
    func `keeps the promise on a file`(_ check: StoreConformance.Check) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }

        try await check.run(on: FileStores(folder: folder))
    }

    @Test(arguments: StoreConformance.checks)
    func `keeps the promise in memory`(_ check: StoreConformance.Check) async throws {
        try await check.run(on: MemoryStores())
    }
}

private struct FileStores: StoreFactory {
    let folder: ScratchFolder

    func open() async throws -> any CompleteStore {
        try SQLiteStore(file: folder.file("store.db"))
    }

    func reopen(_ store: any CompleteStore) async throws -> (any CompleteStore)? {
        (store as? SQLiteStore)?.close()
        return try await open()
    }
}

private struct MemoryStores: StoreFactory {
    func open() async throws -> any CompleteStore { try SQLiteStore(file: ":memory:") }

    func reopen(_ store: any CompleteStore) async throws -> (any CompleteStore)? { nil }
}
