// The turn in progress: the instance as it becomes, and the decision as it grows.
//
// One builder serves one call of `decide`. Its evaluation scope owns the memory of all
// expressions of the call.
import MinkDefinition
import MinkExpression

/// Builds one decision.
struct TurnBuilder {
    let definition: Definition
    let id: InstanceID
    let now: Timestamp
    let scope: EvaluationScope
    /// Where to note what the turn goes through.
    let trace: TurnTrace?

    /// The instance as it becomes, where there is one.
    ///
    /// Kept apart from whether it exists: inside an optional each look at a member would copy all
    /// of it.
    var current: Instance
    /// Whether there is an instance.
    private(set) var exists: Bool
    var decision: Decision

    /// The payload of the event that is being judged.
    var payload: Value?
    /// The event that is being judged.
    var event: EventRecord?
    /// Whether what is held has to be offered again.
    var offersHeld = false
    /// Ids of held events that were offered since the last entry into a state.
    var offered: Set<String> = []
    /// The held event that is being offered; it goes back to its place if it is still early.
    var reoffered: HeldEvent?
    /// Inputs to judge after this one: what waited behind a pause.
    var waiting: ArraySlice<Input> = []
    /// The command whose outcome is being judged, where a state waits for it.
    var settledCommand: String?
    /// Whether the instance takes the event that is being judged in: it is neither held nor a
    /// dead letter.
    var takesIn = true

    /// The variables that expressions see at this moment; a handful, so that a look along them is
    /// faster than a dictionary.
    private var bound: [(name: String, value: Value)] = []
    /// The instance's own id, once an expression could have asked for it.
    private var sagaID: String?

    init(
        definition: Definition, instance: Instance?, id: InstanceID, now: Timestamp,
        trace: TurnTrace?
    ) {
        self.definition = definition
        self.trace = trace
        self.id = id
        self.now = now
        current = instance ?? Instance(id: id, of: definition)
        exists = instance != nil
        decision = Decision()
        scope = EvaluationScope(layout: definition.layout)
    }

    /// The decision, complete.
    consuming func finish() -> Decision {
        dropIdleExpiryTimers()
        if exists, current.status == nil, current.held.isEmpty {
            exists = false
            decision.seenValues = []
        }
        decision.settleCommands()
        decision.instance = instance
        return decision
    }

    mutating func bind(_ name: String, _ value: Value) {
        if let index = bound.firstIndex(where: { $0.name == name }) {
            bound[index].value = value
        } else {
            bound.append((name, value))
        }
        scope.bind(name, value)
    }

    /// The value of a variable at this moment.
    func boundValue(_ name: String) -> Value? {
        bound.first { $0.name == name }?.value
    }

    mutating func unbind(_ name: String) {
        bound.removeAll { $0.name == name }
        scope.unbind(name)
    }

    mutating func forgetVariables() {
        bound.removeAll(keepingCapacity: true)
        scope.reset()
    }

    /// What expressions see under `saga`.
    mutating func sagaValue() -> Value {
        let id = sagaID ?? current.uuid
        sagaID = id
        return current.sagaValue(id: id)
    }

    /// The instance; `nil` where there is none.
    var instance: Instance? {
        get { exists ? current : nil }
        set {
            exists = newValue != nil
            if let newValue { current = newValue }
        }
    }

    /// Where the instance stands; `nil` where there is none, or only held events.
    var status: Instance.Status? { exists ? current.status : nil }

    /// Whether nothing is judged until a person acts.
    var isPaused: Bool { exists && current.pause != nil }

    mutating func note(_ fact: Fact) {
        decision.facts.append(fact)
    }

    /// Makes the instance that an event begins, or that only holds it so far.
    mutating func create(from event: EventRecord) {
        sagaID = nil
        var made = Instance(
            id: id, definition: DefinitionReference(definition.identity), from: event)
        if exists {
            made.held = current.held
            made.timers = current.timers
            made.counters = current.counters
        }
        made.status = .started
        made.startedAt = now
        made.data = .map(definition.initialData)
        instance = made
    }
}

extension TurnBuilder {
    /// Everything that a turn may change, to go back to when it can not be judged.
    struct Checkpoint {
        fileprivate let instance: Instance?
        fileprivate let extent: Decision.Extent
        fileprivate let waiting: ArraySlice<Input>
        fileprivate let offersHeld: Bool
        fileprivate let offered: Set<String>
        fileprivate let traced: Int
    }

    var checkpoint: Checkpoint {
        Checkpoint(
            instance: instance, extent: decision.extent, waiting: waiting, offersHeld: offersHeld,
            offered: offered, traced: trace?.entries.count ?? 0)
    }

    mutating func restore(_ before: Checkpoint) {
        instance = before.instance
        decision.shrink(to: before.extent)
        waiting = before.waiting
        offersHeld = before.offersHeld
        offered = before.offered
        trace?.shrink(to: before.traced)
    }
}

extension Instance {
    /// Stands where there is no instance yet; nothing of it is ever seen.
    fileprivate init(id: InstanceID, of definition: Definition) {
        self.init(
            id: id, definition: DefinitionReference(definition.identity),
            from: EventRecord(id: "", type: "", data: "", time: .earliest))
    }
}

/// Why a turn has to be undone, and the instance paused.
enum Trouble: Error {
    /// An expression could not be evaluated, or its value does not fit.
    case expression(message: String, place: SourcePlace?)
    case limit(String)
    case duplicateItem(String)
    /// The turn could not be written down.
    case unwritable(String)

    var code: Incident.Code {
        switch self {
        case .expression: .expressionError
        case .limit: .limitReached
        case .duplicateItem: .duplicateItem
        case .unwritable: .poisonedTurn
        }
    }

    /// What happened, for people.
    var explanation: String {
        switch self {
        case .expression(let message, let place): (place.map { "\($0): " } ?? "") + message
        case .limit(let message), .duplicateItem(let message), .unwritable(let message): message
        }
    }

    /// What happened and what to do, for people.
    var message: String {
        let advice =
            switch self {
            case .expression: "Correct the cause, then resume"
            case .limit: "Resume to allow as much again"
            case .duplicateItem: "Compensate, or cancel"
            case .unwritable: "Correct the cause, then resume; or compensate"
            }
        return explanation + "; nothing of this turn was kept. " + advice
    }
}

extension Definition {
    /// The data of a new instance: the fields that have a default.
    var initialData: ValueMap {
        var map = ValueMap()
        for field in data {
            if let initial = field.initial { map[field.name] = initial }
        }
        return map
    }
}
