// What a condition asks, taken apart for those who compare conditions with each other.

/// A condition as a tree of questions about values.
package indirect enum ConditionTree: Sendable {
    case constant(Bool)
    case not(ConditionTree)
    case all([ConditionTree])
    case any([ConditionTree])
    /// Whether one condition or another has to hold depends on a first one.
    case choice(ConditionTree, ConditionTree, ConditionTree)
    /// Whether both conditions have the same answer.
    case same(ConditionTree, ConditionTree)
    case comparison(ConditionOperand, ConditionRelation, ConditionOperand)
    /// Whether a field is there, by its whole path; the needs are those of its owner.
    case presence(path: String, needs: [String])
    /// A value that is true or false in itself.
    case question(ConditionOperand)
}

/// How two values are compared.
package enum ConditionRelation: String, Sendable {
    case less = "<"
    case lessOrEqual = "<="
    case equal = "=="
    case notEqual = "!="
    case greater = ">"
    case greaterOrEqual = ">="

    /// The same relation, seen from the right side.
    package var flipped: ConditionRelation {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .equal, .notEqual: self
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }

    /// Whether it asks which value is larger.
    package var isOrder: Bool { self != .equal && self != .notEqual }
}

/// A value that a condition asks about.
///
/// Two operands with one ``key`` have one value, as long as nothing changes between them.
package struct ConditionOperand: Sendable {
    /// The text without spaces, by which equal operands are known.
    package let key: String
    /// The text as it is written.
    package let text: String
    package let type: ExpressionType
    /// The value, when it is written out.
    package let constant: ConditionScalar?
    /// The paths that have to be there for it to have a value.
    package let needs: [String]
    /// Whether it can fail for another reason, such as a division by zero.
    package let canFail: Bool
    /// The only texts that it can be; `nil` when it can be any.
    package let values: [String]?
    /// Between which numbers it lies; `nil` when it can be any.
    package let bounds: NumberBounds?
}

/// A value that is written out in a condition.
package enum ConditionScalar: Hashable, Sendable {
    /// An exact number; of spans and moments their nanoseconds.
    case number(ExactDecimal)
    case double(Double)
    case text(String)
}

/// The numbers that a value can be.
package struct NumberBounds: Hashable, Sendable {
    package var minimum: ExactDecimal?
    package var maximum: ExactDecimal?
    /// Whether the minimum itself is outside.
    package var excludesMinimum = false
    /// Whether the maximum itself is outside.
    package var excludesMaximum = false

    /// Bounds; an end without a number is open.
    package init(minimum: ExactDecimal? = nil, maximum: ExactDecimal? = nil) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Whole numbers that count something.
    package static let counts = NumberBounds(minimum: .zero)
}
