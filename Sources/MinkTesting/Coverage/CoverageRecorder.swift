// Notes what the runs of a workflow reached.
package import MinkDefinition
import MinkEngine
import MinkExpression
import Synchronization

/// Notes which goals of a workflow were reached.
package final class CoverageRecorder: Sendable {
    fileprivate struct State {
        var reached: Set<CoverageGoal.ID> = []
        /// Where what was pushed on a ledger stands, by saga and frame.
        var pushed: [InstanceID: [Int: String]] = [:]
    }

    private let workflow: String
    private let goals: [CoverageGoal]
    private let state = Mutex(State())

    /// A recorder of a definition that was read from a text.
    package init(of definition: Definition, source: [UInt8]) {
        workflow = definition.identity.workflow
        goals = CoverageGoals(of: definition, source: source).all
    }

    /// Takes in what a turn went through.
    func add(
        _ entries: [TurnTrace.Entry], _ facts: [Fact], _ input: Input, before: Instance?,
        _ id: InstanceID
    ) {
        state.withLock { state in
            if before == nil { state.pushed[id] = [:] }
            for entry in entries { state.add(entry, id) }
            for fact in facts { state.add(fact, id) }
            if case .timer(let number) = input,
                let timer = before?.timers.first(where: { $0.number == number })
            {
                state.add(timer, in: before?.state ?? "", wasTaken: !entries.isEmpty)
            }
        }
    }

    /// What was reached so far.
    package var report: CoverageReport {
        let reached = state.withLock { $0.reached }
        return CoverageReport(
            workflow: workflow, goals: goals.map { ($0, reached.contains($0.id)) })
    }
}

extension CoverageRecorder.State {
    fileprivate mutating func reach(_ kind: CoverageGoal.Kind, _ pointer: String) {
        reached.insert(CoverageGoal.ID(kind: kind, pointer: pointer))
    }

    fileprivate mutating func add(_ entry: TurnTrace.Entry, _ id: InstanceID) {
        switch entry {
        case .condition(let place, holds: true): reach(.guardTrue, place.pointer)
        case .condition(let place, holds: false): reach(.guardFalse, place.pointer)
        case .taken(let place): reach(.transition, place.pointer)
        case .counted(let event, let state):
            for group in ["waitFor/events", "forEach/done", "forEach/failed"] {
                reach(.transition, "/states/\(state)/\(group)/\(event)")
            }
        case .pushed(let frame, let place): pushed[id, default: [:]][frame] = place.pointer
        case .undone(let place): reach(.undo, place.pointer)
        }
    }

    fileprivate mutating func add(_ fact: Fact, _ id: InstanceID) {
        switch fact {
        case .transition(_, let to, _): reach(.state, "/states/\(to)")
        case .settled(let frame, _, .undone):
            if let pointer = pushed[id]?[frame] { reach(.undo, pointer) }
        default: break
        }
    }

    fileprivate mutating func add(_ timer: Timer, in state: String, wasTaken: Bool) {
        switch timer.kind {
        case .deadline: reach(.timeout, "/deadline")
        case .timeout: reach(.timeout, "/states/\(state)/timeout")
        case .reminder where wasTaken: reach(.timeout, "/states/\(state)/remind/then")
        default: break
        }
    }
}
