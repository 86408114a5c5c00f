// The stores of a bench: each measurement has a schema, or a file, of its own.
import Glibc
import MinkPostgres
import MinkStore

/// Opens stores on one server, or in one folder.
struct BenchStores: Sendable {
    /// The stores of one measurement.
    struct Opened: Sendable {
        let stores: [any AnyStore]
        /// The same, where they are of PostgreSQL.
        let postgres: [PostgresStore]
        let serverFolder: String?
        /// Sends from another process; `nil` where only one can have the store.
        let sender: OrderSender?

        func use() async throws(StoreError) -> ResourceUse {
            try await ResourceUse.now(postgres.first, serverFolder: serverFolder)
        }
    }

    /// The folder of a server of our own.
    let serverFolder: String?
    /// The database; `nil` where there is none.
    let url: String?
    let make: @Sendable (String) async throws(StoreError) -> (any AnyStore, PostgresStore?)

    /// Opens so many stores on the same data, which are new.
    func open(_ name: String, count: Int) async throws(StoreError) -> Opened {
        let schema = "mink_bench_\(name)_\(getpid())"
        var stores: [any AnyStore] = []
        var postgres: [PostgresStore] = []
        for _ in 0..<count {
            let (store, ofPostgres) = try await make(schema)
            stores.append(store)
            if let ofPostgres { postgres.append(ofPostgres) }
        }
        return Opened(
            stores: stores, postgres: postgres, serverFolder: serverFolder,
            sender: url.map { OrderSender(url: $0, schema: schema) })
    }

    func close(_ opened: Opened) async {
        // A server that ends with us needs no cleaning.
        if serverFolder == nil { try? await opened.postgres.first?.removeSchema() }
        for store in opened.stores { await store.close() }
    }
}
