// The types that workflow files declare: what a payload, a field of data or an argument may hold.

/// A declared type.
package struct DataType: Sendable, Hashable {
    package let kind: Kind
    /// Whether null stands for "no value" here.
    package let isNullable: Bool
    /// What holds beyond the kind: bounds, lengths, the values of an enumeration.
    package let rules: TypeRules

    package init(_ kind: Kind, isNullable: Bool = false, rules: TypeRules = TypeRules()) {
        self.kind = kind
        self.isNullable = isNullable
        self.rules = rules
    }

    /// The forms that a value can have.
    package indirect enum Kind: Sendable, Hashable {
        case any
        case boolean
        case integer
        case number
        case decimal
        case string
        case timestamp
        case duration
        /// A day, kept as text: `2026-03-29`.
        case date
        case list(DataType)
        case object(ObjectFields)
        /// One of several; the first that fits.
        case choice([DataType], exclusive: Bool)
    }
}

/// The declared fields of an object.
package struct ObjectFields: Sendable, Hashable {
    /// The fields, in the order of the file.
    package let fields: [Field]
    /// What becomes of members that are not declared.
    package let others: Others

    private let index: [String: Int]

    package init(_ fields: [Field], others: Others) {
        self.fields = fields
        self.others = others
        index = Dictionary(
            fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What becomes of members that are not declared.
    package indirect enum Others: Sendable, Hashable {
        /// They are refused.
        case refused
        /// They are left out of what is read.
        case dropped
        /// They are kept, whatever they are.
        case kept
        /// They are kept, and have this type.
        case typed(DataType)
    }

    /// One declared field.
    package struct Field: Sendable, Hashable {
        package let name: String
        package let type: DataType
        /// Whether it may be absent.
        package let isOptional: Bool
        /// Whether it is masked where people read.
        package let isPersonal: Bool

        package init(_ name: String, _ type: DataType, isOptional: Bool, isPersonal: Bool) {
            self.name = name
            self.type = type
            self.isOptional = isOptional
            self.isPersonal = isPersonal
        }
    }

    /// The field with this name; `nil` when none is declared.
    package subscript(name: String) -> Field? { index[name].map { fields[$0] } }
}

extension DataType {
    /// Anything.
    package static let any = DataType(.any, isNullable: true)

    /// An object of which nothing is declared.
    package static let openObject = DataType(.object(ObjectFields([], others: .kept)))

    /// The short words, as files write them.
    package static let words: [(word: String, type: DataType)] = [
        ("string", DataType(.string)), ("integer", DataType(.integer)),
        ("number", DataType(.number)), ("decimal", DataType(.decimal)),
        ("boolean", DataType(.boolean)), ("timestamp", DataType(.timestamp)),
        ("duration", DataType(.duration)), ("date", DataType(.date)),
        ("object", .openObject), ("any", .any),
    ]

    /// The declared fields, of an object.
    package var fields: ObjectFields? {
        guard case .object(let fields) = kind else { return nil }
        return fields
    }

    /// The same type, with null as "no value".
    func nullable() -> DataType { DataType(kind, isNullable: true, rules: rules) }

    /// The same type under more rules.
    func ruled(by rules: TypeRules) -> DataType {
        DataType(kind, isNullable: isNullable, rules: rules)
    }
}

extension DataType: CustomStringConvertible {
    /// The type in the words of workflow files, as in `{orderId: string, items: object[]}`.
    package var description: String { words(depth: 0) + (isNullable && kind != .any ? "?" : "") }

    private func words(depth: Int) -> String {
        switch kind {
        case .any: return "any"
        case .boolean: return "boolean"
        case .integer: return "integer"
        case .number: return "number"
        case .decimal: return "decimal"
        case .string: return "string"
        case .timestamp: return "timestamp"
        case .duration: return "duration"
        case .date: return "date"
        case .list(let element): return "\(element.words(depth: depth))[]"
        case .choice(let types, _):
            return types.prefix(5).map { $0.words(depth: depth + 1) }.joined(separator: " or ")
        case .object(let fields):
            guard depth < 2, !fields.fields.isEmpty else { return "object" }
            let shown = fields.fields.prefix(12).map { field in
                "\(field.name): \(field.type.words(depth: depth + 1))\(field.isOptional ? "?" : "")"
            }
            let more = fields.fields.count > shown.count ? ", …" : ""
            return "{\(shown.joined(separator: ", "))\(more)}"
        }
    }

    /// The type with its article, as in `a decimal`.
    package var phrase: String {
        switch kind {
        case .any: "a value"
        case .integer: "an integer"
        case .object: "an object"
        case .list(let element): "a list of \(element)"
        case .choice: "\(self)"
        default: "a \(DataType(kind))"
        }
    }
}
