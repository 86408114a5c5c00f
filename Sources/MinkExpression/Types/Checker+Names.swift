// Names, fields and indexes: what a path leads to.
extension Checker {
    mutating func checkName(
        _ node: SyntaxNode, _ name: Name, isRooted: Bool
    ) -> ExpressionType {
        if !isRooted, let depth = locals.lastIndex(where: { $0.name == name.text }) {
            resolutions[node.id] = .local(depth)
            return locals[depth].type
        }
        if let type = environment.variables[name.text] {
            resolve(node, variable: name.text)
            return type
        }
        if let reason = environment.unavailable[name.text] {
            report(.outOfScope, name.range, reason)
            return .dynamic
        }
        if name.text == "none" {
            resolutions[node.id] = .nothing
            return .optional(.open)
        }
        if let typeName = TypeNames.known[name.text] {
            resolutions[node.id] = .typeName(typeName)
            return .type
        }
        let known = environment.variables.keys.sorted()
        report(
            .unknownField, name.range, "there is no variable \"\(name.text)\" here",
            help: Suggestion.question(for: name.text, among: known),
            note: known.isEmpty ? nil : "known here: \(known.joined(separator: ", "))")
        return .dynamic
    }

    private mutating func resolve(_ node: SyntaxNode, variable name: String) {
        guard let slot = environment.layout.slot(name) else {
            preconditionFailure("every variable of an environment has a slot in its layout")
        }
        resolutions[node.id] = .variable(slot: slot)
    }

    mutating func checkSelect(
        _ node: SyntaxNode, _ operand: SyntaxNode, _ field: Name, isOptional: Bool
    ) -> ExpressionType {
        if !isOptional, let type = dottedName(node) { return type }
        let owner = check(operand, isInPath: true)
        let type = fieldType(field, of: owner, isOptional: isOptional)
        return isOptional ? type.madeOptional : type
    }

    /// A variable or type whose name is written with points.
    private mutating func dottedName(_ node: SyntaxNode) -> ExpressionType? {
        guard let path = node.staticPath, let root = path.names.first else { return nil }
        if !path.isRooted, locals.contains(where: { $0.name == root }) { return nil }
        let name = path.names.joined(separator: ".")
        if hasDottedNames, let type = environment.variables[name] {
            resolve(node, variable: name)
            return type
        }
        if root == "google", let typeName = TypeNames.known[name] {
            resolutions[node.id] = .typeName(typeName)
            return .type
        }
        return nil
    }

    /// The type of a field, in which an absent owner makes the field absent too.
    mutating func fieldType(
        _ field: Name, of owner: ExpressionType, isOptional: Bool
    ) -> ExpressionType {
        switch owner {
        case .dynamic, .open, .parameter:
            return .dynamic
        case .object(let object):
            if let known = object.field(field.text) { return known.type }
            if !object.isOpen { reportUnknown(field, of: object) }
            return .dynamic
        case .map(let key, let value):
            if isKnown(key, otherThan: .string) {
                report(
                    .unknownField, field.range,
                    "the keys of this map are of type \(key), so it has no field "
                        + "\"\(field.text)\"")
            }
            return value
        case .optional(let wrapped):
            return fieldType(field, of: wrapped, isOptional: isOptional).madeOptional
        default:
            report(
                .unknownField, field.range,
                "a value of type \(owner) has no field \"\(field.text)\"")
            return .dynamic
        }
    }

    private mutating func reportUnknown(_ field: Name, of object: ObjectType) {
        let shortName = object.name.split(separator: " ").last.map(String.init) ?? object.name
        report(
            .unknownField, field.range, "\(object.name) has no field \"\(field.text)\"",
            help: Suggestion.question(for: field.text, among: object.fields.map(\.name))
                ?? "use one of its fields",
            note: "\(shortName) is \(object)")
    }

    mutating func checkHas(_ operand: SyntaxNode, _ field: Name) -> ExpressionType {
        let owner = check(operand, isInPath: true)
        _ = fieldType(field, of: owner, isOptional: true)
        return .bool
    }

    mutating func checkIndex(
        _ operand: SyntaxNode, _ index: SyntaxNode, isOptional: Bool
    ) -> ExpressionType {
        let owner = check(operand)
        let key = check(index)
        let type = elementType(of: owner, operand, key, index)
        return isOptional ? type.madeOptional : type
    }

    private mutating func elementType(
        of owner: ExpressionType, _ operand: SyntaxNode, _ key: ExpressionType,
        _ index: SyntaxNode
    ) -> ExpressionType {
        switch owner {
        case .dynamic, .open, .parameter:
            return .dynamic
        case .list(let element):
            if isKnown(key, otherThan: .int) {
                report(
                    .typeMismatch, index.range,
                    "the index of a list is an integer, not \(describe(index))",
                    help: nextStep(from: index, to: .int))
            }
            return element
        case .map(let wanted, let value):
            if !wanted.isComparable(with: key), !(wanted.isNumeric && key.isNumeric) {
                report(
                    .typeMismatch, index.range,
                    "the keys of this map are of type \(wanted), not \(describe(index))",
                    help: nextStep(from: index, to: wanted))
            }
            return value
        case .object(let object):
            if case .literal(.string(let name)) = index.kind {
                return fieldType(Name(text: name, range: index.range), of: owner, isOptional: false)
            }
            return object.valueType
        case .optional(let wrapped):
            return elementType(of: wrapped, operand, key, index).madeOptional
        default:
            report(
                .typeMismatch, operand.range,
                "a value of type \(owner) has no elements; lists and maps have",
                help: "leave the brackets out")
            return .dynamic
        }
    }
}

// MARK: - References

extension Checker {
    /// Notes the use of a variable, with its fields as far as they are written out.
    ///
    /// `a.b.?c` uses `a.b`, which must be there, and asks for `a.b.c`.
    mutating func addReferences(of node: SyntaxNode) {
        guard isVariable(node) else { return }
        switch node.kind {
        case .name(let name, _):
            addReference([name.text], node.range, isInHas: false)
        case .has(let operand, let field):
            guard let path = operand.staticPath else { return }
            addReference(path.names + [field.text], node.range, isInHas: true)
            addOwner(operand)
        case .select(let operand, _, let isOptional):
            guard let path = node.staticPath else { return }
            addReference(path.names, node.range, isInHas: path.hasOptional)
            if isOptional {
                addOwner(operand)
            } else if path.hasOptional {
                addReferences(of: operand)
            }
        default:
            break
        }
    }

    /// Notes what a test is asked of; a variable alone is part of the test already.
    private mutating func addOwner(_ operand: SyntaxNode) {
        if case .select = operand.kind { addReferences(of: operand) }
    }

    private mutating func addReference(_ path: [String], _ range: Range<Int>, isInHas: Bool) {
        references.append(ExpressionReference(path: path, range: range, isInHas: isInHas))
    }

    /// Whether the path begins with a variable, not with the name of a loop.
    private func isVariable(_ node: SyntaxNode) -> Bool {
        var node = node
        while true {
            if case .variable = resolutions[node.id] { return true }
            switch node.kind {
            case .select(let operand, _, _), .has(let operand, _): node = operand
            default: return false
            }
        }
    }
}

extension SyntaxNode {
    /// The names of a path that is written out, such as `data.address.city`.
    var staticPath: (names: [String], isRooted: Bool, hasOptional: Bool)? {
        switch kind {
        case .name(let name, let isRooted):
            return ([name.text], isRooted, false)
        case .select(let operand, let field, let isOptional):
            guard let path = operand.staticPath else { return nil }
            return (path.names + [field.text], path.isRooted, path.hasOptional || isOptional)
        default:
            return nil
        }
    }
}

extension ExpressionType {
    /// The type as that of a value that may be absent; never absent twice.
    var madeOptional: ExpressionType { isOptional ? self : .optional(self) }
}

/// The names of types, which are values too.
enum TypeNames {
    static let known: [String: StaticString] = [
        "bool": "bool", "int": "int", "uint": "uint", "double": "double", "decimal": "decimal",
        "string": "string", "bytes": "bytes", "list": "list", "map": "map", "type": "type",
        "null_type": "null_type", "optional_type": "optional_type",
        "google.protobuf.Timestamp": "google.protobuf.Timestamp",
        "google.protobuf.Duration": "google.protobuf.Duration",
    ]
}
