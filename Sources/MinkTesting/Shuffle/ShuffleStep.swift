// The steps of a varied scenario, and how they are written in a scenario file.
import MinkDefinition
import MinkExpression
import MinkWorkflow

/// One step of a run that is varied.
package enum ShuffleStep: Hashable, Sendable {
    /// An event arrives, with a payload as JSON text.
    case event(type: String, payload: String, times: Int)
    case wait(Duration)
    /// From here on a command is answered like this.
    case script(HandlerScript)

    /// The steps of a scenario that make something happen; `nil` for what is only expected, and
    /// for what a person does.
    init?(_ step: ScenarioStep) {
        switch step.action {
        case .event(let event):
            self = .event(
                type: event.type, payload: event.payload?.source ?? "{}", times: event.times)
        case .wait(let duration): self = .wait(duration)
        case .script(let script): self = .script(HandlerScript(script))
        case .act, .expectCommand, .expectCommands, .expect: return nil
        }
    }

    /// The step as a scenario file writes it.
    package var json: String {
        switch self {
        case .event(let type, let payload, let times):
            let often = times > 1 ? ", \"times\": \(times)" : ""
            return #"{ "event": "\#(type)", "with": \#(payload.onOneLine)\#(often) }"#
        case .wait(let duration):
            return #"{ "wait": \#(Value.duration(duration).json) }"#
        case .script(let script):
            let often = script.times.map { ", \"times\": \($0)" } ?? ""
            return #"{ "command": "\#(script.command)", \#(script.behavior.json)\#(often) }"#
        }
    }
}

extension HandlerScript {
    /// What a step of a scenario file asks of a handler.
    init(_ step: ScenarioStep.ScriptStep) {
        let behavior: Behavior =
            switch step.answer {
            case .fails(let message): .fails(message)
            case .rejects(let message): .rejects(message)
            case .returns(let events):
                .returns(
                    events.flatMap { event in
                        Array(
                            repeating: AnswerEvent(
                                type: event.type, data: event.payload?.source ?? "{}"),
                            count: max(1, event.times))
                    })
            }
        self.init(command: step.command, behavior: behavior, times: step.times)
    }
}

extension HandlerScript.Behavior {
    fileprivate var json: String {
        switch self {
        case .fails(let message): return #""fails": \#(Value.string(message).json)"#
        case .rejects(let message): return #""rejects": \#(Value.string(message).json)"#
        case .returns(let answers):
            let events = answers.map {
                #"{ "event": "\#($0.type)", "with": \#($0.data.onOneLine) }"#
            }
            return #""returns": [\#(events.joined(separator: ", "))]"#
        }
    }
}

extension String {
    /// A JSON text without line breaks; in JSON they stand only between values.
    fileprivate var onOneLine: String {
        split(whereSeparator: \.isNewline).map { line in
            String(line.drop { $0 == " " || $0 == "\t" })
        }.joined(separator: " ")
    }
}
