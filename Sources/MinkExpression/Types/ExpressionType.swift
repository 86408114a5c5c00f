// The static types of expressions.

/// The type of an expression, as far as it is known before anything runs.
package indirect enum ExpressionType: Hashable, Sendable {
    /// Not known; anything goes, and is looked at when it runs.
    case dynamic
    case null, bool, int, uint, double, decimal, string, bytes, timestamp, duration, type
    case list(ExpressionType)
    case map(key: ExpressionType, value: ExpressionType)
    /// An object with known fields.
    case object(ObjectType)
    /// A value that may be absent.
    case optional(ExpressionType)
    /// The element type of an empty list or map: fits everything and becomes what it meets.
    case open
    /// A type of a function's signature that stands for any type, the same in all its places.
    case parameter(Int)
}

/// An object whose fields are known.
package struct ObjectType: Hashable, Sendable {
    /// One field of an object.
    package struct Field: Hashable, Sendable {
        package let name: String
        package let type: ExpressionType
        /// Whether the field may be absent.
        package let isOptional: Bool
        /// The only texts that the field can hold; `nil` when it can hold any.
        package let values: [String]?
        /// The numbers that the field can hold; `nil` when it can hold any.
        package let bounds: NumberBounds?
        /// How many elements a list has at most; `nil` when nothing says so.
        package let maxItems: Int?

        package init(
            name: String, type: ExpressionType, isOptional: Bool = false, values: [String]? = nil,
            bounds: NumberBounds? = nil, maxItems: Int? = nil
        ) {
            self.name = name
            self.type = type
            self.isOptional = isOptional
            self.values = values
            self.bounds = bounds
            self.maxItems = maxItems
        }
    }

    /// What people call it: `event PaymentReceived`, `data`.
    package let name: String
    package let fields: [Field]
    /// Whether an object may have further fields, of unknown types.
    package let isOpen: Bool

    package init(name: String, fields: [Field], isOpen: Bool = false) {
        self.name = name
        self.fields = fields
        self.isOpen = isOpen
    }

    package func field(_ name: String) -> Field? {
        fields.first { $0.name.hasSameBytes(as: name) }
    }
}

extension ObjectType: CustomStringConvertible {
    /// The fields and their types, in one line.
    package var description: String {
        var parts = fields.map { field in
            let isMarked = field.isOptional && !field.type.isOptional
            return "\(field.name): \(field.type)\(isMarked ? "?" : "")"
        }
        if isOpen { parts.append("…") }
        return "{\(parts.joined(separator: ", "))}"
    }
}

extension ExpressionType: CustomStringConvertible {
    /// The type in words of the language.
    package var description: String {
        switch self {
        case .dynamic, .open, .parameter: "any"
        case .null: "null"
        case .bool: "boolean"
        case .int: "integer"
        case .uint: "uint"
        case .double: "number"
        case .decimal: "decimal"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .type: "type"
        case .list(let element):
            switch element {
            case .dynamic, .open, .parameter: "list"
            default: "\(element)[]"
            }
        case .map: "map"
        case .object: "object"
        case .optional(let wrapped): "\(wrapped)?"
        }
    }
}

extension ExpressionType {
    /// Whether nothing is known, so that everything is allowed.
    package var isDynamic: Bool {
        switch self {
        case .dynamic, .open: true
        default: false
        }
    }

    package var isOptional: Bool {
        if case .optional = self { return true }
        return false
    }

    var isNumeric: Bool {
        switch self {
        case .int, .uint, .double, .decimal: true
        default: false
        }
    }

    /// The type with nothing left open, as it is shown outside.
    var closed: ExpressionType {
        switch self {
        case .open, .parameter: .dynamic
        case .list(let element): .list(element.closed)
        case .map(let key, let value): .map(key: key.closed, value: value.closed)
        case .optional(let wrapped): .optional(wrapped.closed)
        default: self
        }
    }
}
