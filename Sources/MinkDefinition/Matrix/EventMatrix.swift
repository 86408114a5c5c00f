// What becomes of each event in each state, before anything runs.

/// The table of states and events of a workflow.
package struct EventMatrix: Sendable {
    /// The events, in alphabetic order.
    package let events: [String]
    /// One row for each state, in the order of the file; before them the row without an instance.
    package let rows: [Row]
    /// What becomes of the events while everything done so far is undone.
    package let compensating: [Cell]

    /// What becomes of the events in one state.
    package struct Row: Sendable {
        /// The state's name; `nil` for events that come before the saga exists.
        package let state: String?
        package let isFinal: Bool
        /// One for each event, in the order of the table.
        package let cells: [Cell]
    }

    /// What becomes of an event.
    package enum Cell: String, Sendable {
        /// It creates the saga.
        case starts
        /// A transition is taken, or a part of a join counted.
        case handled
        /// A state that is still to come handles it: it is held.
        case early
        /// A state that may have been visited handles it: what it would have done is undone.
        case late
        /// It may be either, and the file says nothing about that.
        case ambiguous
        /// It may be either, and counts as early.
        case ambiguousEarly = "early (or late)"
        /// It may be either, and counts as late.
        case ambiguousLate = "late (or early)"
        /// No state handles it from here or did before.
        case unexpected
        /// It would start the saga that exists already.
        case duplicate
        /// It says whether a compensation took effect.
        case confirms
    }

    package init(of definition: Definition) {
        let matrix = MatrixSource(definition)
        let events = definition.events.keys.sorted()
        self.events = events
        rows =
            [
                Row(
                    state: nil, isFinal: false,
                    cells: events.map { definition.start[$0] == nil ? .early : .starts })
            ]
            + definition.states.enumerated().map { number, state in
                Row(
                    state: state.name, isFinal: state.isFinal,
                    cells: events.map { matrix.cell(of: $0, in: state, number) })
            }
        compensating = events.map(matrix.cellWhileCompensating)
    }
}

/// What is needed to judge all cells of a table.
private struct MatrixSource {
    let definition: Definition
    /// For each state the states that may have been visited before it.
    private let visited: [StateSet]

    init(_ definition: Definition) {
        self.definition = definition
        let graph = definition.graph
        let count = definition.states.count
        var started = StateSet(capacity: count)
        for transition in definition.start.values.flatMap(\.transitions) {
            guard let number = transition.goto.flatMap(graph.number) else { continue }
            started.insert(number)
            started.formUnion(graph.reachable(from: number))
        }
        var visited = Array(repeating: StateSet(capacity: count), count: count)
        for number in started.members {
            for later in graph.reachable(from: number).members { visited[later].insert(number) }
        }
        self.visited = visited
    }

    func cellWhileCompensating(of event: String) -> EventMatrix.Cell {
        let confirmations = definition.commands.values.compactMap(\.confirmation)
        if confirmations.contains(where: { $0.event == event || $0.failedBy == event }) {
            return .confirms
        }
        if definition.graph.handlers(of: event) != nil { return .late }
        return definition.start[event] != nil ? .duplicate : .unexpected
    }

    func cell(of event: String, in state: State, _ number: Int) -> EventMatrix.Cell {
        let handlers = definition.graph.handlers(of: event)
        if state.isFinal {
            return handlers != nil
                ? .late : definition.start[event] != nil ? .duplicate : .unexpected
        }
        if definition.handler(of: event, in: state) != nil { return .handled }
        if let start = definition.start[event], !start.deliversToExisting { return .duplicate }
        guard let handlers else { return .unexpected }
        let isEarly = definition.graph.reachable(from: number).intersects(handlers)
        let isLate = visited[number].intersects(handlers)
        switch (isEarly, isLate) {
        case (true, false): return .early
        case (false, true): return .late
        case (false, false): return .unexpected
        case (true, true):
            switch definition.events[event]?.rules.ambiguous {
            case .early: return .ambiguousEarly
            case .late: return .ambiguousLate
            case nil: return .ambiguous
            }
        }
    }
}
