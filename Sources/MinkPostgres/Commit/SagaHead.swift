// What is known of a stored instance, so that a batch need not read it.
import MinkEngine
import MinkExpression
import MinkStore

/// What a commit has to know of a stored instance.
struct SagaHead: StoredHead {
    /// The row.
    let saga: Int64
    var version: Int64
    /// Whether it has started; before, only held events are known under its key.
    var hasStarted: Bool
    var isStored: Bool
    /// The timers that are stored.
    var timers: [Timer]

    /// An instance that is not stored yet.
    init(new saga: Int64) {
        self.saga = saga
        version = 0
        hasStarted = false
        isStored = false
        timers = []
    }

    init(_ instance: Instance, saga: Int64, version: Int64) {
        self.saga = saga
        self.version = version
        hasStarted = instance.status != nil
        isStored = true
        timers = instance.runningTimers
    }
}
