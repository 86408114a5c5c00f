// The time of the store, which all engines of a database share.
import MinkExpression
import MinkStore

/// Tells the store's time, or the machine's where the store has none.
struct StoreClock: WorkflowClock {
    let store: any WorkflowStore

    func now() -> Timestamp { store.time ?? SystemClock().now() }
}
