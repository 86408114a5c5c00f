// Whether a value of one type may stand where another is wanted, and what two types have in common.

/// What the parameters of a signature turned out to be.
struct TypeBindings {
    private var types: [Int: ExpressionType] = [:]

    /// Whether an argument fits; learns what the parameters are on the way.
    mutating func accept(_ wanted: ExpressionType, _ given: ExpressionType) -> Bool {
        switch (wanted, given) {
        case (.parameter(let index), _):
            return bind(index, given)
        case (.dynamic, _), (_, .dynamic), (.open, _), (_, .open):
            return true
        case (.optional, .null):
            return true
        case (.list(let wanted), .list(let given)), (.optional(let wanted), .optional(let given)):
            return accept(wanted, given)
        case (.map(let key, let value), .map(let givenKey, let givenValue)):
            return accept(key, givenKey) && accept(value, givenValue)
        case (.map(let key, let value), .object(let object)):
            return accept(key, .string) && accept(value, object.valueType)
        default:
            return wanted == given
        }
    }

    private mutating func bind(_ index: Int, _ given: ExpressionType) -> Bool {
        guard let known = types[index] else {
            types[index] = given
            return true
        }
        guard known.isComparable(with: given) else { return false }
        types[index] = known.joined(with: given)
        return true
    }

    /// The type with what was learned in place of the parameters.
    func resolve(_ type: ExpressionType) -> ExpressionType {
        switch type {
        case .parameter(let index): types[index] ?? .open
        case .list(let element): .list(resolve(element))
        case .map(let key, let value): .map(key: resolve(key), value: resolve(value))
        case .optional(let wrapped): .optional(resolve(wrapped))
        default: type
        }
    }
}

extension ObjectType {
    /// What all fields have in common.
    var valueType: ExpressionType {
        if isOpen { return .dynamic }
        return fields.reduce(.open) { $0.joined(with: $1.type) }
    }
}

extension ExpressionType {
    /// Whether a value of the other type may be kept where this one is declared.
    ///
    /// A whole number fits where a `double` or a `decimal` is wanted.
    package func accepts(_ given: ExpressionType) -> Bool {
        switch (self, given) {
        case (.double, .int), (.decimal, .int), (.decimal, .uint): return true
        case (.list(let wanted), .list(let element)): return wanted.accepts(element)
        case (.map, .object), (.object, .map), (.object, .object): return true
        default:
            var bindings = TypeBindings()
            return bindings.accept(self, given)
        }
    }

    /// The narrowest type that holds the values of both.
    func joined(with other: ExpressionType) -> ExpressionType {
        if self == other { return self }
        switch (self, other) {
        case (.open, _): return other
        case (_, .open): return self
        case (.null, .optional), (.null, .timestamp), (.null, .duration), (.null, .object):
            return other
        case (.optional, .null), (.timestamp, .null), (.duration, .null), (.object, .null):
            return self
        case (.list(let left), .list(let right)): return .list(left.joined(with: right))
        case (.optional(let left), .optional(let right)):
            return .optional(left.joined(with: right))
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            return .map(key: key.joined(with: otherKey), value: value.joined(with: otherValue))
        default: return .dynamic
        }
    }

    /// Whether `==` between the two can ever be meant: the same kind, both numbers, or null.
    func isComparable(with other: ExpressionType) -> Bool {
        switch (self, other) {
        case (.dynamic, _), (_, .dynamic), (.open, _), (_, .open): true
        case (.parameter, _), (_, .parameter): true
        case (.null, .timestamp), (.null, .duration), (.null, .object), (.null, .optional): true
        case (.timestamp, .null), (.duration, .null), (.object, .null), (.optional, .null): true
        case (.list(let left), .list(let right)): left.isComparable(with: right)
        case (.optional(let left), .optional(let right)): left.isComparable(with: right)
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            key.isComparable(with: otherKey) && value.isComparable(with: otherValue)
        case (.object, .object), (.object, .map), (.map, .object): true
        case (.int, .double), (.double, .int): true
        case (.decimal, .int), (.int, .decimal), (.decimal, .uint), (.uint, .decimal): true
        default: self == other
        }
    }
}
