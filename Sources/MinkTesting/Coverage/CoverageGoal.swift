// What the scenarios of a workflow should reach: each state, each step, both sides of each
// condition, each timeout, and each undo until it ran.
package import MinkDefinition
import MinkExpression

/// One thing to reach, at its place.
package struct CoverageGoal: Sendable {
    package let kind: Kind
    /// Tells it from the others of its kind; a JSON pointer.
    package let pointer: String
    package let place: SourcePlace
    /// What is said when it was not reached.
    package let missing: String

    var id: ID { ID(kind: kind, pointer: pointer) }

    /// The kinds of goals, in the order of reports.
    package enum Kind: String, CaseIterable, Sendable {
        case state, transition
        case guardTrue = "guard-true"
        case guardFalse = "guard-false"
        case timeout, undo

        /// The kind in reports, of several.
        package var plural: String {
            switch self {
            case .state: "states"
            case .transition: "transitions"
            case .guardTrue: "guards true"
            case .guardFalse: "guards false"
            case .timeout: "timeouts"
            case .undo: "undos"
            }
        }
    }

    struct ID: Hashable, Sendable {
        let kind: Kind
        let pointer: String
    }
}

/// Lists the goals of a definition, in the order of the file.
struct CoverageGoals {
    private let places: FilePlaces
    private(set) var all: [CoverageGoal] = []

    init(of definition: Definition, source: [UInt8]) {
        places = FilePlaces(of: definition, source: source)
        for (event, handler) in definition.start.sorted(by: { $0.key < $1.key }) {
            add(handler.transitions, in: "start", on: event)
        }
        for state in definition.states { add(state) }
        for (event, transitions) in (definition.anyState?.on ?? [:]).sorted(by: { $0.key < $1.key })
        {
            add(transitions, in: "any state", on: event)
        }
        if definition.deadline != nil {
            add(.timeout, at: ["deadline"], "the deadline never passed")
        }
        all.sort { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
    }

    private mutating func add(_ state: State) {
        let path = ["states", state.name]
        add(.state, at: path, "\(state.name) was never entered")
        add(undos: state.onEnter.compensation)
        for (event, transitions) in state.on.sorted(by: { $0.key < $1.key }) {
            add(transitions, in: state.name, on: event)
        }
        for (outcome, transitions) in state.onOutcome {
            add(transitions, in: state.name, on: outcome.words)
        }
        if let timeout = state.timeout {
            add(.timeout, at: path + ["timeout"], "the timeout of \(state.name) never fired")
            addAlternatives(timeout.transitions, in: state.name, on: "timeout")
        }
        if let reminder = state.remind, !reminder.then.isEmpty {
            add(.timeout, at: path + ["remind", "then"], "the reminders never ended")
            addAlternatives(reminder.then, in: state.name, on: "remind")
        }
        if let join = state.join { add(join, path: path) }
        add(state.onJoin, in: state.name, on: "onJoin")
    }

    /// A timeout that does one thing is a goal already; its alternatives are steps.
    private mutating func addAlternatives(
        _ transitions: [Transition], in state: String, on cause: String
    ) {
        if transitions.count > 1 || transitions.contains(where: { $0.when != nil }) {
            add(transitions, in: state, on: cause)
        } else {
            for transition in transitions { add(undos: transition.compensation) }
        }
    }

    private mutating func add(_ join: Join, path: [String]) {
        switch join {
        case .waitFor(let gathering):
            for part in gathering.parts { add(part, at: path + ["waitFor", "events", part.event]) }
        case .forEach(let fanOut):
            for (event, part) in fanOut.done.sorted(by: { $0.key < $1.key }) {
                add(part, at: path + ["forEach", "done", event])
            }
            for (event, part) in fanOut.failed.sorted(by: { $0.key < $1.key }) {
                add(part, at: path + ["forEach", "failed", event])
            }
        }
    }

    private mutating func add(_ part: JoinPart, at path: [String]) {
        add(.transition, at: path, "\(part.event) was never counted in \(path[1])")
        add(condition: part.when)
        add(undos: part.compensation)
    }

    private mutating func add(_ transitions: [Transition], in state: String, on cause: String) {
        for transition in transitions {
            all.append(
                CoverageGoal(
                    kind: .transition, pointer: transition.place.pointer, place: transition.place,
                    missing: "\(state) on \(cause): \(transition.target) was never taken"))
            add(condition: transition.when)
            add(undos: transition.compensation)
        }
    }

    private mutating func add(condition: LocatedExpression?) {
        guard let condition else { return }
        let text = condition.expression.text
        for (kind, side) in [(CoverageGoal.Kind.guardTrue, "true"), (.guardFalse, "false")] {
            all.append(
                CoverageGoal(
                    kind: kind, pointer: condition.place.pointer, place: condition.place,
                    missing: "\"\(text)\" was never \(side)"))
        }
    }

    private mutating func add(undos: [CommandUse]) {
        for use in undos {
            all.append(
                CoverageGoal(
                    kind: .undo, pointer: use.place.pointer, place: use.place,
                    missing: "\(use.command) never undid this step"))
        }
    }

    private mutating func add(
        _ kind: CoverageGoal.Kind, at path: [String], _ missing: String
    ) {
        let place = places.place(of: path)
        all.append(
            CoverageGoal(kind: kind, pointer: place.pointer, place: place, missing: missing))
    }
}

extension Transition {
    /// What it leads to, for people.
    var target: String {
        if let goto { return "→ \(goto)" }
        if fail != nil { return "fail" }
        return ignore ? "ignore" : "stay"
    }
}

extension CommandOutcome {
    /// The outcome as files write it, as in `RequestPayment.failed`.
    var words: String { "\(command).\(succeeded ? "done" : "failed")" }
}
