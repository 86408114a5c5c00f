// Reads types: short words, and JSON Schema 2020-12 with the keywords of the language.
import MinkExpression

/// Turns a node into a type, and says what is wrong with it.
struct SchemaReader {
    let context: ReadingContext

    /// A declared field, with the value that it starts with.
    struct Field {
        let type: DataType
        let isOptional: Bool
        let isPersonal: Bool
        let initial: Value?
    }

    /// The type of one field; `nil` with a finding when it is none.
    func readField(_ node: Node, named name: String) -> Field? {
        var walk = Walk(context: context, document: node)
        guard let type = walk.read(node) else { return nil }
        return field(node, type)
    }

    private func field(_ node: Node, _ type: DataType) -> Field {
        let isPersonal =
            node.member("personal")?.json.bool == true
        let isOptional = type.isNullable && type.kind != .any
        var initial: Value?
        if let value = node.member("default"),
            !(isOptional && value.kind == .null)
        {
            switch type.read(value.json) {
            case .success(let value): initial = value
            case .failure(let mismatch):
                context.report(.badValue, "\"default\" does not fit: \(mismatch)", at: value)
            }
        }
        return Field(
            type: type, isOptional: isOptional, isPersonal: isPersonal, initial: initial)
    }

    /// The payload of an event whose fields are listed; further members are dropped.
    func readFields(_ members: [(name: Located<String>, value: Node)]) -> DataType {
        let fields = members.compactMap { name, node -> ObjectFields.Field? in
            let reader = DraftReader(context: context)
            reader.checkName(name, of: "a field")
            guard let field = readField(node, named: name.value) else {
                return ObjectFields.Field(
                    name.value, .any, isOptional: false, isPersonal: false)
            }
            return ObjectFields.Field(
                name.value, field.type, isOptional: field.isOptional, isPersonal: field.isPersonal)
        }
        return DataType(.object(ObjectFields(fields, others: .dropped)))
    }

    /// The payload of an event with a schema; members that it does not name are dropped.
    func readEventSchema(_ node: Node) -> DataType? {
        var walk = Walk(context: context, document: node)
        guard let type = walk.read(node) else { return nil }
        switch type.kind {
        case .object(let fields):
            // A schema that names no field leaves everything open.
            guard case .kept = fields.others, !fields.fields.isEmpty else { return type }
            return DataType(.object(ObjectFields(fields.fields, others: .dropped)))
        case .choice(let types, _) where types.allSatisfy({ $0.fields != nil }):
            return type
        case .any:
            return .openObject
        default:
            context.report(
                .badValue, "the payload of an event is an object, not \(type.phrase)", at: node)
            return nil
        }
    }

    /// One walk through a schema, with a limit on what `$ref` may unfold.
    struct Walk {
        let context: ReadingContext
        /// The schema at whose root `#` begins.
        var document: Node
        private var unfolded = 0
        private var depth = 0
        private var isTooBig = false
        /// The references that the walk is inside of.
        private var open: Set<Node.ID> = []

        /// The most parts of one schema, with all that `$ref` brings in.
        static let mostParts = 10_000
        /// The most levels of types within each other.
        static let deepest = 32

        init(context: ReadingContext, document: Node) {
            self.context = context
            self.document = document
        }
    }
}

extension SchemaReader.Walk {
    /// The type of a node; `nil` with a finding when it is none.
    mutating func read(_ node: Node) -> DataType? {
        unfolded += 1
        depth += 1
        defer { depth -= 1 }
        guard isWithinLimit(node) else { return nil }
        switch node.kind {
        case .string:
            return readWord(node)
        case .object:
            return readSchema(node)
        case .bool where node.json.value == .bool(true):
            return .any
        case .missing:
            return nil
        default:
            context.report(
                .wrongType, "a type is a word or an object, found \(node.inWords)", at: node)
            return nil
        }
    }

    /// Says once when a type gets too large or too deep.
    private mutating func isWithinLimit(_ node: Node) -> Bool {
        guard unfolded > Self.mostParts || depth > Self.deepest else { return true }
        if !isTooBig {
            context.report(
                .tooBig,
                "this type has more than \(Self.mostParts) parts or \(Self.deepest) levels",
                at: node)
        }
        isTooBig = true
        return false
    }

    private func readWord(_ node: Node) -> DataType? {
        let text = node.text ?? ""
        if let short = ShortType(text) {
            return short.isOptional ? short.type.nullable() : short.type
        }
        let words = DataType.words.map(\.word)
        context.report(
            .badValue, "there is no type \"\(text)\"", at: node,
            help: NameSuggestions(words).nearest(to: text).map { "did you mean \"\($0)\"?" },
            note: "types are \(words.joined(separator: ", ")), with [] for a list and ? for "
                + "\"may be absent\"")
        return nil
    }

    private mutating func readSchema(_ node: Node) -> DataType? {
        var parts: [String: Node] = [:]
        for (name, value) in node.members where parts[name] == nil { parts[name] = value }
        context.shaped.append(node.id)
        checkKeywords(node, parts)
        guard checkMarks(parts) else { return nil }
        var type: DataType?
        if let reference = parts["$ref"] {
            type = follow(reference)
        } else if let choices = parts["oneOf"] ?? parts["anyOf"] {
            type = readChoice(choices, exclusive: parts["oneOf"] != nil)
        } else {
            type = readKind(node, parts)
        }
        guard let type else { return nil }
        return type.ruled(by: readRules(parts, over: type)).withNullAllowed(by: parts["enum"])
    }

    private static let keywords = [
        "type", "format", "properties", "required", "additionalProperties", "items", "enum",
        "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength",
        "maxLength", "minItems", "maxItems", "pattern", "default", "description", "$ref", "$defs",
        "oneOf", "anyOf", "personal",
    ]

    /// Words of JSON Schema that change nothing; files that others wrote are full of them.
    private static let remarks: Set<String> = [
        "$comment", "$schema", "$id", "title", "examples", "deprecated", "readOnly", "writeOnly",
    ]

    private func checkKeywords(_ node: Node, _ parts: [String: Node]) {
        let isOwn = node.source == 0
        for (name, value) in node.members where !Self.keywords.contains(name) {
            if name == "$comment" || (!isOwn && Self.remarks.contains(name)) { continue }
            if name == "allow", value.isExceptionList {
                context.readExceptions(value, around: node)
                continue
            }
            context.report(
                .unknownKey, "a type has no \"\(name)\"", at: value, value.nameRange,
                help: NameSuggestions(Self.keywords).nearest(to: name)
                    .map { "did you mean \"\($0)\"?" })
        }
    }

    private func checkMarks(_ parts: [String: Node]) -> Bool {
        if let personal = parts["personal"], personal.kind != .bool, personal.kind != .missing {
            context.report(
                .wrongType, "\"personal\" needs true or false, found \(personal.inWords)",
                at: personal)
        }
        if let text = parts["description"], text.kind != .string, text.kind != .missing {
            context.report(
                .wrongType, "\"description\" needs a text, found \(text.inWords)", at: text)
        }
        if let definitions = parts["$defs"], definitions.kind != .object {
            context.report(
                .wrongType, "\"$defs\" needs an object of types, found \(definitions.inWords)",
                at: definitions)
        }
        return true
    }

    private mutating func readChoice(_ node: Node, exclusive: Bool) -> DataType? {
        guard node.kind == .array, !node.elements.isEmpty else {
            context.report(
                .wrongType, "a choice needs a list of types, found \(node.inWords)", at: node)
            return nil
        }
        var isNullable = false
        var types: [DataType] = []
        for element in node.elements {
            if element.isNullType {
                isNullable = true
            } else if let type = read(element) {
                types.append(type)
            } else {
                return nil
            }
        }
        guard let first = types.first else { return DataType(.any, isNullable: true) }
        isNullable = isNullable || types.contains(where: \.isNullable)
        let kind: DataType.Kind =
            types.count == 1 ? first.kind : .choice(types, exclusive: exclusive)
        let rules = types.count == 1 ? first.rules : TypeRules()
        return DataType(kind, isNullable: isNullable, rules: rules)
    }

    private mutating func follow(_ node: Node) -> DataType? {
        guard let reference = node.text else {
            context.report(
                .wrongType, "\"$ref\" needs the name of a type, found \(node.inWords)", at: node)
            return nil
        }
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        var root = document
        if let file = parts.first, !file.isEmpty {
            guard let opened = context.open(String(file), from: node) else { return nil }
            root = opened
        }
        let pointer = parts.count > 1 ? String(parts[1]) : ""
        guard let target = root.target(ofPointer: pointer) else {
            context.report(
                .includeProblem, "there is no type \"\(reference)\"", at: node,
                help: root.suggestion(forPointer: pointer)
                    ?? "add the type there, or name another one")
            return nil
        }
        guard open.insert(target.id).inserted else {
            context.report(
                .includeProblem, "\"\(reference)\" contains itself; a type cannot be endless",
                at: node, help: "write \"object\" or \"any\" here")
            return nil
        }
        context.references[node.id] = target
        let outer = document
        document = root
        defer {
            document = outer
            open.remove(target.id)
        }
        return readOnce(target)
    }

    /// A type that several references may share; its parts count for each of them.
    private mutating func readOnce(_ target: Node) -> DataType? {
        if let known = context.knownTypes[target.id] {
            unfolded += known.parts
            return isWithinLimit(target) ? known.type : nil
        }
        let before = unfolded
        guard let type = read(target) else { return nil }
        context.knownTypes[target.id] = (type, unfolded - before)
        return type
    }
}

extension Node {
    /// Whether it is the schema `{"type": "null"}`.
    fileprivate var isNullType: Bool {
        members.contains { $0.name == "type" && $0.value.text == "null" }
    }

    /// The node that a JSON pointer leads to; `nil` when there is none.
    fileprivate func target(ofPointer pointer: String) -> Node? {
        guard pointer.isEmpty || pointer.hasPrefix("/") else { return nil }
        var node = self
        for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = step.replacing("~1", with: "/").replacing("~0", with: "~")
            guard let next = node.members.first(where: { $0.name == name }) else { return nil }
            node = next.value
        }
        return node
    }

    fileprivate func suggestion(forPointer pointer: String) -> String? {
        guard pointer.hasPrefix("/$defs/"),
            let definitions = members.first(where: { $0.name == "$defs" })?.value
        else { return nil }
        let name = String(pointer.dropFirst("/$defs/".count))
        return NameSuggestions(definitions.members.map(\.name)).nearest(to: name)
            .map { "did you mean \"#/$defs/\($0)\"?" }
    }
}

extension DataType {
    /// The type, with null as "no value" when an enumeration lists it.
    fileprivate func withNullAllowed(by enumeration: Node?) -> DataType {
        guard let enumeration, enumeration.elements.contains(where: { $0.kind == .null }) else {
            return self
        }
        return nullable()
    }
}
