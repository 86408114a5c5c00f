// Values inside `Codable` types. The engine's own coder takes them whole; any other coder writes
// them as JSON would: decimals, timestamps and durations as text.

extension Value: Codable {
    /// Reads whatever the decoder holds; numbers that are not whole become floating point numbers.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .int(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .uint(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([Value].self) {
            self = .list(value)
        } else {
            self = .map(try container.decode(ValueMap.self))
        }
    }

    /// Writes the value as JSON would.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .uint(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .decimal(let value): try container.encode(value)
        case .string(let value), .type(let value): try container.encode(value)
        case .bytes(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .map(let value): try container.encode(value)
        case .timestamp(let value): try container.encode(value)
        case .duration(let value): try container.encode(DurationText.format(value))
        }
    }
}

extension ValueMap: Codable {
    /// Reads an object, in the order in which the decoder lists its members.
    public init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.container(keyedBy: MemberName.self)
        for key in container.allKeys {
            self[key.stringValue] = try container.decode(Value.self, forKey: key)
        }
    }

    /// Writes an object; keys that are no texts are written as text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: MemberName.self)
        for entry in entries {
            try container.encode(entry.value, forKey: MemberName(entry.key))
        }
    }

    private struct MemberName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }

        init(_ key: ValueKey) {
            stringValue =
                switch key {
                case .string(let text): text
                case .int(let number): String(number)
                case .uint(let number): String(number)
                case .bool(let flag): String(flag)
                }
        }
    }
}

extension ExactDecimal: Codable {
    /// Reads the text of a number, or a whole number.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int64.self) {
            self.init(number)
        } else if let number = ExactDecimal(try container.decode(String.self)) {
            self = number
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "the text is no decimal number")
        }
    }

    /// Writes the number as text, so that no floating point number comes between.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Timestamp: Codable {
    /// Reads the text of a moment as RFC 3339 writes it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let timestamp = Timestamp(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "the text is no timestamp like 2026-01-31T09:30:00Z")
        }
        self = timestamp
    }

    /// Writes the moment as RFC 3339 does.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
