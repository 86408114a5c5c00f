// A process that is killed in the middle of its commits. The writer is this test binary, started
// once more with a variable that lets it run one test that never ends.
import Glibc
import MinkDefinition
import MinkExpression
import MinkSQLite
import MinkStore
import Testing

@testable import MinkEngine

private let writerFile = getenv("MINK_TEST_WRITER").map { String(cString: $0) }

@Suite("A process that is killed")
struct KillTests {
    @Test(.enabled(if: writerFile != nil, "only in the process that is to be killed"))
    func `KilledWriter writes until it is killed`() async throws {
        let store = try SQLiteStore(file: try #require(writerFile))
        var number = Int(try await store.claim().cursor)
        while true {
            try await Order(number: number).write(to: store)
            number += 1
        }
    }

    @Test(.enabled(if: writerFile == nil, "the writer starts no writers"))
    func `leaves every batch whole, and its file free`() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let file = folder.file("a.db")
        var before = 0

        for round in 1...5 {
            let writer = try Writer(file: file)
            try writer.wait(untilLogOf: file, hasMoreThan: 200_000 + 77_777 * Int64(round))
            #expect(refusal(opening: file) == .occupied)
            writer.kill()

            let store = try SQLiteStore(file: file)
            let count = try await Order.check(store)
            #expect(count > before)
            before = count
            store.close()
        }
    }

    private func refusal(opening file: String) -> StoreError.Code? {
        do {
            _ = try SQLiteStore(file: file)
            return nil
        } catch {
            return error.code
        }
    }
}

/// What the writer commits: an event, then in one batch an instance, a command, the cursor, and the
/// settling of the command before, with its answer.
private struct Order {
    let number: Int

    private static let now = Timestamp(seconds: 1_800_000_000)

    private static func id(_ number: Int) -> InstanceID {
        InstanceID(tenant: "", workflow: "Order", key: .int(Int64(number)))
    }

    func write(to store: SQLiteStore) async throws {
        let now = try #require(Self.now)
        let event = EventRecord(id: "e\(number)", type: "Placed", data: "{}", time: now)
        _ = try await store.append([event], at: now, notes: [:])
        let id = Self.id(number)
        let identity = Definition.Identity(workflow: "Order", version: 1, fingerprint: "f")
        var instance = Instance(
            id: id, definition: DefinitionReference(identity), from: event)
        instance.status = .running
        instance.timers = [Timer(number: 1, kind: .timeout, due: now, visit: 1)]
        var decision = Decision(instance: instance)
        decision.commands = [
            CommandRecord(
                id: "k\(number)", number: 1, instance: id, name: "Ship", arguments: [:],
                role: .step, visit: 1,
                delivery: Delivery(destination: .handler, retry: .init(RetryPolicy())), due: nil,
                isKept: false, metadata: event.metadata, personalArguments: [])
        ]
        var batch = TurnBatch()
        batch.turns = [
            Turn(
                id: id, expectedVersion: 0, input: .event(event, isSeen: false),
                decision: decision, at: now)
        ]
        batch.cursor = Int64(number) + 1
        batch.notes = ["last": String(number)]
        batch.settled = ["k\(number - 1)"]
        _ = try await store.commit(batch)
    }

    /// Holds what is stored against what the batches promise.
    ///
    /// - Returns: How many events there are.
    static func check(_ store: SQLiteStore) async throws -> Int {
        let events = try await store.read(after: 0, limit: .max)
        let orders = try await store.instances(InstanceFilter(limit: .max))
        let claim = try await store.claim()
        var request = ReadyRequest(after: 0, now: try #require(now))
        request.commands = .max
        request.timers = .max
        let work = try await store.ready(request)

        #expect(events.map(\.id) == (0..<events.count).map { "e\($0)" })
        let committed = Int(claim.cursor)
        // An event is appended before the batch that judges it.
        #expect(events.count == committed || events.count == committed + 1)
        #expect(orders.map(\.instance.id) == (0..<committed).map(id))
        #expect(work.timers.map(\.instance) == (0..<committed).map(id))
        #expect(work.commands.map(\.command.id) == ["k\(committed - 1)"])
        #expect(claim.notes == ["last": String(committed - 1)])
        return events.count
    }
}

extension InstanceFilter {
    fileprivate init(limit: Int) {
        self.init()
        self.limit = limit
    }
}

/// A process of its own that writes to a file.
private struct Writer {
    private let process: pid_t

    init(file: String) throws {
        var process: pid_t = 0
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        let arguments = [
            "/proc/self/exe", "--testing-library", "swift-testing", "--filter", "KilledWriter",
        ]
        var environment = ["MINK_TEST_WRITER=" + file]
        if let path = getenv("LD_LIBRARY_PATH") {
            environment.append("LD_LIBRARY_PATH=" + String(cString: path))
        }
        let result = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                posix_spawn(&process, "/proc/self/exe", &actions, nil, arguments, environment)
            }
        }
        guard result == 0 else { throw ScratchFolder.Failure(errno: result) }
        self.process = process
    }

    /// Waits until the log of a file has so many bytes; the writer tells nothing else.
    func wait(untilLogOf file: String, hasMoreThan size: Int64) throws {
        for _ in 0..<6_000 {
            var status = stat()
            if stat(file + "-wal", &status) == 0, status.st_size > size { return }
            usleep(5_000)
        }
        kill()
        throw ScratchFolder.Failure(errno: ETIMEDOUT)
    }

    func kill() {
        Glibc.kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }
}

/// Lends texts as C does: pointers that end with null.
private func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}
