// The containers that encodable types write into. Nothing here keeps a path: an error gets it while
// it travels up.

/// Hands out the containers of one part.
struct DraftEncoder: Encoder {
    let draft: ValueDraft
    let part: Int
    let type: any Any.Type

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        draft.open(part, as: .of(keys: Key.self))
        return KeyedEncodingContainer(KeyedDraft(draft: draft, part: part))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        draft.open(part, as: .of(type))
        return ListDraft(draft: draft, part: part)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        draft.open(part, as: .single)
        return ListDraft(draft: draft, part: part)
    }
}

/// Writes the members of an object.
struct KeyedDraft<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let draft: ValueDraft
    let part: Int

    var codingPath: [any CodingKey] { [] }

    private func put(_ value: Value, _ key: Key) {
        _ = draft.set(key.stringValue, to: value, in: part)
    }

    func encodeNil(forKey key: Key) { put(.null, key) }
    func encode(_ value: Bool, forKey key: Key) { put(.bool(value), key) }
    func encode(_ value: String, forKey key: Key) { put(.string(value), key) }
    func encode(_ value: Double, forKey key: Key) { put(.double(value), key) }
    func encode(_ value: Float, forKey key: Key) { put(.double(Double(value)), key) }
    func encode(_ value: Int, forKey key: Key) { put(Value(integer: value), key) }
    func encode(_ value: Int8, forKey key: Key) { put(Value(integer: value), key) }
    func encode(_ value: Int16, forKey key: Key) { put(Value(integer: value), key) }
    func encode(_ value: Int32, forKey key: Key) { put(Value(integer: value), key) }
    func encode(_ value: Int64, forKey key: Key) { put(Value(integer: value), key) }
    func encode(_ value: UInt, forKey key: Key) { put(Value(integer: value), key) }
    func encode(_ value: UInt8, forKey key: Key) { put(Value(integer: value), key) }
    func encode(_ value: UInt16, forKey key: Key) { put(Value(integer: value), key) }
    func encode(_ value: UInt32, forKey key: Key) { put(Value(integer: value), key) }
    func encode(_ value: UInt64, forKey key: Key) { put(Value(integer: value), key) }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        do {
            put(try draft.value(of: value), key)
        } catch {
            throw ValueCodingError(error).inside(.name(key.stringValue))
        }
    }

    private func child(_ name: String, as kind: ValuePart.Kind) -> Int {
        draft.openChild(of: part, slot: draft.set(name, to: .null, in: part), as: kind)
    }

    func nestedContainer<Inner: CodingKey>(
        keyedBy keyType: Inner.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Inner> {
        let part = child(key.stringValue, as: .of(keys: Inner.self))
        return KeyedEncodingContainer(KeyedDraft<Inner>(draft: draft, part: part))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        ListDraft(draft: draft, part: child(key.stringValue, as: .list))
    }

    func superEncoder() -> any Encoder {
        DraftEncoder(draft: draft, part: child("super", as: .unopened), type: Any.self)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        DraftEncoder(draft: draft, part: child(key.stringValue, as: .unopened), type: Any.self)
    }
}

/// Writes the elements of a list, or one single value.
struct ListDraft: UnkeyedEncodingContainer, SingleValueEncodingContainer {
    let draft: ValueDraft
    let part: Int

    var codingPath: [any CodingKey] { [] }
    var count: Int { draft.count(of: part) }

    private func put(_ value: Value) { _ = draft.append(value, to: part) }

    func encodeNil() { put(.null) }
    func encode(_ value: Bool) { put(.bool(value)) }
    func encode(_ value: String) { put(.string(value)) }
    func encode(_ value: Double) { put(.double(value)) }
    func encode(_ value: Float) { put(.double(Double(value))) }
    func encode(_ value: Int) { put(Value(integer: value)) }
    func encode(_ value: Int8) { put(Value(integer: value)) }
    func encode(_ value: Int16) { put(Value(integer: value)) }
    func encode(_ value: Int32) { put(Value(integer: value)) }
    func encode(_ value: Int64) { put(Value(integer: value)) }
    func encode(_ value: UInt) { put(Value(integer: value)) }
    func encode(_ value: UInt8) { put(Value(integer: value)) }
    func encode(_ value: UInt16) { put(Value(integer: value)) }
    func encode(_ value: UInt32) { put(Value(integer: value)) }
    func encode(_ value: UInt64) { put(Value(integer: value)) }

    func encode<T: Encodable>(_ value: T) throws {
        do {
            put(try draft.value(of: value))
        } catch {
            throw ValueCodingError(error).inside(.index(count))
        }
    }

    private func child(as kind: ValuePart.Kind) -> Int {
        draft.openChild(of: part, slot: draft.append(.null, to: part), as: kind)
    }

    func nestedContainer<Key: CodingKey>(
        keyedBy keyType: Key.Type
    ) -> KeyedEncodingContainer<Key> {
        let part = child(as: .of(keys: Key.self))
        return KeyedEncodingContainer(KeyedDraft<Key>(draft: draft, part: part))
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        ListDraft(draft: draft, part: child(as: .list))
    }

    func superEncoder() -> any Encoder {
        DraftEncoder(draft: draft, part: child(as: .unopened), type: Any.self)
    }
}

extension Value {
    /// A whole number; without sign where only that holds it.
    init(integer: some FixedWidthInteger) {
        if let number = Int64(exactly: integer) {
            self = .int(number)
        } else {
            self = .uint(UInt64(truncatingIfNeeded: integer))
        }
    }

    /// Looked up once: the types of collections are made at run time.
    private static let bytesType: any Any.Type = [UInt8].self

    /// A value of a type that the coder takes whole; `nil` for others.
    init?<T>(whole value: T) {
        if T.self == Value.self {
            self = unsafeBitCast(value, to: Value.self)
        } else if T.self == String.self {
            self = .string(unsafeBitCast(value, to: String.self))
        } else if T.self == ExactDecimal.self {
            self = .decimal(unsafeBitCast(value, to: ExactDecimal.self))
        } else if T.self == Timestamp.self {
            self = .timestamp(unsafeBitCast(value, to: Timestamp.self))
        } else if T.self == Duration.self {
            self = .duration(unsafeBitCast(value, to: Duration.self))
        } else if T.self == ValueMap.self {
            self = .map(unsafeBitCast(value, to: ValueMap.self))
        } else if T.self == Value.bytesType, let value = value as? [UInt8] {
            self = .bytes(value)
        } else {
            return nil
        }
    }
}
