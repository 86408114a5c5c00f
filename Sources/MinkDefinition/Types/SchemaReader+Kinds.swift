// The kinds of values that a schema describes, and the rules that it adds.
import MinkExpression

extension SchemaReader.Walk {
    /// The kind by `type`, or by the keywords that speak of it.
    mutating func readKind(_ node: Node, _ parts: [String: Node]) -> DataType? {
        guard let type = parts["type"] else {
            if parts["properties"] != nil || parts["additionalProperties"] != nil {
                return readObject(parts)
            }
            if parts["items"] != nil { return readList(parts) }
            return kind(ofValues: parts["enum"]?.elements ?? parts["const"].map { [$0] })
        }
        if type.kind == .array { return readKinds(type, node, parts) }
        guard let word = type.text else {
            context.report(
                .wrongType, "\"type\" needs the name of a type, found \(type.inWords)", at: type)
            return nil
        }
        return readKind(word, type, parts)
    }

    /// A list of types: `["string", "null"]`.
    private mutating func readKinds(
        _ list: Node, _ node: Node, _ parts: [String: Node]
    ) -> DataType? {
        guard !list.elements.isEmpty else {
            context.report(
                .badValue, "\"type\" needs the name of a type, found an empty list", at: list)
            return nil
        }
        var isNullable = false
        var types: [DataType] = []
        for element in list.elements {
            guard let word = element.text else {
                context.report(
                    .wrongType, "\"type\" needs names of types, found \(element.inWords)",
                    at: element)
                return nil
            }
            if word == "null" {
                isNullable = true
            } else if let type = readKind(word, element, parts) {
                types.append(type)
            } else {
                return nil
            }
        }
        guard let first = types.first else { return .any }
        let kind: DataType.Kind = types.count == 1 ? first.kind : .choice(types, exclusive: false)
        return DataType(kind, isNullable: isNullable || first.isNullable)
    }

    private mutating func readKind(
        _ word: String, _ node: Node, _ parts: [String: Node]
    ) -> DataType? {
        switch word {
        case "object": return readObject(parts)
        case "array": return readList(parts)
        case "null": return DataType(.any, isNullable: true)
        case "string": return DataType(readFormat(parts))
        default:
            return read(node)
        }
    }

    private func readFormat(_ parts: [String: Node]) -> DataType.Kind {
        guard let format = parts["format"] else { return .string }
        guard let text = format.text else {
            context.report(
                .wrongType, "\"format\" needs a word, found \(format.inWords)", at: format)
            return .string
        }
        switch text {
        case "date-time": return .timestamp
        case "duration": return .duration
        case "date": return .date
        case "decimal": return .decimal
        default: return .string
        }
    }

    private mutating func readList(_ parts: [String: Node]) -> DataType? {
        guard let items = parts["items"] else { return DataType(.list(.any)) }
        return read(items).map { DataType(.list($0)) }
    }

    private mutating func readObject(_ parts: [String: Node]) -> DataType? {
        var fields: [ObjectFields.Field] = []
        var isWhole = true
        let required = readRequired(parts["required"])
        if let properties = parts["properties"], properties.kind == .object {
            for (name, value) in properties.namedMembers {
                guard let type = read(value) else {
                    isWhole = false
                    continue
                }
                let isPersonal =
                    value.member("personal")?.json.bool == true
                let isOptional =
                    !required.contains(name.value) || (type.isNullable && type.kind != .any)
                fields.append(
                    ObjectFields.Field(
                        name.value, type, isOptional: isOptional, isPersonal: isPersonal))
            }
        } else if let properties = parts["properties"] {
            context.report(
                .wrongType, "\"properties\" needs an object of types, found \(properties.inWords)",
                at: properties)
        }
        let declared = Set(fields.map(\.name))
        for name in required.subtracting(declared).sorted() where isWhole {
            fields.append(
                ObjectFields.Field(name, .any, isOptional: false, isPersonal: false))
        }
        guard let others = readOthers(parts["additionalProperties"]) else { return nil }
        return isWhole ? DataType(.object(ObjectFields(fields, others: others))) : nil
    }

    private func readRequired(_ node: Node?) -> Set<String> {
        guard let node else { return [] }
        guard node.kind == .array else {
            context.report(
                .wrongType, "\"required\" needs a list of names, found \(node.inWords)", at: node)
            return []
        }
        return Set(node.elements.compactMap(\.text))
    }

    private mutating func readOthers(_ node: Node?) -> ObjectFields.Others? {
        guard let node else { return .kept }
        switch node.json.value {
        case .bool(true) where node.kind == .bool: return .kept
        case .bool(false) where node.kind == .bool: return .refused
        default: return read(node).map(ObjectFields.Others.typed)
        }
    }

    /// The kind that the values of an enumeration have in common.
    private func kind(ofValues nodes: [Node]?) -> DataType {
        let kinds = Set((nodes ?? []).map(\.kind)).subtracting([.null])
        guard kinds.count == 1, let kind = kinds.first else { return .any }
        switch kind {
        case .string: return DataType(.string)
        case .bool: return DataType(.boolean)
        case .number:
            let isWhole = (nodes ?? []).allSatisfy { Int64($0.json.numberToken ?? "0") != nil }
            return DataType(isWhole ? .integer : .number)
        default: return .any
        }
    }

    /// What the schema asks beyond the kind.
    func readRules(_ parts: [String: Node], over type: DataType) -> TypeRules {
        var rules = type.rules
        if let values = parts["enum"] {
            if values.kind == .array {
                rules.allowed = values.elements.compactMap { readAllowed($0, type) }
            } else {
                context.report(
                    .wrongType, "\"enum\" needs a list of values, found \(values.inWords)",
                    at: values)
            }
        }
        if let value = parts["const"] { rules.allowed = readAllowed(value, type).map { [$0] } }
        rules.minimum = bound(parts["minimum"], isExclusive: false) ?? rules.minimum
        rules.maximum = bound(parts["maximum"], isExclusive: false) ?? rules.maximum
        rules.minimum = bound(parts["exclusiveMinimum"], isExclusive: true) ?? rules.minimum
        rules.maximum = bound(parts["exclusiveMaximum"], isExclusive: true) ?? rules.maximum
        rules.minCount = count(parts["minLength"]) ?? count(parts["minItems"]) ?? rules.minCount
        rules.maxCount = count(parts["maxLength"]) ?? count(parts["maxItems"]) ?? rules.maxCount
        if let node = parts["pattern"] { rules.pattern = pattern(node) }
        return rules
    }

    private func readAllowed(_ node: Node, _ type: DataType) -> Value? {
        if node.kind == .null { return nil }
        switch DataType(type.kind).read(node.json) {
        case .success(let value): return value
        case .failure(let mismatch):
            context.report(.badValue, "this value does not fit its type: \(mismatch)", at: node)
            return nil
        }
    }

    private func bound(_ node: Node?, isExclusive: Bool) -> TypeRules.Bound? {
        guard let node else { return nil }
        guard let number = node.json.numberToken.flatMap({ ExactDecimal($0) }) else {
            context.report(.wrongType, "a bound needs a number, found \(node.inWords)", at: node)
            return nil
        }
        return TypeRules.Bound(number: number, isExclusive: isExclusive)
    }

    private func count(_ node: Node?) -> Int? {
        guard let node else { return nil }
        guard let count = node.json.numberToken.flatMap({ Int($0) }), count >= 0 else {
            context.report(
                .wrongType, "a length needs a whole number from 0, found \(node.inWords)", at: node)
            return nil
        }
        return count
    }

    private func pattern(_ node: Node) -> TextPattern? {
        guard let text = node.text else {
            context.report(.wrongType, "\"pattern\" needs a text, found \(node.inWords)", at: node)
            return nil
        }
        guard let pattern = TextPattern(text) else {
            context.report(
                .badValue, "\"\(text)\" is no regular expression", at: node,
                help: "the syntax is that of RE2, without references back")
            return nil
        }
        return pattern
    }
}
