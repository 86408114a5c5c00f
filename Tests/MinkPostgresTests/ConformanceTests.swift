// Every promise of the ports, on a real server.
import MinkPostgres
import MinkStore
import MinkTesting
import Testing

@Suite("A PostgreSQL store", .enabled(if: hasServer, .init(rawValue: noServer)))
struct ConformanceTests {
    @Test(arguments: StoreConformance.checks)
    func `keeps the promise`(_ check: StoreConformance.Check) async throws {
        try await check.run(on: Stores(schema: try ScratchSchema()))
    }
}

private struct Stores: StoreFactory {
    let schema: ScratchSchema

    func open() async throws -> any CompleteStore { try await schema.open() }

    func reopen(_ store: any CompleteStore) async throws -> (any CompleteStore)? {
        await (store as? PostgresStore)?.close()
        return try await open()
    }
}
