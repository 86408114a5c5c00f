// One saga as a plain value: everything that the next decision needs, and nothing else.
//
//   started ─▶ running ─▶ completed
//      └──────────┴─────▶ compensating ─▶ compensated │ failed
package import MinkDefinition
package import MinkExpression

/// One saga of a workflow.
package struct Instance: Hashable, Sendable, Codable {
    package let id: InstanceID
    /// The definition that it runs by.
    package var definition: DefinitionReference
    /// The seed of the ids of its commands: derived from the event that made it.
    package var seed: String
    /// What travelled with the event that made it.
    package var origin: EventRecord.Metadata
    /// Where it stands; `nil` while only held events are known under its key.
    package var status: Status?
    /// The state it is in; `nil` until the start succeeded.
    package var state: String?
    /// Counts the entries into states.
    package var visit = 0
    /// The states that were entered, the last one last, each once.
    package var visited: [String] = []
    package var data = Value.map(ValueMap())
    /// What would undo the saga, the newest last.
    package var ledger: [Frame] = []
    /// Whether the point of no return was passed.
    package var isSealed = false
    /// The signatures of all frames that were ever pushed.
    package var signatures: Set<String> = []
    /// Why it was given up; `nil` while nothing failed.
    package var failure: FailureRecord?
    /// How far the undoing is; `nil` when it never began.
    package var compensation: CompensationProgress?
    /// Parts and items by visit.
    package var joins: [JoinProgress] = []
    /// Events that came before their time, in log order.
    package var held: [HeldEvent] = []
    package var timers: [Timer] = []
    /// Incidents that are open.
    package var incidents: [Incident] = []
    /// Why nothing is judged any more; `nil` while it runs.
    package var pause: Pause?
    package var counters = Counters()
    package var startedAt: Timestamp?
    package var endedAt: Timestamp?

    /// Commands that were handed out and not settled.
    ///
    /// Not part of the stored state: the store fills it from the outbox when it loads.
    package var outstanding: [OutstandingCommand] = []

    package init(id: InstanceID, definition: DefinitionReference, from event: EventRecord) {
        self.id = id
        self.definition = definition
        seed = event.id
        origin = event.metadata
    }

    private enum CodingKeys: String, CodingKey {
        case id, definition, seed, origin, status, state, visit, visited, data, ledger, isSealed
        case signatures, failure, compensation, joins, held, timers, incidents, pause, counters
        case startedAt, endedAt
    }
}

extension Instance {
    /// Where a saga stands.
    package typealias Status = SagaStatus

    /// What was used up over the life of the instance.
    package struct Counters: Hashable, Sendable, Codable {
        package var transitions = 0
        /// The number of the last command.
        package var commands = 0
        /// The number of the last frame.
        package var frames = 0
        /// The number of the last timer.
        package var timers = 0
        /// The number of the last incident.
        package var incidents = 0
        /// How many of each a person allowed beyond the limit, after it was reached.
        package var allowance = Allowance()
    }

    /// What a person granted beyond the limits.
    package struct Allowance: Hashable, Sendable, Codable {
        package var transitions = 0
        package var commands = 0
        package var held = 0
        package var dataBytes = 0
    }

    /// The timers that may fire; while the instance is paused they wait.
    package var runningTimers: [Timer] { pause == nil ? timers : [] }

    /// Whether a turn can still be taken in a state.
    package var isActive: Bool { status == .started || status == .running }
}

/// Which definition an instance runs by.
package struct DefinitionReference: Hashable, Sendable, Codable {
    package let workflow: String
    package let version: Int
    package let fingerprint: String

    package init(_ identity: Definition.Identity) {
        workflow = identity.workflow
        version = identity.version
        fingerprint = identity.fingerprint
    }
}

/// Why a saga was given up, as compensations and final states see it.
package struct FailureRecord: Hashable, Sendable, Codable {
    /// The sentence for people; `nil` after a plain step into a failed state.
    package var reason: String?
    package var state: String
    /// The event that led to it, by its name.
    package var event: String?
    /// The command that led to it, by its name.
    package var command: String?

    package init(reason: String?, state: String, event: String? = nil, command: String? = nil) {
        self.reason = reason
        self.state = state
        self.event = event
        self.command = command
    }
}

extension SagaStatus {
    /// Whether the saga is over.
    package var isEnded: Bool {
        switch self {
        case .completed, .failed, .compensated: true
        case .started, .running, .compensating: false
        }
    }
}
