// Watches a run of the real engine, turn by turn: each one is decided again from the stored form,
// must come out the same, and must keep the rules that hold in every life.
package import MinkDefinition
package import MinkEngine
import MinkExpression
import MinkStore
package import MinkWorkflow
import Synchronization

/// Watches the sagas of one workflow.
package final class RunWatch: Sendable {
    /// What is known of one saga.
    package struct Life: Sendable {
        /// The saga after its last turn.
        package fileprivate(set) var instance: Instance?
        /// All facts so far, in order.
        package fileprivate(set) var facts: [Fact] = []
        /// Commands that were acknowledged, by their ids.
        package var accepted: Set<String> { audit.accepted }
        fileprivate var stored: [UInt8]?
        fileprivate var turns = 0
        fileprivate var audit = Audit()
    }

    fileprivate struct State {
        var lives: [InstanceID: Life] = [:]
        /// A command that was acknowledged; the next turn may be about that.
        var acknowledged: CommandRecord?
    }

    private let definition: Definition
    private let coverage: CoverageRecorder?
    private let state = Mutex(State())

    package init(of definition: Definition, coverage: CoverageRecorder? = nil) {
        self.definition = definition
        self.coverage = coverage
    }

    /// The first rule that was broken; `nil` while all hold.
    package var problem: String? {
        state.withLock { state in
            state.lives.sorted { $0.key.key.stored < $1.key.key.stored }
                .lazy.compactMap { $0.value.audit.problems.first }.first
        }
    }

    /// What is known of each saga.
    package var lives: [InstanceID: Life] { state.withLock { $0.lives } }

    /// Takes in what the engine did.
    package func observe(_ observation: Observation) {
        state.withLock { state in
            switch observation {
            case .turn(let turn):
                guard turn.id.workflow == definition.identity.workflow else { return }
                state.forgetAcknowledged(unlessSettledBy: turn.input)
                take(turn, in: &state)
            case .delivered(let command, let attempt, let receipt, _):
                state.forgetAcknowledged(unlessSettledBy: nil)
                state.delivered(command, attempt: attempt, receipt)
            default: break
            }
        }
    }

    private func take(_ turn: MinkStore.Turn, in state: inout State) {
        var life = state.lives[turn.id] ?? Life()
        let before = life.instance
        life.audit.check(
            turn.decision, turn.input, before: before, outbox: before?.outstanding ?? [],
            definition)
        let stored = turn.decision.instance.flatMap { try? StoredEncoder.encode($0) }
        let trace = coverage == nil ? nil : TurnTrace()
        life.turns += 1
        life.audit.replay(
            Simulation.Turn(
                input: turn.input, outstanding: before?.outstanding ?? [], now: turn.at,
                stored: stored, facts: turn.decision.facts),
            number: life.turns, from: life.stored, definition, turn.id, trace: trace)
        if let trace {
            coverage?.add(trace.entries, turn.decision.facts, turn.input, before: before, turn.id)
        }
        life.stored = stored
        life.facts += turn.decision.facts
        life.instance = turn.decision.instance
        state.lives[turn.id] = life
    }
}

extension RunWatch.State {
    fileprivate mutating func delivered(
        _ command: CommandRecord, attempt: Int, _ receipt: Receipt
    ) {
        guard var life = lives[command.instance] else { return }
        for index in life.instance?.outstanding.indices ?? 0..<0
        where life.instance?.outstanding[index].id == command.id {
            life.instance?.outstanding[index].attempts = attempt
        }
        if case .accepted = receipt {
            life.audit.accepted.insert(command.id)
            acknowledged = command
        }
        lives[command.instance] = life
    }

    /// Nobody waited for an acknowledgement, so the command is out of the outbox without a turn.
    fileprivate mutating func forgetAcknowledged(unlessSettledBy input: Input?) {
        guard let command = acknowledged else { return }
        acknowledged = nil
        if case .outcome(let outcome) = input, outcome.command.id == command.id { return }
        lives[command.instance]?.instance?.outstanding.removeAll { $0.id == command.id }
    }
}
