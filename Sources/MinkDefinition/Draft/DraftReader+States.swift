// States, and what they wait for.
import MinkExpression

extension DraftReader {
    func readStates(_ object: ObjectReader) -> [StateDraft] {
        let states = declarations(object, "states", of: "states")
        if let node = object["states"], states.isEmpty, node.kind == .object,
            !context.isDamaged(node)
        {
            context.report(
                .missingKey, "a workflow needs at least one state", at: node, node.headRange)
        }
        if states.count > Self.mostStates, let node = object["states"] {
            context.report(
                .tooBig, "\(states.count) states; at most \(Self.mostStates) are allowed", at: node,
                node.headRange)
        }
        return states.prefix(Self.mostStates).compactMap { name, value in
            checkName(name, of: "a state")
            return readState(name, value)
        }
    }

    /// The most states of one workflow.
    static let mostStates = 2_000

    private func readState(_ name: Located<String>, _ node: Node) -> StateDraft? {
        let isLost = node.kind == .object && context.isDamaged(node)
        let isFinal = node.hasMember("final")
        let shape = isFinal ? Shape.finalState(name.value) : .state
        guard let object = ObjectReader(node, as: shape, in: context) else { return nil }
        let isDamaged = isLost || object.hasUnknownKeys
        let description = object["description"]?.text
        let onEnter = readEntry(object, isFinal: isFinal)
        if isFinal {
            let outcome = object.choice("final", [Outcome.completed, .failed, .cancelled])?.value
            return StateDraft(
                name: name, description: description, onEnter: onEnter, outcome: outcome,
                isFinal: true, isDamaged: isDamaged)
        }
        object.exclude("waitFor", "forEach")
        let state = StateDraft(
            name: name, description: description, onEnter: onEnter,
            on: readHandlers(object, "on"), timeout: object["timeout"].flatMap(readTimeout),
            remind: object["remind"].flatMap(readReminder),
            waitFor: object["waitFor"].flatMap(readWaitFor),
            forEach: object["forEach"].flatMap(readForEach),
            onJoin: readAlternatives(object, "onJoin", for: "\"onJoin\""), isFinal: false,
            isDamaged: isDamaged)
        checkJoin(object)
        if state.description == nil, !state.isDamaged {
            context.report(
                .noDescription,
                "describe \"\(name.value)\" in one sentence for the people on call", at: name)
        }
        return state
    }

    private func checkJoin(_ object: ObjectReader) {
        let waits = object["waitFor"] ?? object["forEach"]
        if let join = object["onJoin"], waits == nil, !context.isDamaged(object.node) {
            context.report(
                .keyNotHere, "\"onJoin\" needs a \"waitFor\" or a \"forEach\" beside it", at: join,
                join.nameRange)
        }
        if let waits, !object.has("onJoin"), !context.isDamaged(object.node) {
            context.report(
                .missingKey, "a state that gathers needs \"onJoin\": what follows then?", at: waits,
                waits.nameRange)
        }
    }

    private func readEntry(_ object: ObjectReader, isFinal: Bool) -> EntryDraft {
        var entry = EntryDraft()
        guard let node = object["onEnter"],
            let object = ObjectReader(node, as: isFinal ? .finalEntry : .entry, in: context)
        else { return entry }
        entry.emit = readEmissions(object)
        guard !isFinal else { return entry }
        entry.set = readAssignments(object)
        entry.compensation = readUses(object)
        return entry
    }

    func readAnyState(_ node: Node) -> AnyStateDraft? {
        guard let object = ObjectReader(node, as: .anyState, in: context) else { return nil }
        object.require("on")
        return AnyStateDraft(
            node: node, on: readHandlers(object, "on"),
            except: object.names("except", of: "states"))
    }

    private func readWaitFor(_ node: Node) -> WaitForDraft? {
        guard let object = ObjectReader(node, as: .waitFor, in: context) else { return nil }
        object.require("events")
        let parts = readParts(object, "events")
        if let events = object["events"], events.kind == .object, parts.isEmpty,
            !context.isDamaged(events)
        {
            context.report(
                .missingKey, "\"waitFor\" needs at least one event", at: events, events.headRange)
        }
        return WaitForDraft(
            node: node, parts: parts, need: readNeed(object), others: readOthers(object))
    }

    private func readForEach(_ node: Node) -> ForEachDraft? {
        guard let object = ObjectReader(node, as: .forEach, in: context) else { return nil }
        object.require("in", "as", "key", "done")
        let name = object.text("as", as: "a name")
        if let name, !Self.isVariable(name.value) {
            context.report(
                .badName,
                "\"\(name.value)\" cannot name an item; take letters and digits that mean nothing "
                    + "else here, such as \"line\"", at: name)
        }
        let whenImpossible = object.choice(
            "whenImpossible", [WhenImpossible.now, .waitForTheRest])
        return ForEachDraft(
            node: node, items: readValueExpression(object, "in"), name: name,
            key: readValueExpression(object, "key"),
            matchEvent: readValueExpression(object, "matchEvent"),
            maxConcurrent: object.wholeNumber("maxConcurrent", in: 1...1_000_000)?.value,
            emit: readEmissions(object), done: readParts(object, "done"),
            failed: readParts(object, "failed"), need: readNeed(object),
            whenImpossible: whenImpossible?.value ?? .waitForTheRest, others: readOthers(object))
    }

    private func readParts(_ object: ObjectReader, _ key: String) -> [PartDraft] {
        declarations(object, key, of: "events").compactMap { name, value in
            guard let object = ObjectReader(value, as: .part, in: context) else { return nil }
            return PartDraft(
                event: name, when: readCondition(object, "when"), set: readAssignments(object),
                compensation: readUses(object))
        }
    }

    private func readOthers(_ object: ObjectReader) -> Others {
        object.choice("others", [Others.undo, .keep])?.value ?? .undo
    }

    private func readNeed(_ object: ObjectReader) -> NeedDraft {
        guard let node = object["need"] else { return .all }
        switch node.kind {
        case .number:
            guard object.wholeNumber("need", in: 0...1_000_000) != nil else { return .all }
            return .count(.literal(node))
        case .string where node.text == "all":
            return .all
        case .string where node.text == "any":
            return .any
        case .string:
            if let expression = ExpressionDraft(value: node) {
                return .count(.expression(expression))
            }
            context.report(
                .badValue,
                "\"need\" is \"all\", \"any\", a number or an expression, not \(node.inWords)",
                at: node)
        default:
            object.wrongType("need", "\"all\", \"any\", a number or an expression", node)
        }
        return .all
    }
}
