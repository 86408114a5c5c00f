// Values out of the tape of a JSON text.

extension JSONNode {
    /// The value, without a type to go by.
    ///
    /// A number is a whole one when it is written without point and exponent and fits 64 bits, else
    /// a floating point number. Of a repeated name the last value counts; what is missing is null.
    package var value: Value { value(numbers: .untyped) }

    /// The value, without a type to go by, as ``value`` says.
    package func value(numbers: JSONNumbers) -> Value {
        var index = index
        return tape.readValue(at: &index, numbers)
    }
}

extension JSONTape {
    /// Reads one value and moves behind it; calls itself as deep as the text is nested, which its
    /// limits bound.
    fileprivate func readValue(at index: inout Int, _ numbers: JSONNumbers) -> Value {
        let node = nodes[index]
        index += 1
        switch node.kind {
        case .missing, .null: return .null
        case .bool: return .bool(source[node.range.lowerBound] == UInt8(ascii: "t"))
        case .number: return JSONNumber(source[node.range]).value(numbers)
        case .string: return .string(node.text(in: source))
        case .array:
            var elements: [Value] = []
            while index < node.next { elements.append(readValue(at: &index, numbers)) }
            return .list(elements)
        case .object: return .map(readMembers(at: &index, before: Int(node.next), numbers))
        }
    }

    private func readMembers(
        at index: inout Int, before end: Int, _ numbers: JSONNumbers
    ) -> ValueMap {
        var entries: [ValueMap.Entry] = []
        while index + 1 < end {
            let name = nodes[index]
            index += 1
            let value = readValue(at: &index, numbers)
            if name.kind == .string {
                entries.append(.init(key: .string(name.text(in: source)), value: value))
            }
        }
        index = end
        guard hasDuplicates else { return ValueMap(unique: entries) }
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
