// Values out of the tape of a JSON text.

extension JSONNode {
    /// The value, without a type to go by.
    ///
    /// A number is a whole one when it is written without point and exponent and fits 64 bits, else
    /// a floating point number. Of a repeated name the last value counts; what is missing is null.
    package var value: Value { value(numbers: .untyped) }

    /// The value, without a type to go by, as ``value`` says.
    package func value(numbers: JSONNumbers) -> Value {
        var reader = JSONValueReader(tape: tape, index: index, numbers: numbers)
        return reader.readValue()
    }
}

/// Walks the tape and makes values.
///
/// It calls itself as deep as the text is nested, which the limits of the text bound.
struct JSONValueReader {
    let tape: JSONTape
    var index: Int
    var numbers = JSONNumbers.untyped
    /// Whether objects may be tags of the stored form.
    var isStored = false
    /// The first byte of what is no stored value, once there was one.
    var unreadable: Int?

    /// Reads one value and moves behind it.
    mutating func readValue() -> Value {
        let node = tape.nodes[index]
        index += 1
        switch node.kind {
        case .missing, .null: return .null
        case .bool: return .bool(tape.source[node.range.lowerBound] == UInt8(ascii: "t"))
        case .number: return JSONNumber(tape.source[node.range]).value(numbers)
        case .string: return .string(node.text(in: tape.source))
        case .array: return .list(readElements(before: Int(node.next)))
        case .object:
            if isStored, let tagged = readTagged(node) { return tagged }
            return .map(readMembers(before: Int(node.next)))
        }
    }

    mutating func readElements(before end: Int) -> [Value] {
        var elements: [Value] = []
        while index < end { elements.append(readValue()) }
        return elements
    }

    private mutating func readMembers(before end: Int) -> ValueMap {
        var entries: [ValueMap.Entry] = []
        while index + 1 < end {
            let name = tape.nodes[index]
            index += 1
            let value = readValue()
            if name.kind == .string {
                entries.append(.init(key: .string(name.text(in: tape.source)), value: value))
            }
        }
        index = end
        guard tape.hasDuplicates else { return ValueMap(unique: entries) }
        return entries.reduce(into: ValueMap()) { map, entry in map[entry.key] = entry.value }
    }
}

extension JSONNumber {
    func value(_ numbers: JSONNumbers) -> Value {
        if let int { return .int(int) }
        if numbers == .exact, let decimal { return .decimal(decimal) }
        return .double(double)
    }
}
