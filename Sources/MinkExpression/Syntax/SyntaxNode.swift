// The tree of an expression, macros already recognised. Nothing here knows types or values.

/// A part of an expression.
struct SyntaxNode: Sendable {
    /// Numbers the parts of one expression from 0.
    let id: Int
    let kind: Kind

    /// The place in the text, in UTF-8 bytes.
    let range: Range<Int>

    /// How many levels of parts stand below this one, itself included.
    let depth: Int

    /// How many comprehensions stand inside each other here.
    let comprehensionDepth: Int

    indirect enum Kind: Sendable {
        case literal(Literal)
        /// A variable or type; `isRooted` when written with a point in front.
        case name(Name, isRooted: Bool)
        case select(SyntaxNode, Name, isOptional: Bool)
        case has(SyntaxNode, Name)
        case index(SyntaxNode, SyntaxNode, isOptional: Bool)
        case call(Name, target: SyntaxNode?, [SyntaxNode])
        case negate(SyntaxNode)
        case not(SyntaxNode)
        case binary(BinaryOperator, SyntaxNode, SyntaxNode)
        case and([SyntaxNode])
        case or([SyntaxNode])
        case conditional(SyntaxNode, SyntaxNode, SyntaxNode)
        case list([ListElement])
        case map([MapEntry])
        case comprehension(Comprehension)
        /// `cel.bind(name, value, body)`
        case bind(Name, SyntaxNode, SyntaxNode)
        /// `target.optMap(name, body)`, and `optFlatMap` when `isFlat`.
        case optionalMap(SyntaxNode, Name, SyntaxNode, isFlat: Bool)
        /// Something that was reported already.
        case invalid
    }
}

/// A name and its place.
struct Name: Hashable, Sendable {
    let text: String
    let range: Range<Int>
}

/// A value that is written out.
enum Literal: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    /// With its source text, because a decimal is read from that.
    case double(Double, text: String)
    case string(String)
    case bytes([UInt8])
}

/// The operators between two values, without `&&` and `||`.
enum BinaryOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"

    var isArithmetic: Bool {
        switch self {
        case .add, .subtract, .multiply, .divide, .modulo: true
        default: false
        }
    }
}

/// An element of a list that is written out; an optional one may be left out.
struct ListElement: Sendable {
    let value: SyntaxNode
    let isOptional: Bool
}

/// An entry of a map that is written out; an optional one may be left out.
struct MapEntry: Sendable {
    let key: SyntaxNode
    let value: SyntaxNode
    let isOptional: Bool
}

/// A macro that walks over a list or a map.
struct Comprehension: Sendable {
    enum Kind: String, Sendable {
        case all, exists, existsOne, filter, map, transformList, transformMap, transformMapEntry
    }

    let kind: Kind
    let range: SyntaxNode
    /// One name for the element or key, or two: index and element, or key and value.
    let variables: [Name]
    /// The condition; of `map` and the transforms only when one was written.
    let condition: SyntaxNode?
    /// What is made from each element.
    let transform: SyntaxNode?
}
