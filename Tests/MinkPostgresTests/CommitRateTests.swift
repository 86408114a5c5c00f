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
        let backend = try await store.owned { lane throws(StoreError) in
            try lane.session.connection().backend
        }
        let instances = try (0..<Int64(5 * size)).map { try Instance.sample($0) }
        var (turns, elapsed, ours) = (0, Int64(0), Int64(0))
        var theirs = Self.processorTime(of: backend)
        // The first round starts instances and fills caches; the others are updates.
        for round in 0..<Int64(size == 1 ? 200 : 20) {
            if round == 1 { theirs = Self.processorTime(of: backend) }
            for part in 0..<5 {
                var batch = TurnBatch()
                for instance in instances[(part * size)..<((part + 1) * size)] {
                    let commands = ["k\(instance.id.key)-\(round)"]
                    batch.turns += try TurnBatch.sample(
                        instance, from: round, commands: commands
                    ).turns
                }
                let (start, used) = (MonotonicTime.now, clock())
                _ = try await store.commit(batch)
                guard round > 0 else { continue }
                turns += size
                elapsed += start.millisecondsPassed
                ours += Int64(clock() - used)
            }
        }
        let count = Int64(turns)
        theirs = Self.processorTime(of: backend) - theirs
        print(
            "\(size) turns a commit: \(count * 1_000 / max(1, elapsed)) turns/s, processor time a "
                + "turn: \(ours / count) µs here, \(theirs / count) µs there")
        await store.close()
    }

    /// Microseconds that a process has used, counted in steps of ten thousand.
    private static func processorTime(of process: Int32) -> Int64 {
        guard let stream = fopen("/proc/\(process)/stat", "r") else { return 0 }
        defer { fclose(stream) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = fread(&bytes, 1, bytes.count, stream)
        let words = String(decoding: bytes.prefix(count), as: UTF8.self)
            .drop { $0 != ")" }.split(separator: " ")
        guard words.count > 13, let user = Int64(words[12]), let system = Int64(words[13]) else {
            return 0
        }
        return (user + system) * 10_000
    }
}
