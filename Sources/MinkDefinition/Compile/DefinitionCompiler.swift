// Turns a draft into a definition: names are resolved, expressions compiled, and what does not hold
// together is said.
import MinkExpression

/// Compiles one draft.
///
/// What it returns is whole only when the context has no error.
struct DefinitionCompiler {
    let context: ReadingContext
    let draft: Draft
    let names: DeclaredNames
    var expressions: ExpressionCompiler
    /// Arguments of commands that were compiled already, by command and scope.
    var arguments: [ArgumentsKey: [Member]] = [:]
    /// Arguments of commands that read personal data.
    var personalArguments: [String: Set<String>] = [:]
    var usage = Usage()

    struct ArgumentsKey: Hashable {
        let command: String
        let scope: Scope
    }

    init(context: ReadingContext, draft: Draft) {
        self.context = context
        self.draft = draft
        names = DeclaredNames(draft)
        var environments = Environments(draft: draft, timeZones: context.options.timeZones)
        environments.arguments = Self.argumentNames(draft)
        expressions = ExpressionCompiler(context: context, environments: environments)
    }

    /// The definition, or what of it could be made.
    mutating func compile() -> Definition {
        let events = Dictionary(
            draft.events.map { ($0.name.value, compile($0)) }, uniquingKeysWith: { a, _ in a })
        let start = Dictionary(
            draft.start.map { ($0.event.value, compile($0)) }, uniquingKeysWith: { a, _ in a })
        let states = draft.states.map { compile($0) }
        let anyState = draft.anyState.map { compile($0) }
        let deadline = draft.deadline.flatMap { compile($0) }
        let migration = draft.migration.map { compile($0) }
        resolveCompensation()
        compileUnusedTemplates()
        // Places that use a command come first: they say which of its arguments are personal.
        let commands = Dictionary(
            draft.commands.map { ($0.name.value, compile($0)) }, uniquingKeysWith: { a, _ in a })
        return Definition(
            identity: Definition.Identity(
                workflow: draft.workflow?.value ?? "", version: draft.version?.value ?? 0,
                fingerprint: context.options.fingerprints && context.isSound
                    ? Fingerprint.of(draft, in: context) : ""),
            owner: draft.owner, description: draft.description,
            correlateBy: draft.correlateBy?.value ?? "", data: draft.data.map(\.field),
            events: events, commands: commands,
            compensation: CompensationRule(
                whenStuck: draft.compensation?.whenStuck ?? .stop,
                endIn: draft.compensation?.endIn?.value),
            deadline: deadline, start: start, states: states, anyState: anyState,
            retain: draft.retain ?? .seconds(30 * 86_400), limits: draft.limits?.limits ?? Limits(),
            migration: migration, layout: expressions.environments.layout)
    }

    private static func argumentNames(_ draft: Draft) -> [String: [String]] {
        var names = Dictionary(
            draft.commands.map { ($0.name.value, $0.arguments.map(\.name)) },
            uniquingKeysWith: { a, _ in a })
        draft.forEachUse { use in
            guard !use.overrides.isEmpty else { return }
            var known = names[use.command.value] ?? []
            known += use.overrides.map(\.name).filter { !known.contains($0) }
            names[use.command.value] = known
        }
        return names
    }
}

extension DataDraft {
    fileprivate var field: DataField {
        DataField(
            name: name.value, type: type, isOptional: isOptional, initial: initial,
            isPersonal: isPersonal)
    }
}

// MARK: - Events, start, and what stands once

extension DefinitionCompiler {
    private mutating func compile(_ event: EventDraft) -> EventDefinition {
        var scope = Scope(.named(event.name.value))
        scope.hasInstance = false
        let key = DataType(.choice([DataType(.string), DataType(.integer)], exclusive: false))
        let correlate = expressions.value(
            event.correlate, in: scope, as: key, called: "correlate")
        return EventDefinition(
            name: event.name.value, type: event.type, correlate: correlate,
            uniqueBy: event.uniqueBy?.value, rules: rules(of: event),
            personalFields: event.personalFields)
    }

    private func rules(of event: EventDraft) -> EventRules {
        let (own, general) = (event.rules, draft.eventRules)
        var rules = EventRules()
        rules.holdFor = own.holdFor ?? general.holdFor ?? rules.holdFor
        rules.early = own.early?.value ?? general.early?.value ?? rules.early
        rules.late = own.late?.value ?? general.late?.value ?? rules.late
        rules.unexpected = own.unexpected?.value ?? general.unexpected?.value ?? rules.unexpected
        rules.ambiguous = own.ambiguous?.value ?? general.ambiguous?.value
        return rules
    }

    private mutating func compile(_ start: StartDraft) -> StartHandler {
        resolve(event: start.event)
        let scope = Scope(.named(start.event.value))
        let transitions = transitions(start.transitions, in: scope, isStart: true)
        return StartHandler(
            transitions: transitions,
            deliversToExisting: start.deliversToExisting)
    }

    private mutating func compile(_ deadline: DeadlineDraft) -> Deadline? {
        let failure = deadline.fail.flatMap { self.failure($0, in: .without(.deadline)) }
        guard let failure, let after = deadline.after else { return nil }
        return Deadline(after: after, failure: failure)
    }

    private mutating func compile(_ migration: MigrationDraft) -> Migration {
        for pair in migration.states { resolve(state: pair.to) }
        checkTargets(of: migration)
        var scope = Scope.without(.migration)
        scope.hasFailure = false
        return Migration(
            from: migration.from,
            states: Dictionary(
                migration.states.map { ($0.from.value, $0.to.value) },
                uniquingKeysWith: { a, _ in a }),
            set: assignments(migration.set, in: scope, isStart: false), timers: migration.timers)
    }

    /// A migration leads to states in which a saga can go on.
    private func checkTargets(of migration: MigrationDraft) {
        for pair in migration.states where names.stateByName[pair.to.value]?.isFinal == true {
            context.report(
                .badMigrateMap,
                "\"\(pair.to.value)\" is final; a running saga can not be moved there",
                at: pair.to)
        }
    }

    private mutating func resolveCompensation() {
        guard let endIn = draft.compensation?.endIn else { return }
        resolve(endIn: endIn)
    }
}
