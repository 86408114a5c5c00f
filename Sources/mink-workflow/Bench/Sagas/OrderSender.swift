// Sends orders from a process of its own, as another service would: the program starts itself, and
// is told by its environment what to send.
import Glibc
import MinkPostgres
import MinkStore
import MinkWorkflow

/// Sends orders to a database, one at a time.
struct OrderSender: Sendable {
    let url: String
    let schema: String

    private static let urlVariable = "MINK_BENCH_URL"
    private static let schemaVariable = "MINK_BENCH_SCHEMA"
    private static let firstVariable = "MINK_BENCH_FIRST"
    private static let countVariable = "MINK_BENCH_COUNT"

    /// Sends from another process, and waits until it has ended.
    func send(_ numbers: Range<Int>) async throws(StoreError) {
        let environment = [
            "\(Self.urlVariable)=\(url)", "\(Self.schemaVariable)=\(schema)",
            "\(Self.firstVariable)=\(numbers.lowerBound)",
            "\(Self.countVariable)=\(numbers.count)",
        ]
        let outcome: Result<Void, StoreError> = await withCheckedContinuation { waiting in
            let isStarted = OwnThread.run {
                waiting.resume(returning: Self.run(environment))
            }
            if !isStarted { waiting.resume(returning: .failure(Self.failure("no thread"))) }
        }
        try outcome.get()
    }

    private static func run(_ environment: [String]) -> Result<Void, StoreError> {
        do throws(FileError) {
            let sender = try Subprocess.run(
                ["/proc/self/exe", "bench", "sagas"], environment: environment)
            guard sender.status == 0 else {
                return .failure(failure(String(decoding: sender.errors, as: UTF8.self)))
            }
            return .success(())
        } catch {
            return .failure(failure(error.message))
        }
    }

    private static func failure(_ message: String) -> StoreError {
        StoreError(code: .unavailable, message: "the sending process failed: \(message)")
    }

    /// Sends what the environment says, where this process was started for that.
    ///
    /// - Returns: Whether it was.
    static func sendAsTold() async throws(StoreError) -> Bool {
        guard let url = Environment.variable(urlVariable),
            let schema = Environment.variable(schemaVariable),
            let first = Environment.variable(firstVariable).flatMap({ Int($0) }),
            let count = Environment.variable(countVariable).flatMap({ Int($0) }), count > 0
        else { return false }
        let store = try await PostgresStore(url, schema: schema)
        for number in first..<first + count {
            let now = SystemClock().now()
            let order = BenchOrders.order(number, sentAt: Tally.nanoseconds, at: now)
            _ = try await store.append([order], at: now, notes: [:])
            usleep(10_000)
        }
        await store.close()
        return true
    }
}
