// One value of JSON and of expressions, owned and immutable.
//
// `==` asks for the same value in the same form: 1 and 1.0 differ, 1.0 and 1.00 differ, and text
// compares byte by byte (Swift's own `==` on strings would call "é" and "e\u{301}" equal).
// What an expression calls equal is decided by the evaluator, not here.

/// A JSON value, or what an expression yields.
public enum Value: Sendable {
    /// JSON null.
    case null
    /// True or false.
    case bool(Bool)
    /// A whole number of 64 bits.
    case int(Int64)
    /// A whole number without sign; only expressions make these.
    case uint(UInt64)
    /// A floating point number of 64 bits.
    case double(Double)
    /// An exact decimal number.
    case decimal(ExactDecimal)
    /// Text.
    case string(String)
    /// Raw bytes; only expressions make these.
    case bytes([UInt8])
    /// A list.
    case list([Value])
    /// An object of JSON, or a map of an expression.
    case map(ValueMap)
    /// A moment in time.
    case timestamp(Timestamp)
    /// A span of time, exact to the nanosecond.
    case duration(Duration)
    /// The type of a value, by its name; only expressions make these.
    case type(String)
}

extension Value: Hashable {
    /// Whether both are the same value in the same form.
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.uint(let a), .uint(let b)): a == b
        case (.double(let a), .double(let b)): a.bitPattern == b.bitPattern
        case (.decimal(let a), .decimal(let b)): a.hasSameForm(as: b)
        case (.string(let a), .string(let b)): a.hasSameBytes(as: b)
        case (.bytes(let a), .bytes(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.map(let a), .map(let b)): a == b
        case (.timestamp(let a), .timestamp(let b)): a == b
        case (.duration(let a), .duration(let b)): a == b
        case (.type(let a), .type(let b)): a.hasSameBytes(as: b)
        default: false
        }
    }

    /// Feeds the value into a hasher, in agreement with `==`.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(value)
        case .uint(let value): hasher.combine(value)
        case .double(let value): hasher.combine(value.bitPattern)
        case .decimal(let value):
            hasher.combine(value.mantissa)
            hasher.combine(value.scale)
        case .string(let value), .type(let value): hasher.combine(bytesOf: value)
        case .bytes(let value): hasher.combine(value)
        case .list(let value): hasher.combine(value)
        case .map(let value): hasher.combine(value)
        case .timestamp(let value): hasher.combine(value)
        case .duration(let value): hasher.combine(value)
        }
    }
}

extension Value {
    /// An object with these entries, in this order; of a repeated name the last value counts.
    public static func object(_ entries: KeyValuePairs<String, Value>) -> Value {
        var map = ValueMap()
        for (name, value) in entries { map[.string(name)] = value }
        return .map(map)
    }

    /// The member of an object with this name; `nil` when there is none or this is no object.
    public subscript(name: String) -> Value? {
        guard case .map(let map) = self else { return nil }
        return map[.string(name)]
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// Text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .int(value) }
    /// True or false.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A floating point number.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A list.
    public init(arrayLiteral elements: Value...) { self = .list(elements) }
    /// JSON null.
    public init(nilLiteral: ()) { self = .null }
    /// An object; of a repeated name the last value counts.
    public init(dictionaryLiteral elements: (String, Value)...) {
        var map = ValueMap()
        for (name, value) in elements { map[.string(name)] = value }
        self = .map(map)
    }
}

extension String {
    /// Whether both hold the same UTF-8 bytes.
    package func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        // A walk with two iterators costs ten times as much as two pointers.
        let areSame = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in left.elementsEqual(right) }
        }
        return (areSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    /// Whether this comes before the other one, byte by byte, which is also by code point.
    package func precedesByBytes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}

extension Hasher {
    /// Feeds the UTF-8 bytes of a text.
    package mutating func combine(bytesOf text: String) {
        var text = text
        text.withUTF8 { combine(bytes: UnsafeRawBufferPointer($0)) }
        combine(UInt8(0xFF))
    }
}
