// Carries orders through a whole engine: somebody sends, the engine judges, handlers answer.
import MinkCommands
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

/// The engines of a database, while they are measured.
struct SagaRun {
    let engines: [WorkflowEngine]
    let tally: Tally

    /// How many orders are under way at once.
    static let window = 2_000
    /// How many orders are sent together.
    static let sending = 100

    /// Makes an engine for each store, all of the same database.
    init(_ stores: [EngineStore], options: WorkflowEngine.Options) async throws {
        tally = Tally()
        var engines: [WorkflowEngine] = []
        for store in stores {
            engines.append(
                try await WorkflowEngine(
                    files: BenchOrders.files(), store: store, bus: try BenchOrders.bus(tally),
                    options: options))
        }
        self.engines = engines
    }

    /// The engine through which something is sent; they take turns.
    private func engine(_ turn: Int) -> WorkflowEngine { engines[turn % engines.count] }

    /// Runs a body while the engines work.
    ///
    /// - Parameter body: What is done meanwhile; the engines stop behind it.
    /// - Returns: What the body returns.
    /// - Throws: What an engine or the body throws.
    func whileRunning<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            for engine in engines {
                group.addTask {
                    try await engine.run()
                    return nil
                }
            }
            group.addTask { try await body() }
            var result: Result?
            while let ended = try await group.next() {
                if let ended {
                    result = ended
                    group.cancelAll()
                }
            }
            guard let result else { throw CancellationError() }
            return result
        }
    }

    /// Sends orders, never more at once than the window, and waits until all have ended.
    func carry(_ numbers: Range<Int>) async throws {
        let before = tally.ended - numbers.lowerBound
        var next = numbers.lowerBound
        while next < numbers.upperBound {
            let end = min(next + Self.sending, numbers.upperBound)
            await tally.wait(for: before + end - Self.window)
            let now = SystemClock().now()
            _ = try await engine(next / Self.sending).append(
                (next..<end).map { BenchOrders.order($0, at: now) })
            next = end
        }
        await tally.wait(for: before + numbers.upperBound)
    }

    /// Sends orders one at a time, far from what the engine can carry.
    ///
    /// - Returns: The nanoseconds from each event to its first command.
    func sendSlowly(_ numbers: Range<Int>) async throws -> [Int64] {
        _ = tally.takeLatencies()
        let before = tally.ended - numbers.lowerBound
        for number in numbers {
            let order = BenchOrders.order(
                number, sentAt: Tally.nanoseconds, at: SystemClock().now())
            _ = try await engine(number).append([order])
            try await Task.sleep(for: .milliseconds(10))
        }
        await tally.wait(for: before + numbers.upperBound)
        return tally.takeLatencies()
    }

    /// Waits for orders that another process sends.
    ///
    /// - Returns: The nanoseconds from each event to its first command.
    func hear(
        _ count: Int, from sender: @Sendable () async throws -> Void
    ) async throws -> [Int64] {
        _ = tally.takeLatencies()
        let before = tally.ended
        try await sender()
        await tally.wait(for: before + count)
        return tally.takeLatencies()
    }

    /// Sends ticks to one saga and waits until all are counted.
    ///
    /// - Returns: The microseconds for each event, of each thousand.
    func tick(thousands: Int) async throws -> [Double] {
        var figures: [Double] = []
        for round in 0..<thousands {
            let now = SystemClock().now()
            let ticks = (0..<1_000).map { BenchOrders.tick(round * 1_000 + $0, at: now) }
            let start = Tally.nanoseconds
            _ = try await engine(0).append(ticks)
            let target = Value.int(Int64((round + 1) * 1_000))
            while try await engine(0).saga(BenchOrders.meter, key: "meter")?.data["count"] != target
            {
                try await Task.sleep(for: .milliseconds(1))
            }
            figures.append(Double(Tally.nanoseconds - start) / 1e6)
        }
        return figures
    }
}
