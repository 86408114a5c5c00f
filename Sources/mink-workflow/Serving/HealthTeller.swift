// The health line: at the start, when something changes, and now and then.
import MinkWorkflow

/// Tells how an engine is, until its task is cancelled.
struct HealthTeller {
    let control: EngineControl
    let log: ServeLog

    /// How often a change is looked for.
    private static let look = Duration.milliseconds(200)
    /// The longest silence.
    private static let period = Duration.seconds(10)

    func run() async {
        var last: EngineHealth?
        var silentUntil = ContinuousClock.now
        while !Task.isCancelled {
            let health = EngineHealth(of: control)
            if health != last || ContinuousClock.now >= silentUntil {
                log.tell(health)
                last = health
                silentUntil = .now + Self.period
            }
            try? await Task.sleep(for: Self.look)
        }
    }
}
