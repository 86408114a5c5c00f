// Compiles command templates: once for each place that uses them, because `event`, items and
// `failure` are not the same everywhere.
import MinkExpression

extension DefinitionCompiler {
    mutating func uses(_ drafts: [UseDraft], in scope: Scope) -> [CommandUse] {
        drafts.map { use($0, in: scope) }
    }

    mutating func emissions(_ drafts: [EmissionDraft], in scope: Scope) -> [Emission] {
        drafts.map { draft in
            let delay = draft.delay.flatMap {
                expressions.template($0, in: scope, as: DataType(.duration), called: "delay")
            }
            return Emission(use: use(draft.use, in: scope), delay: delay, keep: draft.keep)
        }
    }

    private mutating func use(_ draft: UseDraft, in scope: Scope) -> CommandUse {
        let name = draft.command.value
        let place = context.place(draft.command.node)
        guard let command = resolve(command: draft.command) else {
            let own = members(draft.overrides, of: name, in: scope, for: nil)
            return CommandUse(command: name, arguments: own, place: place)
        }
        let template = ExpressionCompiler.TemplateUse(
            command: name, node: draft.command.node, range: draft.command.range)
        let key = ArgumentsKey(command: name, scope: scope)
        if draft.overrides.isEmpty, let known = arguments[key] {
            return CommandUse(command: name, arguments: known, place: place)
        }
        let optionalReads = expressions.optionalReads
        let replaced = Set(draft.overrides.map(\.name))
        var merged = members(
            command.arguments.filter { !replaced.contains($0.name) }, of: name, in: scope,
            for: template)
        merged += members(draft.overrides, of: name, in: scope, for: nil)
        // Only a template without mistakes is remembered: a mistake is said at every place.
        if draft.overrides.isEmpty, merged.count == command.arguments.count,
            expressions.optionalReads == optionalReads
        {
            arguments[key] = merged
        }
        return CommandUse(command: name, arguments: merged, place: place)
    }

    private mutating func members(
        _ drafts: [MemberDraft], of command: String, in scope: Scope,
        for use: ExpressionCompiler.TemplateUse?
    ) -> [Member] {
        drafts.compactMap { draft in
            let value = expressions.template(draft.value, in: scope, called: draft.name, for: use)
            guard let value else { return nil }
            if let field = personalField(in: value, scope) {
                personalArguments[command, default: []].insert(draft.name)
                checkReceiver(of: field, command, at: draft.value.node)
            }
            return Member(name: draft.name, value: value)
        }
    }

    /// The personal field that a value reads; `nil` when it reads none.
    func personalField(in template: Template, _ scope: Scope) -> String? {
        switch template {
        case .literal: nil
        case .list(let elements):
            elements.lazy.compactMap { personalField(in: $0, scope) }.first
        case .object(let members):
            members.lazy.compactMap { personalField(in: $0.value, scope) }.first
        case .expression(let located):
            located.expression.readPaths.lazy.compactMap { path -> String? in
                guard path.count > 1 else {
                    return names.holdsPersonalData(path.first, in: scope) ? path.first : nil
                }
                return names.isPersonal(path[0], path[1], in: scope) ? path[1] : nil
            }.first
        }
    }

    /// Personal data may go to handlers, and to destinations that are cleared for it.
    private func checkReceiver(of field: String, _ command: String, at node: Node) {
        guard let destination = names.commandByName[command]?.destination?.value,
            destination != "events", DraftReader.isName(destination),
            !context.options.personalDestinations.contains(destination)
        else { return }
        context.report(
            .personalDataOut, "\"\(field)\" is personal and would go to \"\(destination)\"",
            at: node, help: "leave it out, or have \"\(destination)\" cleared for personal data")
    }

    /// Compiles the templates that no place uses, so that their mistakes show too.
    mutating func compileUnusedTemplates() {
        for command in draft.commands where !usage.commands.contains(command.name.value) {
            let use = ExpressionCompiler.TemplateUse(
                command: command.name.value, node: command.name.node, range: command.name.range)
            _ = members(
                command.arguments, of: command.name.value, in: Scope(.unknown).withFailure(),
                for: use)
        }
    }

    mutating func compile(_ command: CommandDraft) -> CommandTemplate {
        for event in command.doneBy + command.failedBy { resolve(event: event) }
        return CommandTemplate(
            name: command.name.value, destination: destination(of: command),
            retry: resolve(policy: command.retry), doneBy: command.doneBy.map(\.value),
            failedBy: command.failedBy.map(\.value), undo: undo(of: command),
            confirmation: command.confirmation.flatMap { confirmation($0, of: command) },
            personalArguments: personalArguments[command.name.value] ?? [])
    }

    private mutating func undo(of command: CommandDraft) -> CommandTemplate.Undo {
        if command.undo.isEmpty { return .unsaid }
        if command.undo.contains(where: { $0.value == "none" }) { return .nothing }
        for name in command.undo { resolve(command: name, isUse: false) }
        return .commands(command.undo.map(\.value))
    }

    private mutating func confirmation(
        _ draft: ConfirmationDraft, of command: CommandDraft
    ) -> Confirmation? {
        guard let event = draft.event else { return nil }
        resolve(event: event)
        if let failedBy = draft.failedBy { resolve(event: failedBy) }
        var scope = Scope(.named(event.value))
        if let failedBy = draft.failedBy { scope.event = .oneOf([event.value, failedBy.value]) }
        scope.command = command.name.value
        return Confirmation(
            event: event.value, within: draft.within, failedBy: draft.failedBy?.value,
            when: expressions.condition(draft.when, in: scope))
    }

    private func destination(of command: CommandDraft) -> CommandTemplate.Destination {
        guard let destination = command.destination else { return .handler }
        if destination.value == "events" { return .events }
        checkDestination(destination)
        return .named(destination.value)
    }

    private func checkDestination(_ destination: Located<String>) {
        let name = destination.value
        guard DraftReader.isName(name) else {
            let words =
                name.hasPrefix("=")
                ? "destinations are names set by operators; an event must not choose where we call"
                : "\"\(name)\" is an address; destinations are names set by operators"
            context.report(
                .addressInDefinition, words, at: destination,
                help: "write a name here; the operator's mink-workflow.json gives it an address")
            return
        }
        guard let known = context.options.destinations, !known.contains(name) else { return }
        context.report(
            .unknownDestination, "destination \"\(name)\" is not configured", at: destination,
            help: NameSuggestions(known.sorted()).help(for: name))
    }
}
