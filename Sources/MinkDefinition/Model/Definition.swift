// A workflow file that was read, checked and compiled. Only such a definition reaches the engine.
//
// Names of states, events and commands stay text: the instance stores them, so that ledgers and
// timers mean the same under every later version.
package import MinkExpression

/// A checked workflow: what the engine interprets.
///
/// A class, because it never changes and every turn hands it on.
package final class Definition: Sendable {
    /// The workflow's name, its version and the digest of its meaning.
    package let identity: Identity
    /// Who answers for the file; for people only.
    package let owner: String?
    /// What the workflow does, in the author's words.
    package let description: String?
    /// The field of every event that names the instance, unless the event says otherwise.
    package let correlateBy: String
    /// The declared data fields, in the order of the file.
    package let data: [DataField]
    /// The declared events by name.
    package let events: [String: EventDefinition]
    /// The command templates by name.
    package let commands: [String: CommandTemplate]
    /// What happens when the saga has to be undone.
    package let compensation: CompensationRule
    /// How long the whole saga may take.
    package let deadline: Deadline?
    /// What a first event does, by its name.
    package let start: [String: StartHandler]
    /// The states, in the order of the file.
    package let states: [State]
    /// What holds in every state that is not final and not excepted.
    package let anyState: AnyState?
    /// How long an ended instance is kept.
    package let retain: Duration
    /// Bounds over the life of an instance.
    package let limits: Limits
    /// How instances of earlier versions can be moved to this one.
    package let migration: Migration?
    /// The names that expressions may use, and their places in a scope.
    package let layout: VariableLayout

    let graph: StateGraph

    package init(
        identity: Identity, owner: String?, description: String?, correlateBy: String,
        data: [DataField], events: [String: EventDefinition],
        commands: [String: CommandTemplate], compensation: CompensationRule, deadline: Deadline?,
        start: [String: StartHandler], states: [State], anyState: AnyState?, retain: Duration,
        limits: Limits, migration: Migration?, layout: VariableLayout
    ) {
        self.identity = identity
        self.owner = owner
        self.description = description
        self.correlateBy = correlateBy
        self.data = data
        self.events = events
        self.commands = commands
        self.compensation = compensation
        self.deadline = deadline
        self.start = start
        self.states = states
        self.anyState = anyState
        self.retain = retain
        self.limits = limits
        self.migration = migration
        self.layout = layout
        graph = StateGraph(states: states, anyState: anyState)
    }
}

extension Definition {
    /// Which text a definition is: name, version, and the digest of its canonical form.
    package struct Identity: Hashable, Sendable {
        package let workflow: String
        package let version: Int
        /// SHA-256 of the canonical form, as 64 hexadecimal digits.
        package let fingerprint: String

        package init(workflow: String, version: Int, fingerprint: String) {
            self.workflow = workflow
            self.version = version
            self.fingerprint = fingerprint
        }
    }

    /// The state with this name; `nil` when the file has none.
    package func state(_ name: String) -> State? {
        graph.number(of: name).map { states[$0] }
    }

    /// What a state does with an event: its own handler, else the one that holds in any state.
    package func handler(of event: String, in state: State) -> EventHandler? {
        if let own = state.handler(of: event) { return own }
        guard let anyState, anyState.holds(in: state), let transitions = anyState.on[event]
        else { return nil }
        return .transitions(transitions)
    }

    /// Whether some state that can still come after this one handles the event.
    package func canStillHandle(_ event: String, after state: String) -> Bool {
        graph.canReachHandler(of: event, from: state)
    }

    /// The states that handle an event, in the order of the file.
    package func states(handling event: String) -> [State] {
        states.filter { handler(of: event, in: $0) != nil }
    }

    /// The states that can come after this one, by one step or many.
    package func states(reachableFrom state: String) -> Set<String> {
        graph.reachable(from: state)
    }

    /// The declared field with this name; `nil` when there is none.
    package func dataField(_ name: String) -> DataField? {
        data.first { $0.name == name }
    }
}
