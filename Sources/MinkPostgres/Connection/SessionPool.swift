// A few connections for what is not the engine's own work.
import MinkStore
import Synchronization

/// Runs bodies on whichever connection is free.
final class SessionPool: Sendable {
    private struct Slot {
        let worker: Worker<Session>
        var waiting = 0
    }

    private let slots: Mutex<[Slot]>

    init(_ address: Address) throws(StoreError) {
        var made: [Slot] = []
        for _ in 0..<max(1, address.options.poolSize) {
            made.append(Slot(worker: try Worker { Session(address) }))
        }
        slots = Mutex(made)
    }

    /// Runs a body on the connection for which the fewest wait.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable (Session) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let (index, worker) = slots.withLock { slots in
            let index = slots.indices.min { slots[$0].waiting < slots[$1].waiting } ?? 0
            slots[index].waiting += 1
            return (index, slots[index].worker)
        }
        defer { slots.withLock { $0[index].waiting -= 1 } }
        return try await worker.run(body)
    }

    func close() {
        for slot in slots.withLock(\.self) {
            slot.worker.submit { $0.disconnect() }
            slot.worker.close()
        }
    }
}
