// The small parts that stand in many places: conditions, assignments, arguments, commands in lists.
import MinkExpression

extension DraftReader {
    /// A condition: always an expression, with or without a leading `=`.
    func readCondition(_ object: ObjectReader, _ key: String) -> ExpressionDraft? {
        guard let node = object[key] else { return nil }
        guard let expression = ExpressionDraft(condition: node) else {
            object.wrongType(key, "a condition such as \"event.amount > 0\"", node)
            return nil
        }
        return expression
    }

    /// A value that has to be an expression.
    func readValueExpression(_ object: ObjectReader, _ key: String) -> ExpressionDraft? {
        guard let node = object[key] else { return nil }
        guard let text = node.text else {
            object.wrongType(key, "an expression such as \"= event.id\"", node)
            return nil
        }
        guard let expression = ExpressionDraft(value: node) else {
            context.report(
                .badValue, "\"\(key)\" needs an expression; write \"= \(text)\"", at: node)
            return nil
        }
        return expression
    }

    /// A duration that is written out, or an expression that yields one.
    func readSpan(_ object: ObjectReader, _ key: String) -> TemplateDraft? {
        guard let node = object[key] else { return nil }
        guard node.kind == .string else {
            object.wrongType(key, "a duration such as \"30m\"", node)
            return nil
        }
        let template = TemplateDraft(node)
        if case .literal = template {
            guard context.duration(key, node, allowsZero: true) != nil else { return nil }
        }
        return template
    }

    /// A moment that is written out, or an expression that yields one.
    func readMoment(_ object: ObjectReader, _ key: String) -> TemplateDraft? {
        guard let node = object[key] else { return nil }
        guard let text = node.text else {
            object.wrongType(key, "a timestamp such as \"2027-01-31T12:00:00Z\"", node)
            return nil
        }
        let template = TemplateDraft(node)
        if case .literal = template, Timestamp(text) == nil {
            context.report(
                .badValue,
                "\"\(text)\" is no timestamp; write it like \"2027-01-31T12:00:00Z\"", at: node)
            return nil
        }
        return template
    }

    /// `fail`, with the `endIn` beside it.
    func readFailure(_ object: ObjectReader) -> FailureDraft? {
        let endIn = object.text("endIn", as: "the name of a state")
        guard let node = object["fail"] else {
            if let endIn {
                context.report(
                    .keyNotHere, "\"endIn\" says where a \"fail\" ends; there is no \"fail\" here",
                    at: endIn.node, endIn.node.nameRange,
                    help: "write a \"fail\" beside it, or remove \"endIn\"")
            }
            return nil
        }
        guard let text = node.text else {
            object.wrongType("fail", "a reason for people", node)
            return nil
        }
        if text.isEmpty {
            context.report(.badValue, "\"fail\" needs a reason for people", at: node)
        }
        return FailureDraft(reason: TemplateDraft(node), endIn: endIn)
    }

    func readAssignments(_ object: ObjectReader) -> [AssignmentDraft] {
        guard object.has("set") else { return [] }
        return object.map("set", of: "fields and values").map { name, value in
            AssignmentDraft(field: name, value: TemplateDraft(value))
        }
    }

    func readArguments(_ object: ObjectReader) -> [MemberDraft] {
        guard let node = object["with"] else { return [] }
        guard node.kind == .object else {
            object.wrongType("with", "an object of arguments", node)
            return []
        }
        return MemberDraft.all(of: node)
    }

    func readUses(_ object: ObjectReader) -> [UseDraft] {
        guard object.has("compensation") else { return [] }
        return object.list("compensation").compactMap { node in
            readUse(node, shape: .use, key: "compensation")?.use
        }
    }

    func readEmissions(_ object: ObjectReader) -> [EmissionDraft] {
        guard object.has("emit") else { return [] }
        return object.list("emit").compactMap { node in
            guard let (use, entry) = readUse(node, shape: .emission, key: "emit") else {
                return nil
            }
            if let keep = entry?["keep"], entry?.has("delay") == false {
                context.report(
                    .keyNotHere, "\"keep\" needs a \"delay\"; this command is sent at once",
                    at: keep, keep.nameRange)
            }
            return EmissionDraft(
                use: use, delay: entry.flatMap { readSpan($0, "delay") },
                keep: entry?.flag("keep") ?? false)
        }
    }

    /// A command's name, or an object around it.
    private func readUse(
        _ node: Node, shape: Shape, key: String
    ) -> (use: UseDraft, entry: ObjectReader?)? {
        if let name = node.text {
            return (UseDraft(command: Located(name, node), overrides: []), nil)
        }
        guard node.kind == .object else {
            context.report(
                .wrongType, "\"\(key)\" needs commands, found \(node.inWords)", at: node)
            return nil
        }
        guard let entry = ObjectReader(node, as: shape, in: context) else { return nil }
        entry.require("command")
        guard let command = entry.text("command", as: "the name of a command") else { return nil }
        return (UseDraft(command: command, overrides: readArguments(entry)), entry)
    }
}
