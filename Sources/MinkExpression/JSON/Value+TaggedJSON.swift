// Values as JSON that keeps each type, one object for each value: `{"t": "int", "v": "7"}`.
//
// The form of the conformance data of expressions: whole and floating point numbers are texts,
// bytes are base64, a map is a list of pairs, moments are RFC 3339 and spans seconds with an `s`.

extension Value {
    /// The value as its type and its text.
    package var tagged: Value {
        switch self {
        case .null: ["t": "null"]
        case .bool(let flag): Self.tag("bool", .bool(flag))
        case .int(let number): Self.tag("int", .string(String(number)))
        case .uint(let number): Self.tag("uint", .string(String(number)))
        case .double(let number): Self.tag("double", .string(DoubleText.write(number)))
        case .decimal(let number): Self.tag("decimal", .string(number.description))
        case .string(let text): Self.tag("string", .string(text))
        case .bytes(let bytes): Self.tag("bytes", .string(Base64.encode(bytes)))
        case .timestamp(let moment): Self.tag("timestamp", .string(moment.description))
        case .duration(let span):
            Self.tag("duration", .string(DurationText.seconds(span) + "s"))
        case .type(let name): Self.tag("type", .string(name))
        case .list(let elements): Self.tag("list", .list(elements.map(\.tagged)))
        case .map(let map):
            Self.tag(
                "map",
                .list(map.entries.map { .list([$0.key.asValue.tagged, $0.value.tagged]) }))
        }
    }

    private static func tag(_ tag: String, _ value: Value) -> Value {
        ["t": .string(tag), "v": value]
    }

    /// The value that a tagged object stands for; `nil` when it is none.
    package init?(tagged node: JSONNode) {
        let payload = node["v"]
        let text = payload?.text
        let value: Value? =
            switch node["t"]?.text {
            case "null": .null
            case "bool": payload?.bool.map(Value.bool)
            case "int": text.flatMap { Int64($0) }.map(Value.int)
            case "uint": text.flatMap { UInt64($0) }.map(Value.uint)
            case "double": text.flatMap(DoubleText.parse).map(Value.double)
            case "decimal": text.flatMap { ExactDecimal($0) }.map(Value.decimal)
            case "string": text.map(Value.string)
            case "bytes": text.flatMap { Base64.decode($0) }.map(Value.bytes)
            case "timestamp": text.flatMap { Timestamp($0) }.map(Value.timestamp)
            case "duration": text.flatMap { DurationText.parseGo($0) }.map(Value.duration)
            case "type": text.map(Value.type)
            case "list": Self.list(payload)
            case "map": Self.map(payload)
            default: nil
            }
        guard let value else { return nil }
        self = value
    }

    private static func list(_ node: JSONNode?) -> Value? {
        guard let node, node.kind == .array else { return nil }
        var elements: [Value] = []
        for element in node.elements {
            guard let value = Value(tagged: element) else { return nil }
            elements.append(value)
        }
        return .list(elements)
    }

    private static func map(_ node: JSONNode?) -> Value? {
        guard let node, node.kind == .array else { return nil }
        var map = ValueMap()
        for pair in node.elements {
            let parts = Array(pair.elements)
            guard parts.count == 2, let key = Value(tagged: parts[0]).flatMap(ValueKey.init),
                let value = Value(tagged: parts[1])
            else { return nil }
            map[key] = value
        }
        return .map(map)
    }
}

extension ValueKey {
    fileprivate var asValue: Value {
        switch self {
        case .string(let text): .string(text)
        case .int(let number): .int(number)
        case .uint(let number): .uint(number)
        case .bool(let flag): .bool(flag)
        }
    }
}
