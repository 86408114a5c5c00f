// A receiver that does what a script says. Without a script every command succeeds and answers
// nothing, so a whole saga can run without any handler.
package import MinkEngine
import MinkExpression
package import MinkWorkflow
import Synchronization

/// What a handler is to do, from some moment on.
package struct HandlerScript: Sendable, Hashable {
    package let command: String
    package let behavior: Behavior
    /// How often; `nil` has no end.
    package let times: Int?

    package init(command: String, behavior: Behavior, times: Int? = nil) {
        self.command = command
        self.behavior = behavior
        self.times = times
    }

    /// What a handler does.
    package enum Behavior: Sendable, Hashable {
        case fails(String)
        case rejects(String)
        case returns([AnswerEvent])
    }
}

/// Takes every command, and does what the latest script for it says.
package final class ScriptedReceiver: CommandReceiver {
    private struct State {
        var scripts: [String: (name: String, script: HandlerScript, used: Int)] = [:]
        var notes: [String: String] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Follows a script from now on; it replaces what the command followed before.
    ///
    /// The name stands for the script in ``notes``; when a run goes on after a crash, `used` is
    /// how often it was followed before.
    package func follow(_ script: HandlerScript, name: String = "", used: Int = 0) {
        state.withLock { $0.scripts[script.command] = (name, script, used) }
    }

    /// How often each script was followed, to be kept together with the work.
    package var notes: [String: String] {
        state.withLock { state in
            defer { state.notes = [:] }
            return state.notes
        }
    }

    package func takes(_ command: CommandRecord) -> Bool { true }

    package func receive(_ command: CommandRecord, attempt: Int) async -> Receipt {
        state.withLock { state in
            guard let (name, script, used) = state.scripts[command.name],
                script.times.map({ used < $0 }) ?? true
            else { return .accepted(answers: [], result: .null) }
            if script.times != nil {
                state.scripts[command.name] = (name, script, used + 1)
                state.notes[name] = String(used + 1)
            }
            switch script.behavior {
            case .fails(let message): return .failed(message)
            case .rejects(let message): return .rejected(message)
            case .returns(let answers): return .accepted(answers: answers, result: .null)
            }
        }
    }
}
