// An instance while the turns of a batch are applied to it.
import MinkEngine
import MinkExpression
import MinkStore

/// What a commit has to know of a stored instance.
struct SagaHead {
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

struct SagaDraft {
    let before: SagaHead
    private(set) var version: Int64
    /// The turn that left the newest state; `nil` before the first, and when nothing is left.
    private var last: Turn?
    /// Whether a turn left nothing of what was there.
    private(set) var isRemoved = false

    init(before: SagaHead) {
        self.before = before
        version = before.version
    }

    var isEmpty: Bool { last == nil }

    /// The state after the turns.
    var instance: Instance? { last?.decision.instance }

    mutating func add(_ turn: Turn) throws(StoreError) {
        guard turn.expectedVersion == version else {
            throw StoreError(
                code: .conflict,
                message: "\(turn.id.workflow) \(turn.id.key) has version \(version), not "
                    + "\(turn.expectedVersion); load it and decide again")
        }
        guard turn.decision.refusal == nil else { return }
        guard turn.decision.instance != nil else { return try removeInstance(of: turn.id) }
        last = turn
        version += 1
    }

    private mutating func removeInstance(of id: InstanceID) throws(StoreError) {
        guard !before.hasStarted, last?.decision.instance?.status == nil else {
            throw StoreError(
                code: .corrupt, message: "a turn would remove \(id.workflow) \(id.key), which runs")
        }
        isRemoved = version > 0
        last = nil
    }
}
