// The containers that decodable types read from.

/// Hands out the containers of one value.
struct SourceDecoder: Decoder, SingleValueDecodingContainer {
    let source: ValueSource
    let depth: Int

    private var value: Value { source.value(at: depth) }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(KeyedSource(source: source, map: try value.map()))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        ListSource(source: source, list: try value.list())
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { value == .null }
    func decode(_ type: Bool.Type) throws -> Bool { try value.bool() }
    func decode(_ type: String.Type) throws -> String { try value.text() }
    func decode(_ type: Double.Type) throws -> Double { try value.double() }
    func decode(_ type: Float.Type) throws -> Float { Float(try value.double()) }
    func decode(_ type: Int.Type) throws -> Int { try value.integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try value.integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try value.integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try value.integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try value.integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try value.integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try value.integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try value.integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try value.integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try value.integer(type) }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        try source.decode(type, from: value)
    }
}

/// Reads the members of an object.
struct KeyedSource<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let source: ValueSource
    let map: ValueMap

    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] {
        map.entries.compactMap { entry in
            guard case .string(let name) = entry.key else { return nil }
            return Key(stringValue: name)
        }
    }

    func contains(_ key: Key) -> Bool { map[key.stringValue] != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try value(key) == .null }

    private func value(_ key: Key) throws(ValueCodingError) -> Value {
        guard let value = map[key.stringValue] else {
            throw ValueCodingError("\"\(key.stringValue)\" is missing")
        }
        return value
    }

    /// Reads a member; an error inside gets the member's name.
    private func read<T>(_ key: Key, _ convert: (Value) throws -> T) throws -> T {
        let value = try value(key)
        do {
            return try convert(value)
        } catch {
            throw ValueCodingError(error).inside(.name(key.stringValue))
        }
    }

    private func integer<T: FixedWidthInteger>(_ key: Key, _ type: T.Type) throws -> T {
        try read(key) { try $0.integer(type) }
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        try read(key) { try $0.bool() }
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try read(key) { try $0.text() }
    }

    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        try read(key) { try $0.double() }
    }

    func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
        Float(try decode(Double.self, forKey: key))
    }

    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try integer(key, type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try integer(key, type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try integer(key, type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try integer(key, type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try integer(key, type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try integer(key, type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try integer(key, type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try integer(key, type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try integer(key, type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try integer(key, type) }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        let value = try value(key)
        do {
            return try source.decode(type, from: value)
        } catch {
            throw ValueCodingError(error).inside(.name(key.stringValue))
        }
    }

    /// A `Value` that is null is there; to every other type null means absence.
    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        guard let value = map[key.stringValue] else { return nil }
        if value == .null, T.self != Value.self { return nil }
        return try decode(type, forKey: key)
    }

    func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Inner> {
        let map = try read(key) { try $0.map() }
        return KeyedDecodingContainer(KeyedSource<Inner>(source: source, map: map))
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        ListSource(source: source, list: try read(key) { try $0.list() })
    }

    func superDecoder() throws -> any Decoder {
        SourceDecoder(source: source, depth: source.push(map["super"] ?? .null))
    }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        SourceDecoder(source: source, depth: source.push(try value(key)))
    }
}

/// Reads the elements of a list.
struct ListSource: UnkeyedDecodingContainer {
    let source: ValueSource
    let list: [Value]
    private(set) var currentIndex = 0

    init(source: ValueSource, list: [Value]) {
        self.source = source
        self.list = list
    }

    var codingPath: [any CodingKey] { [] }
    var count: Int? { list.count }
    var isAtEnd: Bool { currentIndex == list.count }

    /// Reads an element, and goes on behind it if that succeeds.
    private mutating func read<T>(_ convert: (Value) throws -> T) throws -> T {
        guard !isAtEnd else {
            throw ValueCodingError("the list has only \(list.count) elements")
        }
        do {
            let element = try convert(list[currentIndex])
            currentIndex += 1
            return element
        } catch {
            throw ValueCodingError(error).inside(.index(currentIndex))
        }
    }

    private mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
        try read { try $0.integer(type) }
    }

    mutating func decodeNil() -> Bool {
        guard !isAtEnd, list[currentIndex] == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try read { try $0.bool() } }
    mutating func decode(_ type: String.Type) throws -> String { try read { try $0.text() } }
    mutating func decode(_ type: Double.Type) throws -> Double { try read { try $0.double() } }
    mutating func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
    mutating func decode(_ type: Int.Type) throws -> Int { try integer(type) }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let value = try read { $0 }
        do {
            return try source.decode(type, from: value)
        } catch {
            throw ValueCodingError(error).inside(.index(currentIndex - 1))
        }
    }

    mutating func nestedContainer<Key: CodingKey>(
        keyedBy type: Key.Type
    ) throws -> KeyedDecodingContainer<Key> {
        let source = source
        let map = try read { try $0.map() }
        return KeyedDecodingContainer(KeyedSource<Key>(source: source, map: map))
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let source = source
        return ListSource(source: source, list: try read { try $0.list() })
    }

    mutating func superDecoder() throws -> any Decoder {
        let source = source
        return SourceDecoder(source: source, depth: source.push(try read { $0 }))
    }
}
