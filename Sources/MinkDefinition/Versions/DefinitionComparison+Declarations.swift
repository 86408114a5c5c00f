// Compares what a workflow declares: data, events, and what stands once.
import MinkExpression

extension DefinitionComparison {
    // MARK: Data

    mutating func compareData() {
        let before = Dictionary(old.data.map { ($0.name, $0) }, uniquingKeysWith: { a, _ in a })
        let after = Set(new.data.map(\.name))
        let given = Set(migration?.set.map(\.field) ?? [])
        for field in new.data {
            pointer = "/data/\(field.name.pointerStep)"
            guard let was = before[field.name] else {
                noteAdded(field, isGiven: given.contains(field.name))
                continue
            }
            compare(was, field, isGiven: given.contains(field.name))
        }
        pointer = "/data"
        for field in old.data where !after.contains(field.name) {
            note(.newOnly, "data \"\(field.name)\" is gone", at: "/\(field.name.pointerStep)")
        }
    }

    private mutating func noteAdded(_ field: DataField, isGiven: Bool) {
        if field.isOptional || field.initial != nil || isGiven {
            note(.safe, "data \"\(field.name)\" is new")
        } else {
            note(
                .needsMapping, "running sagas have no \"\(field.name)\"", rule: .dataIncompatible,
                help: "give it a \"default\", make it optional, or set it under \"migrate\"")
        }
    }

    private mutating func compare(_ was: DataField, _ field: DataField, isGiven: Bool) {
        let name = field.name
        let takes = field.type.takesAll(of: was.type) && (field.isOptional || !was.isOptional)
        let isSame =
            takes && was.type.takesAll(of: field.type) && was.isOptional == field.isOptional
        if !isSame, name != reportedKey {
            let words =
                was.typeInWords == field.typeInWords
                ? "\"\(name)\" has other bounds"
                : "\"\(name)\" was \(was.typeInWords) and is \(field.typeInWords) now"
            if takes {
                note(.safe, words)
            } else if isGiven {
                note(.newOnly, words + ", and \"migrate\" sets it")
            } else {
                note(
                    .needsMapping, words + "; running sagas may hold what does not fit",
                    rule: .dataIncompatible, help: "set it under \"migrate\"")
            }
        }
        if was.initial != field.initial {
            note(.newOnly, "\"\(name)\" starts with \(field.initial?.inWords ?? "no value")")
        }
        if was.isPersonal != field.isPersonal {
            note(
                field.isPersonal ? .safe : .newOnly,
                "\"\(name)\" is \(field.isPersonal ? "masked now" : "not masked any more")")
        }
    }

    // MARK: Events

    mutating func compareEvents() {
        for event in new.events.values.sorted(by: { $0.name < $1.name }) {
            pointer = "/events/\(event.name.pointerStep)"
            guard let before = old.events[event.name] else {
                note(.newOnly, "listens to \(event.name)")
                continue
            }
            compareFields(before, event)
            if before.uniqueBy != event.uniqueBy {
                note(
                    .newOnly,
                    event.uniqueBy.map {
                        "a second \(event.name) with the same \"\($0)\" is a duplicate"
                    }
                        ?? "\(event.name) has no field any more that makes a duplicate",
                    at: "/uniqueBy")
            }
            compareRules(before.rules, event.rules, of: event.name)
            if before.personalFields != event.personalFields {
                note(.safe, "other fields of \(event.name) are masked")
            }
        }
        pointer = "/events"
        for name in old.events.keys.sorted() where new.events[name] == nil {
            note(.newOnly, "listens to \(name) no more", at: "/\(name.pointerStep)")
        }
    }

    private mutating func compareFields(_ was: EventDefinition, _ event: EventDefinition) {
        guard let before = was.type.fields, let after = event.type.fields else {
            if was.type != event.type {
                noteStricter(was.type, event.type, "\(event.name)", at: "")
            }
            return
        }
        for field in after.fields where field.name != reportedKey {
            let step = "/fields/\(field.name.pointerStep)"
            let name = "\"\(field.name)\" of \(event.name)"
            guard let known = before[field.name] else {
                if field.isOptional {
                    note(.safe, "reads \(name) where it is there", at: step)
                } else {
                    note(
                        .breaking, "\(event.name) now needs \"\(field.name)\"", at: step,
                        rule: .eventStricter, help: "older senders do not send it; make it optional"
                    )
                }
                continue
            }
            if known.isOptional, !field.isOptional {
                note(
                    .breaking, "\(event.name) now needs \"\(field.name)\", which was optional",
                    at: step, rule: .eventStricter)
            } else if !known.isOptional, field.isOptional {
                note(.safe, "\(name) may be absent", at: step)
            }
            noteStricter(known.type, field.type, name, at: step)
        }
        for field in before.fields where after[field.name] == nil {
            note(.safe, "\"\(field.name)\" of \(event.name) is not read any more")
        }
    }

    private mutating func noteStricter(
        _ was: DataType, _ type: DataType, _ name: String, at step: String
    ) {
        let words = "\(name) was \(was.phrase) and is \(type.phrase) now"
        let bounds = "\(name) has other bounds"
        let shown = was.phrase == type.phrase ? bounds : words
        if !type.takesAll(of: was) {
            note(
                .breaking, shown, at: step, rule: .eventStricter,
                help: "older senders may send what does not fit")
        } else if !was.takesAll(of: type) {
            note(.safe, shown, at: step)
        }
    }

    private mutating func compareRules(_ was: EventRules, _ rules: EventRules, of event: String) {
        guard was != rules else { return }
        var parts: [String] = []
        if was.holdFor != rules.holdFor {
            parts.append("held for \(DurationText.format(rules.holdFor)) when it comes early")
        }
        if was.early != rules.early { parts.append("early: \(rules.early.rawValue)") }
        if was.late != rules.late { parts.append("late: \(rules.late.rawValue)") }
        if was.unexpected != rules.unexpected {
            parts.append("unexpected: \(rules.unexpected.rawValue)")
        }
        if was.ambiguous != rules.ambiguous {
            parts.append("ambiguous: \(rules.ambiguous?.rawValue ?? "not said")")
        }
        note(.newOnly, "\(event) out of turn: \(parts.joined(separator: ", "))", at: "/rules")
    }

    // MARK: What stands once

    mutating func compareRules() {
        pointer = "/compensation"
        if old.compensation.whenStuck != new.compensation.whenStuck {
            note(
                .newOnly,
                "an undo that gets stuck: \(new.compensation.whenStuck.rawValue)", at: "/whenStuck")
        }
        if old.compensation.endIn != new.compensation.endIn {
            note(
                .newOnly, "a failed saga ends in \(quoted(new.compensation.endIn))", at: "/endIn")
        }
        pointer = "/deadline"
        compareDeadline()
        pointer = "/retain"
        if old.retain != new.retain {
            note(
                new.retain < old.retain ? .newOnly : .safe,
                "ended sagas are kept for \(DurationText.format(new.retain))")
        }
        pointer = "/limits"
        let limits: [(String, KeyPath<Limits, Int>)] = [
            ("transitions", \.transitions), ("commands", \.commands), ("held", \.held),
            ("dataBytes", \.dataBytes),
        ]
        for (name, path) in limits where old.limits[keyPath: path] != new.limits[keyPath: path] {
            let (was, now) = (old.limits[keyPath: path], new.limits[keyPath: path])
            note(
                now < was ? .newOnly : .safe, "the limit of \(name) was \(was) and is \(now)",
                at: "/\(name)")
        }
    }

    private mutating func compareDeadline() {
        switch (old.deadline, new.deadline) {
        case (let was?, let now?):
            if was.after != now.after {
                note(
                    .newOnly,
                    "the deadline was \(DurationText.format(was.after)) and is "
                        + DurationText.format(now.after), at: "/after",
                    rule: now.after < was.after && migration != nil ? .timeoutShorter : nil,
                    help: "sagas that are moved may be over it at once")
            }
            compare(was.failure, now.failure, where: "the deadline")
        case (nil, let now?):
            note(
                .newOnly, "has a deadline of \(DurationText.format(now.after)) now",
                rule: migration != nil ? .timeoutShorter : nil,
                help: "sagas that are moved may be over it at once")
        case (_?, nil): note(.newOnly, "has no deadline any more")
        case (nil, nil): break
        }
    }

    func quoted(_ name: String?) -> String { name.map { "\"\($0)\"" } ?? "no state" }
}

extension DataField {
    fileprivate var typeInWords: String {
        "\(type)\(isOptional && !"\(type)".hasSuffix("?") ? "?" : "")"
    }
}
