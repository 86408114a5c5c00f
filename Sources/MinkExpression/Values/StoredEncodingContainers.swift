// The containers through which types write themselves into a stored text.

/// Hands out the containers of one value.
struct StoredTextEncoder: Encoder {
    let text: StoredText
    /// How many containers are open around the value.
    let depth: Int
    let type: any Any.Type

    init(text: StoredText, depth: Int, type: any Any.Type) {
        self.text = text
        self.depth = depth
        self.type = type
    }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if ValuePart.Kind.of(keys: Key.self) == .dictionary {
            let draft = text.draft(at: depth)
            draft.open(0, as: .dictionary)
            return KeyedEncodingContainer(KeyedDraft(draft: draft, part: 0))
        }
        return KeyedEncodingContainer(StoredObject(text: text, depth: text.open("{", "}")))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        let kind = ValuePart.Kind.of(type)
        if kind != .list {
            let draft = text.draft(at: depth)
            draft.open(0, as: kind)
            return ListDraft(draft: draft, part: 0)
        }
        return StoredList(text: text, depth: text.open("[", "]"))
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        StoredList(text: text, depth: depth)
    }
}

/// Writes the members of an object.
struct StoredObject<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let text: StoredText
    let depth: Int

    var codingPath: [any CodingKey] { [] }

    private func name(_ key: Key) {
        text.close(to: depth)
        text.name(key.stringValue)
    }

    private func put(_ value: Value, _ key: Key) {
        name(key)
        text.write(value)
    }

    private func put(_ number: some FixedWidthInteger, _ key: Key) {
        name(key)
        text.write(number)
    }

    func encodeNil(forKey key: Key) { put(.null, key) }

    func encode(_ value: Bool, forKey key: Key) {
        name(key)
        text.write(value)
    }

    func encode(_ value: String, forKey key: Key) {
        name(key)
        text.write(value)
    }

    func encode(_ value: Double, forKey key: Key) { put(.double(value), key) }
    func encode(_ value: Float, forKey key: Key) { put(.double(Double(value)), key) }
    func encode(_ value: Int, forKey key: Key) { put(value, key) }
    func encode(_ value: Int8, forKey key: Key) { put(value, key) }
    func encode(_ value: Int16, forKey key: Key) { put(value, key) }
    func encode(_ value: Int32, forKey key: Key) { put(value, key) }
    func encode(_ value: Int64, forKey key: Key) { put(value, key) }
    func encode(_ value: UInt, forKey key: Key) { put(value, key) }
    func encode(_ value: UInt8, forKey key: Key) { put(value, key) }
    func encode(_ value: UInt16, forKey key: Key) { put(value, key) }
    func encode(_ value: UInt32, forKey key: Key) { put(value, key) }
    func encode(_ value: UInt64, forKey key: Key) { put(value, key) }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        name(key)
        do {
            try text.encode(value)
        } catch {
            throw ValueCodingError(error).inside(.name(key.stringValue))
        }
    }

    func nestedContainer<Inner: CodingKey>(
        keyedBy keyType: Inner.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Inner> {
        name(key)
        return KeyedEncodingContainer(StoredObject<Inner>(text: text, depth: text.open("{", "}")))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        name(key)
        return StoredList(text: text, depth: text.open("[", "]"))
    }

    func superEncoder() -> any Encoder {
        text.close(to: depth)
        text.name("super")
        return StoredTextEncoder(text: text, depth: depth, type: Any.self)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        name(key)
        return StoredTextEncoder(text: text, depth: depth, type: Any.self)
    }
}

/// Writes the elements of a list, or one single value.
struct StoredList: UnkeyedEncodingContainer, SingleValueEncodingContainer {
    let text: StoredText
    let depth: Int
    private(set) var count = 0

    init(text: StoredText, depth: Int) {
        self.text = text
        self.depth = depth
    }

    var codingPath: [any CodingKey] { [] }

    private mutating func next() {
        text.close(to: depth)
        count += 1
    }

    private mutating func put(_ value: Value) {
        next()
        text.write(value)
    }

    private mutating func put(_ number: some FixedWidthInteger) {
        next()
        text.write(number)
    }

    mutating func encodeNil() { put(.null) }

    mutating func encode(_ value: Bool) {
        next()
        text.write(value)
    }

    mutating func encode(_ value: String) {
        next()
        text.write(value)
    }

    mutating func encode(_ value: Double) { put(.double(value)) }
    mutating func encode(_ value: Float) { put(.double(Double(value))) }
    mutating func encode(_ value: Int) { put(value) }
    mutating func encode(_ value: Int8) { put(value) }
    mutating func encode(_ value: Int16) { put(value) }
    mutating func encode(_ value: Int32) { put(value) }
    mutating func encode(_ value: Int64) { put(value) }
    mutating func encode(_ value: UInt) { put(value) }
    mutating func encode(_ value: UInt8) { put(value) }
    mutating func encode(_ value: UInt16) { put(value) }
    mutating func encode(_ value: UInt32) { put(value) }
    mutating func encode(_ value: UInt64) { put(value) }

    mutating func encode<T: Encodable>(_ value: T) throws {
        next()
        do {
            try text.encode(value)
        } catch {
            throw ValueCodingError(error).inside(.index(count - 1))
        }
    }

    mutating func nestedContainer<Key: CodingKey>(
        keyedBy keyType: Key.Type
    ) -> KeyedEncodingContainer<Key> {
        next()
        return KeyedEncodingContainer(StoredObject<Key>(text: text, depth: text.open("{", "}")))
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        next()
        return StoredList(text: text, depth: text.open("[", "]"))
    }

    mutating func superEncoder() -> any Encoder {
        next()
        return StoredTextEncoder(text: text, depth: depth, type: Any.self)
    }
}
