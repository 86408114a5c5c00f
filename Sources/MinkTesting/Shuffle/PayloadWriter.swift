// Writes payloads of events by their declared types, for one saga.
//
// Numbers come from those that the file's conditions mention and their neighbours, so that both
// sides of a condition are met; everything else from small pools, so that values meet again.
package import MinkDefinition
package import MinkExpression

/// Writes payloads of the events of a workflow.
package struct PayloadWriter: Sendable {
    private let definition: Definition
    private let key: Value
    private let numbers: [Int64]

    /// A writer for the saga with a key; without one, a key of the declared type.
    package init(for definition: Definition, key: Value? = nil) {
        self.definition = definition
        self.key = key ?? definition.sampleKey
        numbers = definition.interestingNumbers
    }

    /// A payload that fits the type of an event, and names the saga.
    ///
    /// What a pattern asks of a text is not known; such an event may become a dead letter.
    package func payload(of event: String, _ draw: inout Draw) -> Value {
        guard let declared = definition.events[event] else { return .map(ValueMap()) }
        let payload = value(of: declared.type, depth: 0, &draw)
        let path = declared.correlate?.keyPath ?? [definition.correlateBy]
        return payload.replacing(memberAt: path[...], with: key)
    }

    /// The value of one field of an event; `nil` when it is left out.
    package func field(
        _ name: String, of event: String, _ draw: inout Draw
    ) -> Value? {
        guard let field = definition.events[event]?.type.fields?[name] else { return nil }
        if field.isOptional, draw.chance(40) { return nil }
        return value(of: field.type, depth: 1, &draw)
    }

    private func value(of type: DataType, depth: Int, _ draw: inout Draw) -> Value {
        if let allowed = type.rules.allowed, !allowed.isEmpty { return draw.pick(allowed) }
        switch type.kind {
        case .any: return draw.pick(["a", 1, true])
        case .boolean: return .bool(draw.chance(50))
        case .integer, .number, .decimal: return .int(number(within: type.rules, &draw))
        case .string: return .string(text(within: type.rules, &draw))
        case .timestamp: return draw.pick(["2026-01-05T00:00:00Z", "2026-03-01T12:00:00Z"])
        case .duration: return draw.pick(["10m", "2h", "3d"])
        case .date: return draw.pick(["2026-01-05", "2026-03-01"])
        case .list(let element): return list(of: element, type.rules, depth: depth, &draw)
        case .choice(let types, _):
            guard !types.isEmpty else { return .null }
            return value(of: draw.pick(types), depth: depth + 1, &draw)
        case .object(let fields): return object(fields, depth: depth, &draw)
        }
    }

    private func number(within rules: TypeRules, _ draw: inout Draw) -> Int64 {
        let fitting = numbers.filter { rules.allows(.int($0)) }
        if !fitting.isEmpty { return draw.pick(fitting) }
        return rules.boundaryNumber
    }

    private func text(within rules: TypeRules, _ draw: inout Draw) -> String {
        let text = draw.pick(["a", "b", "c"])
        let missing = max(0, min(rules.minCount ?? 0, 1_000) - 1)
        return text + String(repeating: "x", count: missing)
    }

    private func list(
        of element: DataType, _ rules: TypeRules, depth: Int, _ draw: inout Draw
    ) -> Value {
        let least = min(rules.minCount ?? 0, 100)
        let most = min(rules.maxCount ?? 3, max(least, 3))
        guard depth < 4 else { return .list([]) }
        var elements: [Value] = []
        for _ in 0..<(least + draw.below(most - least + 1)) {
            let drawn = value(of: element, depth: depth + 1, &draw)
            if !elements.contains(drawn) || elements.count < least { elements.append(drawn) }
        }
        return .list(elements)
    }

    private func object(_ fields: ObjectFields, depth: Int, _ draw: inout Draw) -> Value {
        var map = ValueMap()
        for field in fields.fields where !field.isOptional || draw.chance(60) {
            map[field.name] = value(of: field.type, depth: depth + 1, &draw)
        }
        return .map(map)
    }
}

extension Definition {
    /// A key of the type that events declare.
    fileprivate var sampleKey: Value {
        for event in start.keys.sorted() {
            guard let field = events[event]?.type.fields?[correlateBy] else { continue }
            if case .integer = field.type.kind { return 1 }
        }
        return "k1"
    }

    /// The numbers of all conditions with their neighbours, and some that are always good to try.
    fileprivate var interestingNumbers: [Int64] {
        var numbers: Set<Int64> = [0, 1, 2, 50, 100]
        for condition in conditions {
            for word in condition.expression.text.split(whereSeparator: { !$0.isNumber }) {
                guard let number = Int64(word), number < 1_000_000_000_000 else { continue }
                numbers.formUnion([max(0, number - 1), number, number + 1])
            }
        }
        return numbers.sorted()
    }

    private var conditions: [LocatedExpression] {
        var transitions = start.values.flatMap(\.transitions)
        transitions += anyState?.on.values.flatMap { $0 } ?? []
        transitions += states.flatMap(\.allTransitions)
        return transitions.compactMap(\.when).sorted { $0.place.pointer < $1.place.pointer }
    }
}

extension LocatedExpression {
    /// The members of the event that lead to the key, where the expression only follows a path.
    var keyPath: [String]? {
        guard let path = expression.references.first?.path, path.first == "event", path.count > 1
        else { return nil }
        return Array(path.dropFirst())
    }
}

extension Value {
    /// The object with one member of it, or of objects in it, replaced.
    package func replacing(memberAt path: ArraySlice<String>, with value: Value) -> Value {
        guard let name = path.first else { return value }
        var map = ValueMap()
        if case .map(let members) = self { map = members }
        map[name] = (map[name] ?? .map(ValueMap()))
            .replacing(memberAt: path.dropFirst(), with: value)
        return .map(map)
    }
}

extension TypeRules {
    /// A whole number that lies at a bound; 1 where there is none.
    var boundaryNumber: Int64 {
        minimum?.wholeNumber(inside: 1) ?? maximum?.wholeNumber(inside: -1) ?? 1
    }

    /// Whether a number lies within the bounds.
    fileprivate func allows(_ number: Value) -> Bool { objection(to: number) == nil }
}

extension TypeRules.Bound {
    /// The bound, or the next whole number inside it.
    fileprivate func wholeNumber(inside step: Int64) -> Int64? {
        Int64(number.description).flatMap { bound in
            guard isExclusive else { return bound }
            let (inside, overflow) = bound.addingReportingOverflow(step)
            return overflow ? nil : inside
        }
    }
}
