// How many turns a connection commits, on a server that cares for the disk. Runs when it is asked
// for: `MINK_POSTGRES_RATE=1`.
import Glibc
import MinkEngine
import MinkStore
import MinkTesting
import Testing

@testable import MinkPostgres

@Suite("The rate of commits", .enabled(if: getenv("MINK_POSTGRES_RATE") != nil, "takes a while"))
struct CommitRateTests {
    @Test(.serialized, arguments: [1, 10, 100, 500])
    func `is told`(size: Int) async throws {
        let server = try ScratchPostgres(["fsync=on", "shared_buffers=128MB"])
        defer { server.stop() }
        let store = try await PostgresStore(server.url, schema: "mink")
        let instances = try (0..<Int64(5 * size)).map { try Instance.sample($0) }
        var version: Int64 = 0
        var (turns, elapsed, building) = (0, Int64(0), Int64(0))
        // The first round starts instances and fills caches; the others are updates.
        for round in 0..<(size == 1 ? 200 : 20) {
            for part in 0..<5 {
                let building0 = MonotonicTime.now
                var batch = TurnBatch()
                for instance in instances[(part * size)..<((part + 1) * size)] {
                    batch.turns += try TurnBatch.sample(
                        instance, from: version,
                        commands: ["k\(instance.id.key)-\(round)"]
                    ).turns
                }
                building += building0.millisecondsPassed
                let start = MonotonicTime.now
                _ = try await store.commit(batch)
                if round > 0 {
                    turns += size
                    elapsed += start.millisecondsPassed
                }
            }
            version += 1
        }
        print("\(size) turns a commit: \(Int64(turns) * 1_000 / max(1, elapsed)) turns/s")
        await store.close()
    }
}
