// A schema of its own for one test, on the server of the test process.
import MinkStore
import MinkTesting
import Synchronization

@testable import MinkPostgres

/// Whether tests that need a server run.
let hasServer = !ScratchPostgres.isSkipped

/// The reason that is told when they do not.
let noServer = "MINK_SKIP_POSTGRES=1 leaves out what needs a server"

struct ScratchSchema: Sendable {
    private static let count = Mutex(0)

    let url: String
    let name: String

    init(url: String, name: String) {
        self.url = url
        self.name = name
    }

    init() throws {
        url = try ScratchPostgres.shared.get().url
        name = Self.count.withLock { count in
            count += 1
            return "test \(count)"
        }
    }

    /// Options that suit the scratch server, which cares little for the disk.
    static var options: PostgresOptions {
        var options = PostgresOptions()
        options.allowDataLoss = true
        options.poolSize = 1
        // A machine that is busy with other tests may hold a process for some time.
        options.leaseTime = .seconds(120)
        options.lockLimit = .seconds(30)
        return options
    }

    func open(
        _ options: PostgresOptions = Self.options, turns: Statement = .turns
    ) async throws(StoreError) -> PostgresStore {
        try await PostgresStore(url, schema: name, options: options, turns: turns)
    }

    /// A session for the thread of the test.
    func session() -> Session {
        Session(Address(url: url, schema: Schema(name: name), options: Self.options))
    }
}
