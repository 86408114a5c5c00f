// What expressions see of a declared type.
package import MinkExpression

extension DataType {
    /// The type as the checker of expressions knows it.
    ///
    /// The name is what messages call an object of this type, as in `event PaymentReceived`.
    package func expressionType(named name: String) -> ExpressionType {
        switch kind {
        case .any: .dynamic
        case .boolean: .bool
        case .integer: .int
        case .number: .double
        case .decimal: .decimal
        case .string, .date: .string
        case .timestamp: .timestamp
        case .duration: .duration
        case .list(let element): .list(element.expressionType(named: "an element of \(name)"))
        case .object(let fields): Self.objectType(fields, named: name)
        case .choice(let types, _): Self.common(types, named: name)
        }
    }

    private static func objectType(_ fields: ObjectFields, named name: String) -> ExpressionType {
        switch fields.others {
        case .typed(let type) where fields.fields.isEmpty:
            return .map(key: .string, value: type.expressionType(named: "\(name)[…]"))
        case .kept where fields.fields.isEmpty:
            return .map(key: .string, value: .dynamic)
        default:
            return .object(fields.objectType(named: name))
        }
    }

    /// What the types of a choice have in common; of objects all fields, as optional ones where not
    /// all of them have it.
    private static func common(_ types: [DataType], named name: String) -> ExpressionType {
        let objects = types.compactMap(\.fields)
        guard objects.count == types.count, objects.contains(where: { !$0.fields.isEmpty }) else {
            let all = Set(types.map { $0.expressionType(named: name) })
            return all.count == 1 ? (all.first ?? .dynamic) : .dynamic
        }
        return .object(ObjectType.merged(objects.map { $0.objectType(named: name) }, named: name))
    }
}

extension ObjectFields {
    /// The object as expressions see it.
    package func objectType(named name: String) -> ObjectType {
        let isOpen =
            switch others {
            case .kept, .typed: true
            case .refused, .dropped: false
            }
        return ObjectType(
            name: name,
            fields: fields.map { field in
                ObjectType.Field(
                    name: field.name,
                    type: field.type.expressionType(named: "\(name).\(field.name)"),
                    isOptional: field.isOptional, values: field.type.rules.allowed?.texts,
                    bounds: field.type.rules.bounds, maxItems: field.type.rules.maxCount)
            }, isOpen: isOpen)
    }
}

extension ObjectType {
    /// One type for objects of several: fields that some lack are optional, and where their types
    /// differ nothing is known.
    static func merged(_ types: [ObjectType], named name: String) -> ObjectType {
        var order: [String] = []
        var found: [String: [Field]] = [:]
        for field in types.flatMap(\.fields) {
            if found[field.name] == nil { order.append(field.name) }
            found[field.name, default: []].append(field)
        }
        let fields = order.map { fieldName in
            let alike = found[fieldName] ?? []
            let kinds = Set(alike.map(\.type))
            return Field(
                name: fieldName, type: kinds.count == 1 ? kinds.first ?? .dynamic : .dynamic,
                isOptional: alike.count < types.count || alike.contains(where: \.isOptional))
        }
        return ObjectType(name: name, fields: fields, isOpen: types.contains(where: \.isOpen))
    }
}

extension TypeRules {
    /// The bounds of numbers; `nil` where there is none.
    fileprivate var bounds: NumberBounds? {
        guard minimum != nil || maximum != nil else { return nil }
        var bounds = NumberBounds(minimum: minimum?.number, maximum: maximum?.number)
        bounds.excludesMinimum = minimum?.isExclusive ?? false
        bounds.excludesMaximum = maximum?.isExclusive ?? false
        return bounds
    }
}

extension [Value] {
    /// The texts, when all values are texts.
    fileprivate var texts: [String]? {
        let texts = compactMap { value -> String? in
            guard case .string(let text) = value else { return nil }
            return text
        }
        return texts.count == count ? texts : nil
    }
}

extension DataType {
    /// Why a value of a computed type can never fit; `nil` when it can.
    func objection(to type: ExpressionType, isOptional: Bool) -> String? {
        if kind == .any || type.isDynamic { return nil }
        switch type {
        case .optional(let wrapped):
            if isOptional || isNullable { return objection(to: wrapped, isOptional: false) }
            return "expected \(phrase), found a value that may be absent"
        case .null:
            return isOptional || isNullable ? nil : "expected \(phrase), found null"
        default:
            return canHold(type) ? nil : "expected \(phrase), found \(type.phrase)"
        }
    }

    private func canHold(_ type: ExpressionType) -> Bool {
        if type.isDynamic { return true }
        switch (kind, type) {
        case (.any, _), (.boolean, .bool), (.string, .string), (.timestamp, .timestamp),
            (.duration, .duration), (.date, .string), (.date, .timestamp):
            return true
        case (.integer, .int), (.integer, .uint):
            return true
        case (.number, .double), (.number, .int), (.number, .uint):
            return true
        case (.decimal, .decimal), (.decimal, .int), (.decimal, .uint):
            return true
        case (.list(let wanted), .list(let given)):
            return wanted.objection(to: given, isOptional: false) == nil
        case (.object(let fields), .object(let object)):
            return fields.fields.allSatisfy { field in
                guard let given = object.field(field.name) else {
                    return field.isOptional || object.isOpen
                }
                return field.type.objection(to: given.type, isOptional: field.isOptional) == nil
            }
        case (.object, .map):
            return true
        case (.choice(let types, _), _):
            return types.contains { $0.objection(to: type, isOptional: false) == nil }
        default:
            return false
        }
    }
}

extension ExpressionType {
    /// The type with its article, as in `an integer`.
    var phrase: String {
        switch self {
        case .int, .object: "an \(self)"
        case .null: "null"
        case .dynamic, .open, .parameter: "a value"
        case .list: "a list"
        default: "a \(self)"
        }
    }
}
