// Where the time of a turn comes from. Nothing else in the engine looks at a clock.
public import MinkExpression
import Synchronization

/// Tells the time to an engine.
public protocol WorkflowClock: Sendable {
    /// The present moment.
    func now() -> Timestamp
}

/// A clock that stands still until it is moved: for tests, scenarios and replays of event files.
public final class ManualClock: WorkflowClock {
    private let moment: Mutex<Timestamp>

    /// A clock that stands at a moment.
    public init(at moment: Timestamp) {
        self.moment = Mutex(moment)
    }

    /// The moment at which the clock stands.
    public func now() -> Timestamp {
        moment.withLock { $0 }
    }

    /// Moves the clock to a moment; it never goes back.
    public func move(to later: Timestamp) {
        moment.withLock { $0 = max($0, later) }
    }
}
