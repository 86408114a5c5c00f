// Reads the stored form of values back.

extension Value {
    /// The value whose stored form this is.
    ///
    /// - Throws: ``JSONError`` when these bytes were not written by ``storedJSON``.
    package init(storedJSON bytes: [UInt8]) throws(JSONError) {
        let document = JSONDocument(reading: bytes, limits: .library)
        if let error = document.firstError { throw error }
        guard let root = document.root else { throw document.error("nothing is stored", at: 0) }
        self = try StoredReader(document: document).value(root)
    }
}

/// Reads values out of a document in the stored form; as deep as the limits of the document allow.
private struct StoredReader {
    let document: JSONDocument

    func value(_ node: JSONNode) throws(JSONError) -> Value {
        switch node.kind {
        case .array:
            var elements: [Value] = []
            for element in node.elements { elements.append(try value(element)) }
            return .list(elements)
        case .object: return try object(node)
        default: return node.value
        }
    }

    private func object(_ node: JSONNode) throws(JSONError) -> Value {
        var entries: [ValueMap.Entry] = []
        for member in node.members {
            entries.append(.init(key: .string(member.name), value: .null))
            if entries.count == 1, let tagged = try tagged(node, member) { return tagged }
            entries[entries.count - 1].value = try value(member.value)
        }
        return .map(ValueMap(unique: entries))
    }

    /// What an object with one member stands for, if the name of that begins with "$".
    private func tagged(
        _ object: JSONNode, _ member: JSONNode.Member
    ) throws(JSONError) -> Value? {
        let name = member.name
        guard name.utf8.first == UInt8(ascii: "$"), object.isSingle(member) else { return nil }
        if name.hasPrefix("$$") {
            let entry = ValueMap.Entry(
                key: .string(String(name.dropFirst())), value: try value(member.value))
            return .map(ValueMap(unique: [entry]))
        }
        let known: Value? =
            switch StoredTag(rawValue: name) {
            case .map: try map(member.value)
            case let tag?: scalar(tag, member.value)
            case nil: nil
            }
        guard let known else {
            throw document.error("this is no stored value", at: object.range.lowerBound)
        }
        return known
    }

    private func scalar(_ tag: StoredTag, _ node: JSONNode) -> Value? {
        if tag == .uint { return node.numberToken.flatMap { UInt64($0) }.map(Value.uint) }
        guard let text = node.text else { return nil }
        return switch tag {
        case .decimal: ExactDecimal(text).map(Value.decimal)
        case .double: double(text).map(Value.double)
        case .timestamp: Timestamp(text).map(Value.timestamp)
        case .duration: DurationText.parseSeconds(text).map(Value.duration)
        case .bytes: Base64.decode(text).map(Value.bytes)
        case .type: .type(text)
        case .uint, .map: nil
        }
    }

    private func double(_ text: String) -> Double? {
        guard text.hasPrefix("0x") else { return Double(text) }
        return UInt64(text.dropFirst(2), radix: 16).map(Double.init(bitPattern:))
    }

    private func map(_ node: JSONNode) throws(JSONError) -> Value? {
        guard node.kind == .array else { return nil }
        var map = ValueMap()
        for pair in node.elements {
            var values: [Value] = []
            for element in pair.elements { values.append(try value(element)) }
            guard values.count == 2, let key = ValueKey(values[0]), map[key] == nil else {
                return nil
            }
            map[key] = values[1]
        }
        return .map(map)
    }
}

extension JSONNode {
    /// Whether an object has no other member than this one.
    fileprivate func isSingle(_ member: Member) -> Bool {
        member.value.entry.next == entry.next
    }
}
