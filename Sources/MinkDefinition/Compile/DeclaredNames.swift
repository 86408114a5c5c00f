// What a file declares, by name, and which of it was used.
import MinkExpression

/// The declared names of a draft.
struct DeclaredNames {
    let states: NameSuggestions
    let events: NameSuggestions
    let commands: NameSuggestions
    let policies: NameSuggestions
    let data: NameSuggestions
    let stateByName: NameIndex<StateDraft>
    let commandByName: NameIndex<CommandDraft>
    let policyByName: NameIndex<PolicyDraft>
    let fieldByName: NameIndex<DataDraft>
    let eventByName: NameIndex<EventDraft>

    init(_ draft: Draft) {
        states = NameSuggestions(draft.states.map(\.name.value))
        events = NameSuggestions(draft.events.map(\.name.value))
        commands = NameSuggestions(draft.commands.map(\.name.value))
        policies = NameSuggestions(draft.retryPolicies.map(\.name.value))
        data = NameSuggestions(draft.data.map(\.name.value))
        stateByName = NameIndex(draft.states) { $0.name.value }
        commandByName = NameIndex(draft.commands) { $0.name.value }
        policyByName = NameIndex(draft.retryPolicies) { $0.name.value }
        fieldByName = NameIndex(draft.data) { $0.name.value }
        eventByName = NameIndex(draft.events) { $0.name.value }
    }

    /// Whether a field of data or of the event is personal.
    func isPersonal(_ variable: String, _ field: String, in scope: Scope) -> Bool {
        switch variable {
        case "data": fieldByName[field]?.isPersonal == true
        case "event":
            eventNames(scope).contains { eventByName[$0]?.personalFields.contains(field) == true }
        default: false
        }
    }

    /// Whether a variable as a whole holds a field that is personal.
    func holdsPersonalData(_ variable: String?, in scope: Scope) -> Bool {
        switch variable {
        case "data": fieldByName.parts.contains(where: \.isPersonal)
        case "event":
            eventNames(scope).contains { eventByName[$0]?.personalFields.isEmpty == false }
        default: false
        }
    }

    private func eventNames(_ scope: Scope) -> [String] {
        switch scope.event {
        case .named(let name): [name]
        case .oneOf(let names): names
        default: []
        }
    }
}

/// Declared parts, and where each stands among them by its name; of a repeated name the first.
struct NameIndex<Part> {
    let parts: [Part]
    private let numbers: [String: Int]

    init(_ parts: [Part], by name: (Part) -> String) {
        self.parts = parts
        var numbers: [String: Int] = [:]
        numbers.reserveCapacity(parts.count)
        for (number, part) in parts.enumerated() {
            let name = name(part)
            if numbers[name] == nil { numbers[name] = number }
        }
        self.numbers = numbers
    }

    /// The place of a part in the file; `nil` when there is none with this name.
    func number(of name: String) -> Int? { numbers[name] }

    func contains(_ name: String) -> Bool { numbers[name] != nil }

    subscript(name: String) -> Part? { numbers[name].map { parts[$0] } }
}

/// Names that something in the file mentions.
struct Usage {
    var events: Set<String> = []
    /// Commands that are emitted or undo something.
    var commands: Set<String> = []
    var policies: Set<String> = []
    /// Fields that are set.
    var data: Set<String> = []
}

extension CommandOutcome {
    /// The outcome that a handler such as `Ship.done` reacts to; `nil` for an event.
    init?(handler name: String) {
        // Most handlers are of events, and have no point.
        guard name.utf8.contains(UInt8(ascii: ".")) else { return nil }
        for (suffix, succeeded) in [(".done", true), (".failed", false)]
        where name.hasSuffix(suffix) {
            self.init(command: String(name.dropLast(suffix.count)), succeeded: succeeded)
            return
        }
        return nil
    }
}

extension DefinitionCompiler {
    func resolve(state name: Located<String>) {
        guard !names.stateByName.contains(name.value), !draft.damaged.contains(.states) else {
            return
        }
        context.report(
            .unknownState, "there is no state \"\(name.value)\"", at: name,
            help: names.states.help(for: name.value))
    }

    /// A state to end in after a failure: final, and not a success.
    func resolve(endIn name: Located<String>) {
        resolve(state: name)
        guard let state = names.stateByName[name.value], !state.isDamaged else { return }
        if !state.isFinal {
            context.report(
                .badEndOfCompensation,
                "compensation must end in a failed or cancelled state; \"\(name.value)\" waits for "
                    + "something", at: name, help: Self.endHelp)
        } else if state.outcome == .completed {
            context.report(
                .badEndOfCompensation,
                "compensation must end in a failed or cancelled state; \"\(name.value)\" is completed",
                at: name, help: Self.endHelp)
        }
    }

    private static let endHelp = "name a state with \"final\": \"failed\" or \"cancelled\""

    mutating func resolve(event name: Located<String>) {
        usage.events.insert(name.value)
        guard !names.eventByName.contains(name.value), !draft.damaged.contains(.events) else {
            return
        }
        context.report(
            .unknownEvent, "event \"\(name.value)\" is not listed under \"events\"", at: name,
            help: names.events.help(for: name.value))
    }

    /// What an `on` block reacts to: the outcome of a command, or an event (`nil`).
    mutating func resolve(handler name: Located<String>) -> CommandOutcome? {
        if let outcome = CommandOutcome(handler: name.value) {
            resolve(command: Located(outcome.command, name.node, range: name.range), isUse: false)
            return outcome
        }
        resolve(event: name)
        return nil
    }

    @discardableResult
    mutating func resolve(command name: Located<String>, isUse: Bool = true) -> CommandDraft? {
        if isUse { usage.commands.insert(name.value) }
        if let command = names.commandByName[name.value] { return command }
        guard !draft.damaged.contains(.commands) else { return nil }
        context.report(
            .unknownCommand, "command \"\(name.value)\" is not listed under \"commands\"", at: name,
            help: names.commands.help(for: name.value) ?? "declare it under \"commands\"")
        return nil
    }

    mutating func resolve(field name: Located<String>) -> DataDraft? {
        usage.data.insert(name.value)
        if let field = names.fieldByName[name.value] { return field }
        guard !draft.damaged.contains(.data) else { return nil }
        context.report(
            .unknownData, "\"\(name.value)\" is not declared under \"data\"", at: name,
            help: names.data.help(for: name.value) ?? "declare it under \"data\", with its type")
        return nil
    }

    mutating func resolve(policy name: Located<String>?) -> RetryPolicy {
        guard let name else { return RetryPolicy() }
        usage.policies.insert(name.value)
        if let draft = names.policyByName[name.value] { return draft.policy }
        if !draft.damaged.contains(.retryPolicies) {
            context.report(
                .unknownPolicy, "no retry policy \"\(name.value)\"", at: name,
                help: names.policies.help(for: name.value)
                    ?? "declare it under \"retryPolicies\"")
        }
        return RetryPolicy()
    }
}
