// Whether running sagas of the old version can be moved to the new one: each state they may wait in
// needs a state to go to, and there the data that the new version counts on.
import MinkExpression

extension DefinitionComparison {
    mutating func compareMigration() {
        pointer = "/migrate"
        let version = new.identity.version
        if let late = new.migration?.from.first(where: { $0 >= version }) {
            note(
                .needsMapping,
                "version \(version) can not take sagas of version \(late), which is not before it",
                at: "/from", rule: .badMigrateMap)
        }
        compare(old.migration, new.migration)
        guard let migration else {
            noteRemovedStates()
            return
        }
        for name in migration.states.keys.sorted() where old.state(name) == nil {
            note(
                .needsMapping, "version \(old.identity.version) has no state \"\(name)\"",
                at: "/states/\(name.pointerStep)", rule: .badMigrateMap)
        }
        let (before, after) = (SurelySet(of: old), SurelySet(of: new))
        for state in old.states where !state.isFinal {
            guard let target = migration.states[state.name] ?? new.state(state.name)?.name else {
                note(
                    .needsMapping,
                    "state \"\(state.name)\" of version \(old.identity.version) has no target",
                    at: "/states", rule: .badMigrateMap,
                    help: "map it, or sagas that wait there stay on version \(old.identity.version)"
                )
                continue
            }
            if let name = renamed[state.name], name == target {
                note(
                    .newOnly, "\"\(state.name)\" became \"\(target)\", as \"migrate\" says",
                    at: "/states/\(state.name.pointerStep)")
            }
            noteMissingData(state.name, target, before, after, migration)
        }
    }

    private mutating func compare(_ was: Migration?, _ now: Migration?) {
        let isSame =
            was?.from == now?.from && was?.states == now?.states && was?.timers == now?.timers
            && was?.meaningOfSet == now?.meaningOfSet
        guard !isSame else { return }
        let versions = now?.from.map(String.init).joined(separator: ", ")
        note(
            .safe,
            versions.map { "sagas of version \($0) can be moved here, as \"migrate\" says" }
                ?? "no saga of an earlier version can be moved here")
    }

    /// States in which running sagas may wait and that no `migrate` speaks of.
    private mutating func noteRemovedStates() {
        pointer = "/states"
        for state in old.states where new.state(state.name) == nil {
            if state.isFinal {
                note(.newOnly, "the final state \"\(state.name)\" is gone")
                continue
            }
            let hint = renamed[state.name].map { "; it seems to be called \"\($0)\" now" } ?? ""
            note(
                .needsMapping,
                "running sagas may wait in \"\(state.name)\", which version "
                    + "\(new.identity.version) does not have\(hint)", rule: .stateRemoved,
                help: "say under \"migrate\" where they go")
        }
    }

    /// Data that a saga has for sure in the state that it goes to, but not where it comes from.
    private mutating func noteMissingData(
        _ origin: String, _ target: String, _ before: SurelySet, _ after: SurelySet,
        _ migration: Migration
    ) {
        let given = Set(migration.set.map(\.field))
        let missing = after.fields(in: target).subtracting(before.fields(in: origin))
            .subtracting(given)
            .filter { name in
                // What the old version did not know at all was said of the field itself.
                old.dataField(name) != nil || new.dataField(name)?.isOptional == true
            }
        guard let first = missing.sorted().first else { return }
        let isMapped = migration.states[origin] != nil
        note(
            .needsMapping,
            "a saga in \"\(origin)\" may have no \"\(first)\", which "
                + (origin == target ? "is always set there now" : "\"\(target)\" counts on"),
            at: isMapped ? "/states/\(origin.pointerStep)" : "", rule: .badMigrateMap,
            help: "give it under \"set\", or map the state elsewhere")
    }
}

extension Definition {
    /// The fields of data that a saga has for sure when it waits in a state.
    package func fieldsSurelySet(in state: String) -> Set<String> {
        SurelySet(of: self).fields(in: state)
    }
}

/// Which fields of data are set for sure when a saga waits in a state.
struct SurelySet {
    private var waiting: [String: Set<String>] = [:]

    init(of definition: Definition) {
        let initial = Set(definition.data.filter { $0.initial != nil }.map(\.name))
        var open: [(state: String, fields: Set<String>)] = []
        for handler in definition.start.values {
            for transition in handler.transitions {
                guard let goto = transition.goto else { continue }
                open.append((goto, Self.after(transition.set, initial)))
            }
        }
        // Each visit of a state takes fields away, so the walk ends.
        while let (name, fields) = open.popLast() {
            guard let state = definition.state(name) else { continue }
            let entered = Self.after(state.onEnter.set, fields)
            let known = waiting[name]
            let common = known.map { $0.intersection(entered) } ?? entered
            guard known != common else { continue }
            waiting[name] = common
            var transitions = state.allTransitions
            if let anyState = definition.anyState, anyState.holds(in: state) {
                transitions += anyState.on.values.joined()
            }
            // What happens while a saga stays may unset a field as well.
            let kept = transitions.reduce(common) {
                $1.goto == nil ? $0.intersection(Self.after($1.set, $0)) : $0
            }
            waiting[name] = kept
            for transition in transitions {
                guard let goto = transition.goto else { continue }
                open.append((goto, Self.after(transition.set, kept)))
            }
        }
    }

    /// The fields that a saga has for sure in a state; none for a state that nothing leads to.
    func fields(in state: String) -> Set<String> { waiting[state] ?? [] }

    private static func after(_ set: [Assignment], _ fields: Set<String>) -> Set<String> {
        set.reduce(into: fields) { fields, assignment in
            if assignment.value.mayBeAbsent {
                fields.remove(assignment.field)
            } else {
                fields.insert(assignment.field)
            }
        }
    }
}

extension Migration {
    /// What it sets.
    fileprivate var meaningOfSet: [String: TemplateMeaning] {
        TemplateMeaning.members(set.map { Member(name: $0.field, value: $0.value) })
    }
}

extension Template {
    /// Whether it may yield no value.
    fileprivate var mayBeAbsent: Bool {
        switch self {
        case .literal(.null): true
        case .expression(let located): located.expression.type.isOptional
        default: false
        }
    }
}
