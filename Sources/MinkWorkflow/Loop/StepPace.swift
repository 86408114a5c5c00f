// How much goes into one step: as much as is allowed, until a step can not be written. Then ever
// smaller steps, until the input that can not be written stands alone.
import MinkExpression

/// The size of steps, by how the last ones went.
struct StepPace {
    /// The most inputs of the next step.
    private(set) var limit: Int
    private let most: Int
    /// How often in a row a single input could not be written.
    private var failuresAlone = 0
    /// How often in a row the store was away.
    private var losses = 0

    /// A single input is tried again so often: another worker may just have been faster.
    private static let triesAlone = 3

    init(limit: Int) {
        precondition(limit > 0, "a step has room for at least one input")
        self.limit = limit
        most = limit
    }

    /// Notes that a step was written.
    mutating func didWrite() {
        limit = min(most, 2 * limit)
        failuresAlone = 0
        losses = 0
    }

    /// Notes that a step of so many inputs could not be written.
    ///
    /// - Returns: Whether it was a single input, and has to be set aside.
    mutating func didFail(inputs: Int) -> Bool {
        limit = max(1, inputs / 2)
        guard inputs == 1 else { return false }
        failuresAlone += 1
        guard failuresAlone >= Self.triesAlone else { return false }
        failuresAlone = 0
        return true
    }

    /// Notes that the store was away, and says how long to wait.
    mutating func didLoseStore() -> Duration {
        losses = min(losses + 1, 6)
        return .milliseconds(50 << losses)
    }
}
