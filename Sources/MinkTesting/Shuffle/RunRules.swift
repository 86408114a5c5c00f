// What a run shows about its definition when it is over: an expression that failed, a saga that
// nothing can move any more, a step that was done and never undone.
package import MinkDefinition
package import MinkEngine
import MinkExpression

/// What is wrong with a run that is over.
package struct Breach: Hashable, Sendable {
    package let kind: Kind
    /// What is wrong, in the names of the file.
    package let message: String
    /// The expectation that does not hold, as a step of a scenario; `nil` where every run of a
    /// scenario looks for it.
    let expectation: String?

    /// Which rule is broken.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A rule that holds whatever the definition says.
        case engine
        /// An expression failed: it read a value that is not set, or divided by zero.
        case expression
        /// The saga is not over, and nothing can move it.
        case stuck
        /// A step was done, the saga was given up, and the step was not undone.
        case undone
    }
}

/// Looks at a saga whose run is over.
package struct RunRules {
    private let definition: Definition

    package init(of definition: Definition) { self.definition = definition }

    /// The first rule that a saga breaks.
    ///
    /// - Parameters:
    ///   - instance: The saga when nothing is due any more; `nil` where none began.
    ///   - facts: All that happened to it, in order.
    ///   - accepted: The commands that were acknowledged, by their ids.
    /// - Returns: What is wrong; `nil` when nothing is.
    package func breach(
        by instance: Instance?, _ facts: [Fact], accepted: Set<String>
    ) -> Breach? {
        if let failed = failedExpression(facts) { return failed }
        guard let instance else { return nil }
        return stuck(instance) ?? leftDone(instance, facts, accepted)
    }

    private func failedExpression(_ facts: [Fact]) -> Breach? {
        for case .incident(code: .expressionError, let message, _) in facts {
            return Breach(
                kind: .expression, message: message,
                expectation: #"{ "expect": { "incident": null } }"#)
        }
        return nil
    }

    private func stuck(_ instance: Instance) -> Breach? {
        guard let status = instance.status, !status.isEnded, instance.pause == nil,
            instance.incidents.isEmpty, instance.timers.isEmpty, instance.outstanding.isEmpty,
            let state = instance.state.flatMap(definition.state), status != .compensating,
            state.handledEvents.isEmpty, !handlesAnything(state)
        else { return nil }
        return Breach(
            kind: .stuck, message: "\(state.name) can never be left",
            expectation: #"{ "expect": { "status": "completed" } }"#)
    }

    private func handlesAnything(_ state: State) -> Bool {
        definition.anyState.map { $0.holds(in: state) && !$0.on.isEmpty } ?? false
    }

    /// A step that was done and not undone although the saga was given up.
    private func leftDone(
        _ instance: Instance, _ facts: [Fact], _ accepted: Set<String>
    ) -> Breach? {
        guard instance.status == .failed || instance.status == .compensated,
            !instance.isSealed, instance.incidents.isEmpty
        else { return nil }
        let history = StepHistory(facts, definition)
        for command in history.steps.sorted(by: { $0.key < $1.key }) {
            guard let template = definition.commands[command.key],
                case .commands(let undos) = template.undo,
                isDone(template, command.value, history, accepted)
            else { continue }
            for undo in undos where !history.undos.contains(undo) {
                return Breach(
                    kind: .undone,
                    message: "\(template.name) was done, the saga was given up, and \(undo) was "
                        + "not sent",
                    expectation: #"{ "expectCommands": [\#(list(history.sent + [undo]))] }"#)
            }
        }
        return nil
    }

    private func isDone(
        _ template: CommandTemplate, _ ids: [String], _ history: StepHistory,
        _ accepted: Set<String>
    ) -> Bool {
        if template.doneBy.isEmpty { return ids.contains(where: accepted.contains) }
        return template.doneBy.contains { event in
            history.handled.contains(event)
                || history.late.contains(event)
                    && definition.events[event]?.rules.late == .compensate
        }
    }

    private func list(_ names: [String]) -> String {
        names.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}

/// Which steps a saga took, and what was undone.
private struct StepHistory {
    /// The ids of the commands that a running saga sent, by their names.
    var steps: [String: [String]] = [:]
    /// The names of what was sent to undo something.
    var undos: Set<String> = []
    /// All commands in order, by their names.
    var sent: [String] = []
    /// Events that were handled, or came late, after a step was taken.
    var handled: Set<String> = []
    var late: Set<String> = []

    init(_ facts: [Fact], _ definition: Definition) {
        var hasEnded = false
        for fact in facts {
            switch fact {
            case .transition(_, let to, _):
                if definition.state(to)?.isFinal ?? false { hasEnded = true }
            case .emitted(let command):
                sent.append(command.name)
                if command.role != .step { undos.insert(command.name) }
                if command.role == .step, !hasEnded {
                    steps[command.name, default: []].append(command.id)
                }
            case .event(_, let type, .handled, _): handled.insert(type)
            case .event(_, let type, .late, _): late.insert(type)
            default: break
            }
        }
    }
}
