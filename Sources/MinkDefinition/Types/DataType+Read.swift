// From JSON to a typed value: decimals from the digits as written, moments and spans from text.
package import MinkExpression

extension DataType {
    /// Reads a JSON value as this type.
    ///
    /// Null fits where null stands for "no value"; as a member of an object it is left out then.
    package func read(_ node: JSONNode) -> Result<Value, TypeMismatch> {
        if node.kind == .null, isNullable { return .success(.null) }
        return readKind(node).flatMap { value in
            rules.objection(to: value).map { .failure(TypeMismatch($0)) } ?? .success(value)
        }
    }

    private func readKind(_ node: JSONNode) -> Result<Value, TypeMismatch> {
        switch kind {
        case .any:
            return .success(node.value)
        case .boolean:
            return found(node.bool.map(Value.bool), in: node)
        case .integer:
            return found(node.wholeNumber.map(Value.int), in: node)
        case .number:
            return found(node.finiteDouble.map(Value.double), in: node)
        case .decimal:
            let number = node.decimal ?? node.text.flatMap { ExactDecimal($0) }
            return found(number.map(Value.decimal), in: node)
        case .string:
            return found(node.text.map(Value.string), in: node)
        case .timestamp:
            return found(node.text.flatMap { Timestamp($0) }.map(Value.timestamp), in: node)
        case .duration:
            return found(node.text.flatMap { DurationText.parse($0) }.map(Value.duration), in: node)
        case .date:
            return found(node.text.flatMap { Self.isDate($0) ? .string($0) : nil }, in: node)
        case .list(let element):
            return readList(node, of: element)
        case .object(let fields):
            return readObject(node, fields)
        case .choice(let types, let isExclusive):
            return choose(among: types, isExclusive, found: node.inWords) { $0.read(node) }
        }
    }

    private func found(_ value: Value?, in node: JSONNode) -> Result<Value, TypeMismatch> {
        value.map(Result.success) ?? .failure(.expected(self, found: node.inWords))
    }

    private func readList(_ node: JSONNode, of element: DataType) -> Result<Value, TypeMismatch> {
        guard node.kind == .array else { return found(nil, in: node) }
        var values: [Value] = []
        for (index, item) in node.elements.enumerated() {
            switch element.read(item) {
            case .success(let value): values.append(value)
            case .failure(let mismatch): return .failure(mismatch.inside(element: index))
            }
        }
        return .success(.list(values))
    }

    private func readObject(
        _ node: JSONNode, _ fields: ObjectFields
    ) -> Result<Value, TypeMismatch> {
        guard node.kind == .object else { return found(nil, in: node) }
        var object = ValueMap()
        var others: [JSONNode.Member] = []
        for member in node.members {
            let name = member.name
            guard let field = fields[name] else {
                others.append(member)
                continue
            }
            if field.isOptional, member.value.kind == .null { continue }
            switch field.type.read(member.value) {
            case .success(let value): object[.string(name)] = value
            case .failure(let mismatch): return .failure(mismatch.inside(member: name))
            }
        }
        if let missing = fields.firstMissing(in: object) { return .failure(missing) }
        for member in others {
            switch fields.others.read(member.value) {
            case .success(let value?): object[.string(member.name)] = value
            case .success(nil): break
            case .failure(let mismatch): return .failure(mismatch.inside(member: member.name))
            }
        }
        return .success(.map(object))
    }

    /// The first type that fits, or the only one where exactly one may.
    func choose(
        among types: [DataType], _ isExclusive: Bool, found: String,
        _ attempt: (DataType) -> Result<Value, TypeMismatch>
    ) -> Result<Value, TypeMismatch> {
        var fitting: Value?
        for type in types {
            guard case .success(let value) = attempt(type) else { continue }
            if fitting != nil {
                return .failure(TypeMismatch("fits more than one of \(self)"))
            }
            fitting = value
            if !isExclusive { break }
        }
        return fitting.map(Result.success) ?? .failure(.expected(self, found: found))
    }

    /// Whether a text is a day that exists, as in `2026-03-29`.
    static func isDate(_ text: String) -> Bool {
        text.utf8.count == 10 && Timestamp(text + "T00:00:00Z") != nil
    }
}

extension ObjectFields {
    /// The first field that has to be there and is not.
    func firstMissing(in object: ValueMap) -> TypeMismatch? {
        let missing = fields.first { !$0.isOptional && object[.string($0.name)] == nil }
        return missing.map {
            TypeMismatch("expected \($0.type.phrase), found nothing", at: $0.name)
        }
    }
}

extension ObjectFields.Others {
    /// What to keep of a member that is not declared; `nil` drops it.
    func read(_ node: JSONNode) -> Result<Value?, TypeMismatch> {
        switch self {
        case .refused: .failure(TypeMismatch("is not a field here"))
        case .dropped: .success(nil)
        case .kept: .success(node.value)
        case .typed(let type): type.read(node).map(Optional.some)
        }
    }
}

extension JSONNode {
    /// The number as a whole one of 64 bits, also when it is written as `250.0`.
    fileprivate var wholeNumber: Int64? { int ?? decimal?.exactInt64 }

    fileprivate var finiteDouble: Double? {
        guard let token = numberToken, let number = Double(token), number.isFinite else {
            return nil
        }
        return number
    }

    /// The value as messages name it.
    fileprivate var inWords: String { numberToken.map { "the number \($0)" } ?? value.inWords }
}
