// Transitions: what happens on an event, after a time, or when parts have come together.
import MinkExpression

extension DraftReader {
    func readStart(_ object: ObjectReader) -> [StartDraft] {
        let handlers = declarations(object, "start", of: "events")
        if let node = object["start"], node.kind == .object, handlers.isEmpty,
            !context.isDamaged(node)
        {
            context.report(
                .missingKey, "\"start\" needs an event: which one begins the workflow?", at: node,
                node.headRange)
        }
        return handlers.map { name, value in
            var delivers = false
            var says = false
            let transitions = alternatives(value, for: "start").compactMap {
                node -> TransitionDraft? in
                guard let object = ObjectReader(node, as: .startTransition, in: context) else {
                    return nil
                }
                let existing = object.choice("onExisting", [OnExisting.deliver, .ignore])
                says = says || existing != nil
                delivers = delivers || existing?.value == .deliver
                if !["fail", "ignore"].contains(where: object.has) { object.require("goto") }
                return readStep(object)
            }
            checkOrder(transitions)
            return StartDraft(
                event: name, transitions: transitions, deliversToExisting: delivers,
                saysOnExisting: says)
        }
    }

    private enum OnExisting: String { case deliver, ignore }

    /// What happens with each event of an `on` block.
    func readHandlers(_ object: ObjectReader, _ key: String) -> [HandlerDraft] {
        declarations(object, key, of: "events and transitions").map { name, value in
            let transitions = alternatives(value, for: "\"\(name.value)\"").compactMap { node in
                readTransition(node, event: name)
            }
            checkOrder(transitions)
            return HandlerDraft(name: name, transitions: transitions)
        }
    }

    /// Alternatives that have no event: of `onJoin` and `then`.
    func readAlternatives(
        _ object: ObjectReader, _ key: String, for noun: String
    ) -> [TransitionDraft] {
        guard let node = object[key] else { return [] }
        let transitions = alternatives(node, for: noun).compactMap {
            readTransition($0, event: nil)
        }
        checkOrder(transitions)
        return transitions
    }

    private func alternatives(_ node: Node, for noun: @autoclosure () -> String) -> [Node] {
        guard node.kind == .array else { return [node] }
        let elements = node.elements
        if elements.isEmpty, !context.isDamaged(node) {
            context.report(
                .badValue, "\(noun()) needs at least one transition, found an empty list", at: node)
        }
        return elements
    }

    private func readTransition(_ node: Node, event: Located<String>?) -> TransitionDraft? {
        guard let object = ObjectReader(node, as: .transition, in: context) else { return nil }
        object.exclude("goto", "fail")
        object.exclude("when", "otherwise")
        checkIgnore(object)
        let transition = readStep(object)
        if !object.hasAny(of: Self.acts), !context.isDamaged(node) {
            let subject = event.map { "\"\($0.value)\" is accepted here" } ?? "this is reached"
            context.report(
                .emptyBlock,
                "\(subject) but nothing happens; write \"ignore\": true if that is meant", at: node,
                node.headRange)
        }
        return transition
    }

    /// What a transition can do.
    private static let acts = [
        "set", "compensation", "pointOfNoReturn", "fail", "emit", "goto", "ignore",
    ]

    private func checkIgnore(_ object: ObjectReader) {
        guard let ignore = object["ignore"] else { return }
        let allowed: Set<String> = [
            "ignore", "when", "otherwise", "description", "$comment", "allow",
        ]
        let other = object.node.members.first { !allowed.contains($0.name) && object.has($0.name) }
        guard let other, object.shape.keys.contains(other.name) else { return }
        context.report(
            .exclusiveKeys,
            "a transition that has \"ignore\" does nothing; it cannot have "
                + "\"\(other.name)\"", at: other.value, other.value.nameRange,
            related: [
                RelatedPlace(
                    "\"ignore\" stands here", at: context.span(ignore, ignore.nameRange))
            ])
    }

    private func readStep(_ object: ObjectReader) -> TransitionDraft {
        object.exclude("fail", "emit")
        return TransitionDraft(
            node: object.node, when: object.has("otherwise") ? nil : readCondition(object, "when"),
            isOtherwise: readMark(object, "otherwise"), set: readAssignments(object),
            compensation: readUses(object),
            pointOfNoReturn: object.flag("pointOfNoReturn") ?? false,
            fail: object.shape.keys.contains("fail") ? readFailure(object) : nil,
            emit: readEmissions(object), goto: object.text("goto", as: "one state name"),
            ignore: readMark(object, "ignore"))
    }

    /// A key whose only value is true.
    private func readMark(_ object: ObjectReader, _ key: String) -> Bool {
        guard let flag = object.flag(key) else { return false }
        if !flag, let node = object[key] {
            context.report(
                .badValue, "\"\(key)\" can only be true; leave it out otherwise", at: node)
        }
        return flag
    }

    /// What a timeout can do without "then".
    private static let timeoutActs = [
        "set", "compensation", "pointOfNoReturn", "emit", "goto", "fail",
    ]

    func readTimeout(_ node: Node) -> TimeoutDraft? {
        guard let object = ObjectReader(node, as: .timeout, in: context) else { return nil }
        object.exclude("after", "at")
        if !object.has("after"), !object.has("at") { object.require("after") }
        object.exclude("goto", "fail")
        var transitions: [TransitionDraft] = []
        if object.has("then") {
            if object.hasAny(of: Self.timeoutActs) {
                for key in Self.timeoutActs { object.exclude("then", key) }
            }
            transitions = readAlternatives(object, "then", for: "\"then\"")
        } else {
            if !object.hasAny(of: Self.timeoutActs), !context.isDamaged(node) {
                context.report(
                    .missingKey, "a timeout needs \"goto\", \"fail\" or \"then\": what follows?",
                    at: node, node.headRange)
            }
            transitions = [readStep(object)]
        }
        return TimeoutDraft(
            node: node, after: readSpan(object, "after"), at: readMoment(object, "at"),
            transitions: transitions)
    }

    func readReminder(_ node: Node) -> ReminderDraft? {
        guard let object = ObjectReader(node, as: .reminder, in: context) else { return nil }
        object.require("every", "emit")
        if object.has("then"), !object.has("atMost") {
            object.require("atMost", because: "\"then\" follows the last reminder")
        }
        return ReminderDraft(
            node: node, every: readSpan(object, "every"), emit: readEmissions(object),
            atMost: object.wholeNumber("atMost", in: 1...1_000_000)?.value,
            then: readAlternatives(object, "then", for: "\"then\""))
    }

    /// What stands behind an alternative that always holds is never taken.
    private func checkOrder(_ transitions: [TransitionDraft]) {
        guard let last = transitions.firstIndex(where: { $0.when == nil }) else { return }
        let always = transitions[last]
        for transition in transitions[(last + 1)...] {
            let line = context.place(always.node).line
            context.report(
                .neverTaken, "never reached: line \(line) already takes every case",
                at: transition.node,
                transition.node.headRange,
                help: transition.when == nil
                    ? "remove it" : "move it before line \(line), or remove it",
                related: [
                    RelatedPlace(
                        "this one always holds",
                        at: context.span(always.node, always.node.headRange))
                ])
        }
    }
}
