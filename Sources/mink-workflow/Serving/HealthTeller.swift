// The health line: at the start, when something changes, and now and then.
import MinkStore
import MinkWorkflow

/// Tells how an engine is, until its task is cancelled.
struct HealthTeller {
    let control: EngineControl
    let store: any StoreCensus
    let log: ServeLog

    /// How often a change is looked for.
    private static let look = Duration.milliseconds(200)
    /// The longest silence.
    private static let period = Duration.seconds(10)
    /// How many sagas are counted in one question.
    private static let page = 1_000
    /// Counting takes at most this part of the time.
    private static let share = 100

    func run() async {
        var last: EngineHealth?
        var counts: EngineHealth.Counts?
        var (nextCount, nextLine) = (ContinuousClock.now, ContinuousClock.now)
        while !Task.isCancelled {
            if ContinuousClock.now >= nextCount, control.standing == .working {
                let start = ContinuousClock.now
                // The line is told without counts while the store is away.
                counts = try? await count()
                nextCount = max(start + Self.period, .now + (.now - start) * Self.share)
            }
            let health = EngineHealth(of: control, counts: counts)
            if health.differs(from: last) || ContinuousClock.now >= nextLine {
                log.tell(health)
                last = health
                nextLine = .now + Self.period
            }
            try? await Task.sleep(for: Self.look)
        }
    }

    private func count() async throws(StoreError) -> EngineHealth.Counts {
        var counts = EngineHealth.Counts()
        let newest = try await store.newestPosition()
        counts.lag = control.cursor.map { max(0, newest - $0) }
        var place: Int64 = 0
        while !Task.isCancelled {
            let part = try await store.countRunning(after: place, limit: Self.page)
            counts.running += part.running
            counts.incidents += part.incidents
            guard let last = part.last else { break }
            place = last
        }
        return counts
    }
}
