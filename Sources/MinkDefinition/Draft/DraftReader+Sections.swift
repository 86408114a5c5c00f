// The sections that stand once in a file: compensation, deadline, event rules, limits, migration.
import MinkExpression

extension DraftReader {
    func readCompensation(_ node: Node) -> CompensationDraft? {
        guard let object = ObjectReader(node, as: .compensation, in: context) else { return nil }
        let whenStuck = object.choice(
            "whenStuck", [CompensationRule.WhenStuck.stop, .continue])
        return CompensationDraft(
            node: node, whenStuck: whenStuck?.value ?? .stop,
            endIn: object.text("endIn", as: "the name of a state"))
    }

    func readDeadline(_ node: Node) -> DeadlineDraft? {
        guard let object = ObjectReader(node, as: .deadline, in: context) else { return nil }
        object.require("after", "fail")
        return DeadlineDraft(
            node: node, after: object.duration("after"), fail: readFailure(object))
    }

    func readEventRules(_ node: Node) -> EventRulesDraft? {
        guard let object = ObjectReader(node, as: .eventRules, in: context) else { return nil }
        var rules = EventRulesDraft()
        if let early = object["early"].flatMap({ ObjectReader($0, as: .early, in: context) }) {
            rules.holdFor = early.duration("holdFor")
            rules.early = early.choice("then", [EventRules.WhenEarly.deadLetter, .ignore])
        }
        rules.late = object.choice(
            "late", [EventRules.WhenLate.compensate, .ignore, .deadLetter])
        rules.unexpected = object.choice(
            "unexpected", [EventRules.WhenUnexpected.deadLetter, .ignore, .incident])
        rules.ambiguous = object.choice("ambiguous", [EventRules.Ambiguous.early, .late])
        return rules
    }

    func readLimits(_ node: Node) -> LimitsDraft? {
        guard let object = ObjectReader(node, as: .limits, in: context) else { return nil }
        var draft = LimitsDraft()
        let parts: [(String, WritableKeyPath<Limits, Int>)] = [
            ("transitions", \.transitions), ("commands", \.commands), ("held", \.held),
            ("dataBytes", \.dataBytes),
        ]
        for (key, path) in parts {
            guard let number = object.wholeNumber(key, in: 1...1_000_000_000) else { continue }
            draft.limits[keyPath: path] = number.value
            let ceiling = context.options.limits[keyPath: path]
            guard number.value > ceiling else { continue }
            context.report(
                .limitRaised, "\(key): \(number.value) is over the limit \(ceiling)", at: number,
                help: "write \(ceiling) or less, or have the operator raise the limit")
        }
        return draft
    }

    func readMigration(_ node: Node) -> MigrationDraft? {
        guard let object = ObjectReader(node, as: .migration, in: context) else { return nil }
        object.require("from")
        var draft = MigrationDraft()
        for element in object.list("from") {
            guard let token = element.json.numberToken, let version = Int(token), version > 0
            else {
                object.wrongType("from", "versions, each a whole number", element)
                continue
            }
            draft.from.append(version)
        }
        for (name, value) in object.map("states", of: "states") {
            guard let target = value.text else {
                object.wrongType("states", "the name of a state", value)
                continue
            }
            draft.states.append((name, Located(target, value)))
        }
        draft.set = readAssignments(object)
        draft.timers = object.choice("timers", [Migration.Timers.keep, .restart])?.value ?? .keep
        return draft
    }
}
