// Reads the stored form of values back.

extension Value {
    /// The value whose stored form this is.
    ///
    /// - Parameter bytes: What ``storedJSON`` wrote.
    /// - Throws: ``JSONError`` when these bytes are anything else.
    package init(storedJSON bytes: [UInt8]) throws(JSONError) {
        let document = JSONDocument(reading: bytes, limits: .library)
        if let error = document.firstError { throw error }
        guard document.root != nil else { throw document.error("nothing is stored", at: 0) }
        var reader = JSONValueReader(tape: document.tape, index: 0, isStored: true)
        self = reader.readValue()
        if let byte = reader.unreadable {
            throw document.error("this is no stored value", at: byte)
        }
    }
}

extension JSONValueReader {
    /// What an object stands for that has one member whose name begins with "$"; `nil` for any
    /// other object, of which nothing was read.
    mutating func readTagged(_ object: JSONTapeNode) -> Value? {
        guard index + 1 < Int(object.next) else { return nil }
        let (name, content) = (tape.nodes[index], tape.nodes[index + 1])
        guard content.next == object.next, name.begins(with: "$", in: tape.source) else {
            return nil
        }
        let tag = name.text(in: tape.source)
        index += 1
        if tag.hasPrefix("$$") {
            let entry = ValueMap.Entry(key: .string(String(tag.dropFirst())), value: readValue())
            return .map(ValueMap(unique: [entry]))
        }
        if let value = readContent(of: StoredTag(rawValue: tag), content) { return value }
        unreadable = unreadable ?? object.range.lowerBound
        index = Int(object.next)
        return .null
    }

    /// The value that a tag and what stands behind it make; `nil` when they make none.
    private mutating func readContent(of tag: StoredTag?, _ content: JSONTapeNode) -> Value? {
        if tag == .map {
            index += 1
            return content.kind == .array ? readEntries(before: Int(content.next)) : nil
        }
        guard let tag, content.kind == (tag == .uint ? .number : .string) else { return nil }
        index += 1
        let text = content.kind == .string ? content.text(in: tape.source) : ""
        return switch tag {
        case .uint:
            UInt64(String(decoding: tape.source[content.range], as: UTF8.self)).map(Value.uint)
        case .decimal: ExactDecimal(text).map(Value.decimal)
        case .double: Self.double(text).map(Value.double)
        case .timestamp: Timestamp(text).map(Value.timestamp)
        case .duration: DurationText.parseSeconds(text).map(Value.duration)
        case .bytes: Base64.decode(text).map(Value.bytes)
        case .type: .type(text)
        case .map: nil
        }
    }

    private static func double(_ text: String) -> Double? {
        guard text.hasPrefix("0x") else { return Double(text) }
        return UInt64(text.dropFirst(2), radix: 16).map(Double.init(bitPattern:))
    }

    /// The pairs of a map whose keys are not all texts.
    private mutating func readEntries(before end: Int) -> Value? {
        var map = ValueMap()
        while index < end {
            let pair = tape.nodes[index]
            index += 1
            let values = pair.kind == .array ? readElements(before: Int(pair.next)) : []
            guard values.count == 2, let key = ValueKey(values[0]), map[key] == nil else {
                return nil
            }
            map[key] = values[1]
        }
        return .map(map)
    }
}

extension JSONTapeNode {
    /// Whether a text begins with an ASCII character.
    fileprivate func begins(with character: Unicode.Scalar, in source: [UInt8]) -> Bool {
        guard kind == .string, !content.isEmpty else { return false }
        return isVerbatim
            ? source[content.lowerBound] == UInt8(ascii: character)
            : text(in: source).utf8.first == UInt8(ascii: character)
    }
}
