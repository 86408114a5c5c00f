// One reading of a scenario file.
import MinkExpression

/// Turns JSON nodes into scenarios.
struct ScenarioReading {
    let context: ReadingContext
    let workflows: [String: ScenarioVocabulary]

    func read(_ root: Node) -> ScenarioFile? {
        guard let object = ObjectReader(root, as: .scenarioFile, in: context) else { return nil }
        object.require("workflow", "scenarios")
        guard let workflow = object.text("workflow", as: "the name of a workflow") else {
            return nil
        }
        if !workflows.isEmpty, workflows[workflow.value] == nil {
            context.report(
                .badValue, "there is no workflow \"\(workflow.value)\" among these files",
                at: workflow,
                help: NameSuggestions(workflows.keys.sorted()).help(for: workflow.value))
        }
        let known = workflows[workflow.value]
        if workflows.isEmpty { DraftReader(context: context).checkName(workflow, of: "a workflow") }
        var names: [String: Node] = [:]
        checkNotEmpty(object, "scenarios", "one scenario")
        let scenarios = object.list("scenarios").compactMap { node -> Scenario? in
            guard let scenario = readScenario(node, known) else { return nil }
            if names.updateValue(node, forKey: scenario.name) != nil {
                context.report(
                    .nameClash, "two scenarios are called \"\(scenario.name)\"",
                    at: node.member("name") ?? node)
            }
            return scenario
        }
        return ScenarioFile(workflow: workflow.value, scenarios: scenarios)
    }

    private func readScenario(_ node: Node, _ known: ScenarioVocabulary?) -> Scenario? {
        guard let object = ObjectReader(node, as: .scenario, in: context) else { return nil }
        object.require("name", "steps")
        checkNotEmpty(object, "steps", "one step")
        let steps = object.list("steps").compactMap { readStep($0, known) }
        guard let name = object.text("name") else { return nil }
        return Scenario(name: name.value, steps: steps, place: context.place(node))
    }

    private func checkNotEmpty(_ object: ObjectReader, _ key: String, _ least: String) {
        guard let list = object[key], list.kind == .array, list.elements.isEmpty else { return }
        context.report(
            .badValue, "\"\(key)\" needs at least \(least), found an empty list", at: list)
    }

    private func readStep(_ node: Node, _ known: ScenarioVocabulary?) -> ScenarioStep? {
        guard node.kind == .object else {
            context.report(.wrongType, "a step needs an object, found \(node.inWords)", at: node)
            return nil
        }
        let kinds = Shape.steps.filter { node.hasMember($0.key) }
        guard let kind = kinds.first else {
            reportNoKind(node)
            return nil
        }
        if kinds.count > 1, let other = node.member(kinds[1].key) {
            context.report(
                .exclusiveKeys,
                "a step can have \"\(kind.key)\" or \"\(kinds[1].key)\", not both", at: other,
                other.nameRange)
            return nil
        }
        guard let object = ObjectReader(node, as: kind.shape, in: context),
            let action = readAction(kind.key, object, known)
        else { return nil }
        return ScenarioStep(action: action, place: context.place(node))
    }

    private func reportNoKind(_ node: Node) {
        guard !context.isDamaged(node) else { return }
        let keys = Shape.steps.map(\.key)
        let names = NameSuggestions(keys)
        for member in node.members {
            guard let nearest = names.nearest(to: member.name) else { continue }
            context.report(
                .unknownKey, "a step has no \"\(member.name)\"", at: member.value,
                member.value.nameRange, help: "did you mean \"\(nearest)\"?")
            return
        }
        context.report(
            .missingKey, "a step needs one of \(keys.joined(separator: ", "))", at: node,
            node.headRange)
    }

    private func readAction(
        _ key: String, _ object: ObjectReader, _ known: ScenarioVocabulary?
    ) -> ScenarioStep.Action? {
        switch key {
        case "event":
            readEvent(object, known).map(ScenarioStep.Action.event)
        case "wait":
            object.duration("wait", allowsZero: true).map(ScenarioStep.Action.wait)
        case "command":
            readScript(object, known).map(ScenarioStep.Action.script)
        case "operator":
            readOperator(object, known).map(ScenarioStep.Action.act)
        case "expectCommand":
            readCommand(object, "expectCommand", known).map {
                .expectCommand($0, with: readObject(object, "with")?.json)
            }
        case "expectCommands":
            .expectCommands(
                object.names("expectCommands", of: "commands").map { name in
                    check(name, known?.commands, .unknownCommand, "command")
                    return name.value
                })
        default:
            object["expect"].flatMap { readExpectation($0, known) }.map(ScenarioStep.Action.expect)
        }
    }

    private func readEvent(
        _ object: ObjectReader, _ known: ScenarioVocabulary?
    ) -> ScenarioStep.EventStep? {
        let times = object.wholeNumber("times", in: 1...1_000_000)?.value ?? 1
        let payload = readObject(object, "with")
        let id = object.text("id")?.value
        guard let type = object.text("event", as: "the name of an event") else { return nil }
        check(type, known?.events, .unknownEvent, "event")
        return .init(type: type.value, payload: payload?.json, id: id, times: times)
    }

    private func readCommand(
        _ object: ObjectReader, _ key: String, _ known: ScenarioVocabulary?
    ) -> String? {
        guard let name = object.text(key, as: "the name of a command") else { return nil }
        check(name, known?.commands, .unknownCommand, "command")
        return name.value
    }

    private func readScript(
        _ object: ObjectReader, _ known: ScenarioVocabulary?
    ) -> ScenarioStep.ScriptStep? {
        object.exclude(["fails", "rejects", "returns"])
        let times = object.wholeNumber("times", in: 1...1_000_000)?.value
        guard let command = readCommand(object, "command", known) else { return nil }
        if let reason = object.text("fails", as: "a reason") {
            return .init(command: command, answer: .fails(reason.value), times: times)
        }
        if let reason = object.text("rejects", as: "a reason") {
            return .init(command: command, answer: .rejects(reason.value), times: times)
        }
        guard object.has("returns") else {
            if !object.has("fails"), !object.has("rejects") { object.require("returns") }
            return nil
        }
        let events = object.list("returns").compactMap { node in
            ObjectReader(node, as: .eventStep, in: context).flatMap { entry in
                entry.require("event")
                return readEvent(entry, known)
            }
        }
        return .init(command: command, answer: .returns(events), times: times)
    }

    private func readOperator(
        _ object: ObjectReader, _ known: ScenarioVocabulary?
    ) -> ScenarioStep.OperatorStep? {
        let endIn = object.text("endIn", as: "the name of a state")
        if let endIn { check(endIn, known?.states, .unknownState, "state") }
        let reason = object.text("reason")?.value
        let arguments = readObject(object, "with")?.json
        let incident = object.choice("incident", IncidentCode.allCases)
        let action = object.choice("operator", OperatorVerb.scripted)
        guard let action else { return nil }
        checkBelongs(object, "with", action.value, to: [.retry])
        checkBelongs(object, "endIn", action.value, to: [.compensate, .cancel])
        return .init(
            action: action.value, reason: reason, arguments: arguments, endIn: endIn?.value,
            incident: incident?.value)
    }

    private func checkBelongs(
        _ object: ObjectReader, _ key: String, _ action: OperatorVerb, to others: [OperatorVerb]
    ) {
        guard let value = object[key], !others.contains(action) else { return }
        let words = others.map { "\"\($0.rawValue)\"" }.joined(separator: " and ")
        context.report(
            .keyNotHere, "\"\(key)\" belongs to \(words), not to \"\(action.rawValue)\"", at: value,
            value.nameRange)
    }
}

extension ScenarioReading {
    private func readExpectation(
        _ node: Node, _ known: ScenarioVocabulary?
    ) -> ScenarioStep.Expectation? {
        guard let object = ObjectReader(node, as: .expectation, in: context) else { return nil }
        let keys = Shape.expectation.keys
        if !object.hasUnknownKeys, !keys.contains(where: object.has), !context.isDamaged(node) {
            context.report(
                .missingKey, "\"expect\" needs one of \(keys.joined(separator: ", "))", at: node,
                node.headRange)
        }
        var expectation = ScenarioStep.Expectation()
        expectation.status = object.choice("status", SagaStatus.allCases)?.value
        if let state = object.text("state", as: "the name of a state") {
            check(state, known?.states, .unknownState, "state")
            expectation.state = state.value
        }
        expectation.outcome =
            object.choice("outcome", [Outcome.completed, .failed, .cancelled])?.value
        if let data = readObject(object, "data") {
            for member in data.namedMembers {
                check(member.name, known?.data, .unknownData, "field")
            }
            expectation.data = data.json
        }
        if object["incident"]?.kind == .null {
            expectation.incident = .some(nil)
        } else if let code = object.choice("incident", IncidentCode.allCases) {
            expectation.incident = .some(code.value)
        }
        expectation.held = object.wholeNumber("held", in: 0...1_000_000)?.value
        expectation.deadLetters = object.wholeNumber("deadLetters", in: 0...1_000_000)?.value
        if object.has("ledger") {
            let names = object.names("ledger", of: "commands")
            for name in names { check(name, known?.commands, .unknownCommand, "command") }
            expectation.ledger = names.map(\.value)
        }
        return expectation
    }

    private func readObject(_ object: ObjectReader, _ key: String) -> Node? {
        guard let node = object[key] else { return nil }
        guard node.kind == .object else {
            object.wrongType(key, "an object", node)
            return nil
        }
        return node
    }

    /// Says that a name is none of the workflow's.
    private func check(
        _ name: Located<String>, _ known: Set<String>?, _ rule: Rule, _ noun: String
    ) {
        guard let known else {
            DraftReader(context: context).checkName(
                name, of: noun == "event" ? "an event" : "a \(noun)")
            return
        }
        guard !known.contains(name.value) else { return }
        context.report(
            rule, "the workflow has no \(noun) \"\(name.value)\"", at: name,
            help: NameSuggestions(known.sorted()).help(for: name.value)
                ?? "name a \(noun) of the workflow")
    }
}
