// Whether a type takes every value that another one has: what may change between two versions without
// anybody noticing.
import MinkExpression

extension DataType {
    /// Whether each value of another type fits this one.
    ///
    /// - Parameter other: The type of the values at hand.
    /// - Returns: `false` also where only some values would not fit.
    func takesAll(of other: DataType) -> Bool {
        if case .any = kind { return true }
        if other.isNullable, !isNullable { return false }
        if case .choice(let types, _) = other.kind {
            return types.allSatisfy { takesAll(of: $0) }
        }
        if case .choice(let types, _) = kind {
            return types.contains { $0.takesAll(of: other) } && rules.takesAll(of: other.rules)
        }
        return takesKind(of: other) && rules.takesAll(of: other.rules)
    }

    private func takesKind(of other: DataType) -> Bool {
        switch (kind, other.kind) {
        case (.boolean, .boolean), (.integer, .integer), (.number, .number), (.decimal, .decimal),
            (.string, .string), (.timestamp, .timestamp), (.duration, .duration), (.date, .date),
            (.number, .integer), (.decimal, .integer), (.string, .date):
            true
        case (.list(let element), .list(let others)):
            element.takesAll(of: others)
        case (.object(let fields), .object(let others)):
            fields.takeAll(of: others)
        default:
            false
        }
    }
}

extension ObjectFields {
    fileprivate func takeAll(of other: ObjectFields) -> Bool {
        let fit = fields.allSatisfy { field in
            guard let known = other[field.name] else { return field.isOptional }
            return (field.isOptional || !known.isOptional) && field.type.takesAll(of: known.type)
        }
        guard fit else { return false }
        let further = other.fields.filter { self[$0.name] == nil }
        switch others {
        case .dropped, .kept: return true
        case .refused:
            if case .refused = other.others { return further.isEmpty }
            return false
        case .typed(let type):
            guard further.allSatisfy({ type.takesAll(of: $0.type) }) else { return false }
            if case .typed(let known) = other.others { return type.takesAll(of: known) }
            if case .refused = other.others { return true }
            return false
        }
    }
}

extension TypeRules {
    /// Whether what keeps other rules keeps these too.
    fileprivate func takesAll(of other: TypeRules) -> Bool {
        if let allowed {
            guard let known = other.allowed else { return false }
            return known.allSatisfy { value in allowed.contains { $0.means(value) } }
        }
        // What is listed is known value by value.
        if let known = other.allowed { return known.allSatisfy { objection(to: $0) == nil } }
        return bound(minimum, holds: other.minimum, .less)
            && bound(maximum, holds: other.maximum, .greater)
            && (minCount ?? 0) <= (other.minCount ?? 0)
            && (maxCount ?? .max) >= (other.maxCount ?? .max)
            && (pattern == nil || pattern == other.pattern)
    }

    /// Whether a bound is no nearer than another one; `outward` is the side on which it may lie.
    private func bound(_ own: Bound?, holds other: Bound?, _ outward: Order) -> Bool {
        guard let own else { return true }
        guard let other else { return false }
        let order = own.number.compare(to: other.number)
        return order == outward || (order == .equal && (!own.isExclusive || other.isExclusive))
    }
}
