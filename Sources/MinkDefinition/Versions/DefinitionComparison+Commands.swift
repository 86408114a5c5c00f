// Compares commands. What a template says shows at the places that use it, so that a changed template
// is told once and not at every place.
import MinkExpression

extension DefinitionComparison {
    mutating func compareCommands() {
        let (before, after) = (CommandArguments(of: old), CommandArguments(of: new))
        for name in new.commands.keys.sorted() {
            pointer = "/commands/\(name.pointerStep)"
            guard let now = new.commands[name] else { continue }
            guard let was = old.commands[name] else {
                note(.newOnly, "command \"\(name)\" is new")
                continue
            }
            compareArguments(of: name, before[name], after[name])
            compare(was, now)
        }
        pointer = "/commands"
        for name in old.commands.keys.sorted() where new.commands[name] == nil {
            note(
                .newOnly, "command \"\(name)\" is gone",
                rule: before[name] == nil ? nil : .commandChanged,
                help: "running sagas of version \(old.identity.version) still send it")
        }
    }

    private mutating func compareArguments(
        of name: String, _ was: [String: CommandArguments.Argument]?,
        _ now: [String: CommandArguments.Argument]?
    ) {
        guard let was, let now else { return }
        let version = old.identity.version
        for argument in Set(was.keys).union(now.keys).sorted() where was[argument] != now[argument]
        {
            changedArguments[name, default: []].insert(argument)
            let step = "/with/\(argument.pointerStep)"
            switch (was[argument], now[argument]) {
            case (let before?, let after?):
                let sameType = before.types == after.types
                note(
                    .newOnly,
                    sameType
                        ? "\"\(argument)\" of \(name) is computed in another way"
                        : "\"\(argument)\" of \(name) is of another type",
                    at: step, rule: sameType ? nil : .commandChanged,
                    help: sameType ? nil : "running sagas of version \(version) send the old one")
            case (nil, _?):
                note(
                    .newOnly, "\(name) carries \"\(argument)\" now", at: step,
                    rule: .commandChanged,
                    help: "running sagas of version \(version) send it without")
            case (_?, nil):
                note(
                    .newOnly, "\(name) carries no \"\(argument)\" any more", at: step,
                    rule: .commandChanged,
                    help: "running sagas of version \(version) still send it")
            case (nil, nil): break
            }
        }
    }

    private mutating func compare(_ was: CommandTemplate, _ now: CommandTemplate) {
        let name = now.name
        if was.destination != now.destination {
            note(
                .newOnly,
                "\(name) goes to \(now.destination.inWords) instead of \(was.destination.inWords)",
                at: "/to", rule: .commandChanged,
                help: "running sagas of version \(old.identity.version) still send it there")
        }
        if was.retry != now.retry {
            note(.newOnly, "\(name) is tried on another schedule", at: "/retry")
        }
        if Set(was.doneBy) != Set(now.doneBy) || Set(was.failedBy) != Set(now.failedBy) {
            note(.newOnly, "\(name) is answered by other events", at: "/answers")
        }
        if was.undo != now.undo {
            note(.safe, "\(name) says that it is undone in another way", at: "/undo")
        }
        compareConfirmation(was.confirmation, now.confirmation, of: name)
    }

    private mutating func compareConfirmation(
        _ was: Confirmation?, _ now: Confirmation?, of name: String
    ) {
        let isSame =
            was?.event == now?.event && was?.within == now?.within && was?.failedBy == now?.failedBy
            && (was?.when).asks(now?.when)
        guard !isSame else { return }
        let words =
            now.map { "is confirmed by \($0.event) in another way" }
            ?? "needs no confirmation any more"
        note(
            .newOnly,
            was == nil ? "\(name) is confirmed by \(now?.event ?? "") now" : "\(name) \(words)",
            at: "/confirmedBy")
    }
}

/// The arguments that the places of a definition give to commands.
struct CommandArguments {
    /// What one argument is, over all places.
    struct Argument: Hashable {
        var meanings: Set<TemplateMeaning> = []
        var types: Set<ExpressionType> = []
    }

    private var commands: [String: [String: Argument]] = [:]

    init(of definition: Definition) {
        for use in definition.allUses {
            var arguments = commands[use.command] ?? [:]
            for member in use.arguments {
                arguments[member.name, default: Argument()].meanings.insert(
                    TemplateMeaning(member.value))
                arguments[member.name, default: Argument()].types.insert(member.value.type)
            }
            commands[use.command] = arguments
        }
    }

    /// The arguments of a command; `nil` when no place uses it.
    subscript(command: String) -> [String: Argument]? { commands[command] }
}

extension Template {
    /// The type of what it yields.
    fileprivate var type: ExpressionType {
        switch self {
        case .expression(let located): located.expression.type
        case .list: .list(.dynamic)
        case .object: .map(key: .string, value: .dynamic)
        case .literal(let value): value.outerType
        }
    }
}

extension CommandTemplate.Destination {
    fileprivate var inWords: String {
        switch self {
        case .handler: "its handler"
        case .events: "the event log"
        case .named(let name): "\"\(name)\""
        }
    }
}

extension Definition {
    /// Every place that sends a command or undoes by one.
    package var allUses: [CommandUse] {
        var uses: [CommandUse] = []
        func add(_ transitions: [Transition]) {
            for transition in transitions {
                uses += transition.compensation + transition.emit.map(\.use)
            }
        }
        for handler in start.values { add(handler.transitions) }
        for transitions in (anyState?.on ?? [:]).values { add(transitions) }
        for state in states {
            uses += state.onEnter.compensation + state.onEnter.emit.map(\.use)
            add(state.allTransitions)
            uses += (state.remind?.emit ?? []).map(\.use)
            switch state.join {
            case .waitFor(let gathering): uses += gathering.parts.flatMap(\.compensation)
            case .forEach(let fanOut):
                uses += fanOut.emit.map(\.use)
                for part in Array(fanOut.done.values) + fanOut.failed.values {
                    uses += part.compensation
                }
            case nil: break
            }
        }
        return uses
    }
}
