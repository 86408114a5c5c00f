// What a file declares, by name, and which of it was used.
import MinkExpression

/// The declared names of a draft.
struct DeclaredNames {
    let states: NameSuggestions
    let events: NameSuggestions
    let commands: NameSuggestions
    let policies: NameSuggestions
    let data: NameSuggestions
    let stateByName: [String: StateDraft]
    let commandByName: [String: CommandDraft]
    let policyByName: [String: RetryPolicy]
    let fieldByName: [String: DataDraft]
    let eventByName: [String: EventDraft]

    init(_ draft: Draft) {
        states = NameSuggestions(draft.states.map(\.name.value))
        events = NameSuggestions(draft.events.map(\.name.value))
        commands = NameSuggestions(draft.commands.map(\.name.value))
        policies = NameSuggestions(draft.retryPolicies.map(\.name.value))
        data = NameSuggestions(draft.data.map(\.name.value))
        stateByName = Self.index(draft.states, by: \.name.value)
        commandByName = Self.index(draft.commands, by: \.name.value)
        policyByName = Self.index(draft.retryPolicies, by: \.name.value).mapValues(\.policy)
        fieldByName = Self.index(draft.data, by: \.name.value)
        eventByName = Self.index(draft.events, by: \.name.value)
    }

    private static func index<Part>(
        _ parts: [Part], by name: KeyPath<Part, String>
    ) -> [String: Part] {
        Dictionary(parts.map { ($0[keyPath: name], $0) }, uniquingKeysWith: { first, _ in first })
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
        case "data": fieldByName.values.contains(where: \.isPersonal)
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

/// Names that something in the file mentions.
struct Usage {
    var events: Set<String> = []
    /// Commands that are emitted or undo something.
    var commands: Set<String> = []
    var policies: Set<String> = []
    /// Fields that are set.
    var data: Set<String> = []
}

extension DefinitionCompiler {
    func resolve(state name: Located<String>) {
        guard !names.states.contains(name.value), !draft.damaged.contains(.states) else { return }
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
        guard !names.events.contains(name.value), !draft.damaged.contains(.events) else { return }
        context.report(
            .unknownEvent, "event \"\(name.value)\" is not listed under \"events\"", at: name,
            help: names.events.help(for: name.value))
    }

    /// What an `on` block reacts to: the outcome of a command, or an event (`nil`).
    mutating func resolve(handler name: Located<String>) -> CommandOutcome? {
        for (suffix, succeeded) in [(".done", true), (".failed", false)]
        where name.value.hasSuffix(suffix) {
            let command = String(name.value.dropLast(suffix.count))
            resolve(command: Located(command, name.node, range: name.range), isUse: false)
            return CommandOutcome(command: command, succeeded: succeeded)
        }
        resolve(event: name)
        return nil
    }

    @discardableResult
    mutating func resolve(command name: Located<String>, isUse: Bool = true) -> CommandDraft? {
        if isUse { usage.commands.insert(name.value) }
        if let command = names.commandByName[name.value] { return command }
        guard !names.commands.contains(name.value), !draft.damaged.contains(.commands) else {
            return nil
        }
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
        if let policy = names.policyByName[name.value] { return policy }
        if !draft.damaged.contains(.retryPolicies) {
            context.report(
                .unknownPolicy, "no retry policy \"\(name.value)\"", at: name,
                help: names.policies.help(for: name.value)
                    ?? "declare it under \"retryPolicies\"")
        }
        return RetryPolicy()
    }
}
