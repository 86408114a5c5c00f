// The members of an object, in the order in which they were written.
//
// Objects of events and sagas are small, so a search walks the entries; above a few dozen
// entries the index keeps look-ups flat.

/// A map from keys to values that keeps its order.
public struct ValueMap: Sendable {
    /// One member.
    public struct Entry: Sendable, Hashable {
        /// The member's key.
        public let key: ValueKey
        /// The member's value.
        public var value: Value

        /// A member.
        public init(key: ValueKey, value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// The members, in the order in which they were added.
    public private(set) var entries: [Entry] = []

    /// Positions by key; empty while a walk over the entries is faster.
    private var index: [ValueKey: Int] = [:]

    private static let indexedFrom = 24

    /// A map without members.
    public init() {}

    /// A map with room for a number of members.
    package init(minimumCapacity: Int) {
        entries.reserveCapacity(minimumCapacity)
    }

    /// A map with these members, whose keys are known to be different.
    package init(unique entries: [Entry]) {
        self.entries = entries
        if entries.count >= Self.indexedFrom { rebuildIndex() }
    }

    /// The number of members.
    public var count: Int { entries.count }

    /// Whether there is no member.
    public var isEmpty: Bool { entries.isEmpty }

    /// The value under a key; setting `nil` removes the member.
    public subscript(key: ValueKey) -> Value? {
        get { position(of: key).map { entries[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): entries[position].value = value
            case (let position?, nil): remove(at: position)
            case (nil, let value?): append(key, value)
            case (nil, nil): break
            }
        }
    }

    /// The value under a name; setting `nil` removes the member.
    public subscript(name: String) -> Value? {
        get { self[.string(name)] }
        set { self[.string(name)] = newValue }
    }

    private func position(of key: ValueKey) -> Int? {
        if !index.isEmpty { return index[key] }
        return entries.firstIndex { $0.key == key }
    }

    private mutating func append(_ key: ValueKey, _ value: Value) {
        entries.append(Entry(key: key, value: value))
        if !index.isEmpty {
            index[key] = entries.count - 1
        } else if entries.count >= Self.indexedFrom {
            rebuildIndex()
        }
    }

    private mutating func remove(at position: Int) {
        entries.remove(at: position)
        index = [:]
        if entries.count >= Self.indexedFrom { rebuildIndex() }
    }

    private mutating func rebuildIndex() {
        index = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.key, $0) })
    }
}

extension ValueMap: Hashable {
    /// Whether both hold the same members; their order does not matter.
    public static func == (left: ValueMap, right: ValueMap) -> Bool {
        left.count == right.count && left.entries.allSatisfy { right[$0.key] == $0.value }
    }

    /// Feeds the members into a hasher, whatever their order.
    public func hash(into hasher: inout Hasher) {
        var combined = 0
        for entry in entries { combined ^= entry.hashValue }
        hasher.combine(combined)
    }
}

/// The key of a map: of JSON objects always a text.
public enum ValueKey: Sendable {
    /// A name.
    case string(String)
    /// A whole number.
    case int(Int64)
    /// A whole number without sign.
    case uint(UInt64)
    /// True or false.
    case bool(Bool)
}

extension ValueKey: Hashable {
    /// Whether both are the same key; the numbers 1 and 1u are.
    public static func == (left: ValueKey, right: ValueKey) -> Bool {
        switch (left, right) {
        case (.string(let a), .string(let b)): a.hasSameBytes(as: b)
        case (.int(let a), .int(let b)): a == b
        case (.uint(let a), .uint(let b)): a == b
        case (.int(let a), .uint(let b)), (.uint(let b), .int(let a)): a >= 0 && UInt64(a) == b
        case (.bool(let a), .bool(let b)): a == b
        default: false
        }
    }

    /// Feeds the key into a hasher, in agreement with `==`.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .string(let text): hasher.combine(bytesOf: text)
        case .int(let number): hasher.combine(number)
        case .uint(let number): hasher.combine(Int64(truncatingIfNeeded: number))
        case .bool(let flag): hasher.combine(flag)
        }
    }

    /// The key that a value is; `nil` when it cannot be one.
    package init?(_ value: Value) {
        switch value {
        case .string(let text): self = .string(text)
        case .int(let number): self = .int(number)
        case .uint(let number): self = .uint(number)
        case .bool(let flag): self = .bool(flag)
        default: return nil
        }
    }

    /// Whether this is a name.
    var isString: Bool {
        if case .string = self { true } else { false }
    }

    /// The key as a value.
    public var value: Value {
        switch self {
        case .string(let text): .string(text)
        case .int(let number): .int(number)
        case .uint(let number): .uint(number)
        case .bool(let flag): .bool(flag)
        }
    }
}
