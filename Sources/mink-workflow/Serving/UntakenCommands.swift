// Commands that workflows send and nobody takes: told before the engine begins, not when a saga
// waits.
import MinkDefinition
import MinkWorkflow

/// The commands of a definition that have neither a handler nor a destination here.
struct UntakenCommands {
    /// One sentence each, with the first place that sends it, and the next step.
    let reasons: [(SourcePlace, String)]

    /// Looks at all places that send a command.
    init(of definition: Definition, takes: (CommandTemplate) -> Bool) {
        let uses = Dictionary(grouping: definition.allUses, by: \.command)
        reasons = definition.commands.values.sorted { $0.name < $1.name }.compactMap { command in
            guard command.destination != .events, !takes(command),
                let place = uses[command.name]?.map(\.place).min(by: Self.isBefore)
            else { return nil }
            return (place, Self.problem(of: command))
        }
    }

    private static func problem(of command: CommandTemplate) -> String {
        switch command.destination {
        case .named(let name):
            "nothing here delivers \(command.name) to \"\(name)\"; serve with --simulate, or run "
                + "the engine in a service that does"
        default:
            "nobody here handles \(command.name); register a handler in a service that runs the "
                + "engine, send it \"to\": \"events\", or serve with --simulate"
        }
    }

    private static func isBefore(_ left: SourcePlace, _ right: SourcePlace) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}
