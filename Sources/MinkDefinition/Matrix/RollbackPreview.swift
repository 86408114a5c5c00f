// What a failure in each state would undo, along the ways that lead there.
//
// The ways are walked from the start; a way that comes to a state again ends there. A budget bounds
// the walk, and what it could not look at is said, not hidden.

/// For each state that waits, the compensations that may be on the ledger.
package struct RollbackPreview: Sendable {
    /// The states that wait, in the order of the file.
    package let states: [StatePreview]
    /// Whether there are more ways than were walked.
    package let isCut: Bool

    /// What a failure in one state undoes.
    package struct StatePreview: Sendable {
        package let state: String
        /// The ledgers that may be there, each newest first; empty when no way leads here.
        package let ledgers: [[Frame]]
        /// The final states in which the saga can end then.
        package let ends: [String]
        /// Whether every way to it passes the point of no return, behind which nothing is undone.
        package let isBehindNoReturn: Bool
    }

    /// A compensation on the ledger.
    package struct Frame: Sendable, Hashable {
        package let command: String
        /// Whether it is there on some ways only, or any number of times.
        package let isCertain: Bool
    }

    /// The most steps of the walk.
    static let budget = 20_000
    /// The most ledgers that are kept of one state.
    static let mostLedgers = 12

    package init(of definition: Definition) {
        var walk = RollbackWalk(definition)
        walk.run()
        let behind = definition.statesBehindNoReturn
        states = definition.states.filter { !$0.isFinal }.map { state in
            StatePreview(
                state: state.name,
                ledgers: (walk.ledgers[state.name] ?? []).map { $0.frames.reversed() },
                ends: behind.contains(state.name) ? [] : definition.endsOfFailure(in: state),
                isBehindNoReturn: behind.contains(state.name))
        }
        isCut = walk.isCut
    }
}

/// What was pushed on one way, in that order.
private struct Ledger: Hashable {
    var frames: [RollbackPreview.Frame] = []
    /// Whether the point of no return was passed.
    var isSealed = false

    mutating func push(_ uses: [CommandUse], certainly isCertain: Bool) {
        guard !isSealed else { return }
        for use in uses {
            let frame = RollbackPreview.Frame(command: use.command, isCertain: isCertain)
            if !isCertain, frames.contains(frame) { continue }
            frames.append(frame)
        }
    }

    mutating func pass(_ transition: Transition) {
        push(transition.compensation, certainly: true)
        guard transition.pointOfNoReturn else { return }
        frames = []
        isSealed = true
    }
}

/// Walks the ways through a workflow.
private struct RollbackWalk {
    private let definition: Definition
    private var steps = 0
    private(set) var isCut = false
    /// What may be on the ledger while a state waits.
    private(set) var ledgers: [String: [Ledger]] = [:]
    private var seen: [String: Set<Ledger>] = [:]
    private var open: [(state: String, ledger: Ledger, path: Set<String>)] = []

    init(_ definition: Definition) { self.definition = definition }

    mutating func run() {
        for name in definition.start.keys.sorted().reversed() {
            for transition in definition.start[name]?.transitions.reversed() ?? [] {
                var ledger = Ledger()
                ledger.pass(transition)
                if let goto = transition.goto { open.append((goto, ledger, [])) }
            }
        }
        while let next = open.popLast() {
            steps += 1
            guard steps <= RollbackPreview.budget else {
                isCut = true
                return
            }
            enter(next.state, next.ledger, next.path)
        }
    }

    private mutating func enter(_ name: String, _ ledger: Ledger, _ path: Set<String>) {
        guard let state = definition.state(name), !state.isFinal else { return }
        var ledger = ledger
        ledger.push(state.onEnter.compensation, certainly: true)
        for transition in waysToStay(in: state) where !transition.compensation.isEmpty {
            ledger.push(transition.compensation, certainly: false)
        }
        // The same ledger in the same state leads on to the same ways.
        guard seen[name, default: []].insert(ledger).inserted else { return }
        var waiting = ledger
        waiting.push(partsOfJoin(state), certainly: false)
        note(waiting, in: name)
        guard !path.contains(name) else { return }
        let path = path.union([name])
        for transition in waysOut(of: state) {
            var next = waiting
            next.pass(transition)
            if let goto = transition.goto { open.append((goto, next, path)) }
        }
        for transition in state.onJoin {
            var next = ledger
            next.push(partsOfJoin(state), certainly: isWhole(state))
            next.pass(transition)
            if let goto = transition.goto { open.append((goto, next, path)) }
        }
    }

    private mutating func note(_ ledger: Ledger, in state: String) {
        let known = ledgers[state] ?? []
        guard !known.contains(ledger) else { return }
        guard known.count < RollbackPreview.mostLedgers else {
            isCut = true
            return
        }
        ledgers[state] = known + [ledger]
    }

    /// Transitions that happen in a state without leaving it.
    private func waysToStay(in state: State) -> [Transition] {
        transitions(of: state).filter { $0.goto == nil && $0.fail == nil }
    }

    private func waysOut(of state: State) -> [Transition] {
        transitions(of: state).filter { $0.goto != nil }
    }

    /// In a fixed order, so that the preview of a file is always the same.
    private func transitions(of state: State) -> [Transition] {
        var all = state.on.keys.sorted().flatMap { state.on[$0] ?? [] }
        let outcomes = state.onOutcome.keys.sorted {
            ($0.command, $0.succeeded ? 0 : 1) < ($1.command, $1.succeeded ? 0 : 1)
        }
        all += outcomes.flatMap { state.onOutcome[$0] ?? [] }
        all += (state.timeout?.transitions ?? []) + (state.remind?.then ?? [])
        if let anyState = definition.anyState, anyState.holds(in: state) {
            all += anyState.on.keys.sorted().filter { state.handler(of: $0) == nil }
                .flatMap { anyState.on[$0] ?? [] }
        }
        return all
    }

    private func partsOfJoin(_ state: State) -> [CommandUse] {
        switch state.join {
        case .waitFor(let gathering): gathering.parts.flatMap(\.compensation)
        case .forEach(let fanOut):
            fanOut.done.keys.sorted().flatMap { fanOut.done[$0]?.compensation ?? [] }
        case nil: []
        }
    }

    /// Whether every part of a join has counted when it fires.
    private func isWhole(_ state: State) -> Bool {
        guard case .waitFor(let gathering) = state.join, case .all = gathering.need else {
            return false
        }
        return true
    }
}
