// Gives every part of an expression its type and every name its meaning, and reports all that does
// not fit. A part with a mistake gets the type `dynamic`, so that one mistake is reported once.

/// What a part of an expression turned out to mean.
enum Resolution: Sendable {
    case variable(slot: Int)
    /// The variable of a loop or a binding, by its depth.
    case local(Int)
    case typeName(StaticString)
    /// `none`, the same as `optional.none()`.
    case nothing
    case function(LibraryFunction, dropsTarget: Bool)
    /// A literal that stands beside a decimal, read from its text.
    case decimal(ExactDecimal)
}

/// Everything that the checker found out.
struct CheckedExpression {
    let root: SyntaxNode
    let types: [ExpressionType]
    let resolutions: [Resolution?]

    /// The slots of the variables that the expression reads, each once.
    var variableSlots: [Int] {
        let slots = resolutions.compactMap { resolution -> Int? in
            if case .variable(let slot) = resolution { slot } else { nil }
        }
        return Set(slots).sorted()
    }

    /// The number of the first variable that a loop or binding brings, by its part.
    let localDepths: [Int]
    let localCount: Int
    let references: [ExpressionReference]
    let problems: [ExpressionProblem]
}

/// Checks one expression.
struct Checker {
    let environment: ExpressionEnvironment
    let hasDottedNames: Bool
    var types: [ExpressionType]
    var resolutions: [Resolution?]
    var localDepths: [Int]
    var locals: [(name: String, type: ExpressionType)] = []
    var localCount = 0
    var references: [ExpressionReference] = []
    var problems: [ExpressionProblem] = []
    let text: [UInt8]

    static func check(
        _ root: SyntaxNode, nodeCount: Int, text: String, in environment: ExpressionEnvironment
    ) -> CheckedExpression {
        var checker = Checker(
            environment: environment,
            hasDottedNames: environment.variables.keys.contains { $0.utf8.contains(0x2E) },
            types: Array(repeating: .dynamic, count: nodeCount),
            resolutions: Array(repeating: nil, count: nodeCount),
            localDepths: Array(repeating: 0, count: nodeCount), text: Array(text.utf8))
        checker.check(root)
        return CheckedExpression(
            root: root, types: checker.types, resolutions: checker.resolutions,
            localDepths: checker.localDepths, localCount: checker.localCount,
            references: checker.references,
            problems: checker.problems.sorted { $0.range.lowerBound < $1.range.lowerBound })
    }

    /// Checks a part; `isInPath` when it is the operand of a field, which then reports the use.
    @discardableResult
    mutating func check(_ node: SyntaxNode, isInPath: Bool = false) -> ExpressionType {
        localDepths[node.id] = locals.count
        var type = meaning(of: node)
        if !environment.checksTypes { type = .dynamic }
        types[node.id] = type
        if !isInPath { addReferences(of: node) }
        return type
    }

    private mutating func meaning(of node: SyntaxNode) -> ExpressionType {
        switch node.kind {
        case .literal(let literal): literalType(literal)
        case .name(let name, let isRooted): checkName(node, name, isRooted: isRooted)
        case .select(let operand, let field, let isOptional):
            checkSelect(node, operand, field, isOptional: isOptional)
        case .has(let operand, let field): checkHas(operand, field)
        case .index(let operand, let index, let isOptional):
            checkIndex(operand, index, isOptional: isOptional)
        case .call(let name, let target, let arguments):
            checkCall(node, name, target, arguments)
        case .negate(let operand): checkNegate(node, operand)
        case .not(let operand): checkConditions([operand], "!")
        case .and(let parts): checkConditions(parts, "&&")
        case .or(let parts): checkConditions(parts, "||")
        case .binary(let operation, let left, let right):
            checkBinary(node, operation, left, right)
        case .conditional(let condition, let yes, let no): checkConditional(condition, yes, no)
        case .list(let elements): checkList(elements)
        case .map(let entries): checkMap(entries)
        case .comprehension(let comprehension): checkComprehension(comprehension)
        case .bind(let name, let value, let body): checkBind(name, value, body)
        case .optionalMap(let target, let name, let body, let isFlat):
            checkOptionalMap(target, name, body, isFlat: isFlat)
        case .invalid: .dynamic
        }
    }

    private func literalType(_ literal: Literal) -> ExpressionType {
        switch literal {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        }
    }
}

extension Checker {
    mutating func report(
        _ code: ExpressionProblem.Code, _ range: Range<Int>, _ message: String,
        help: String? = nil, note: String? = nil
    ) {
        // A name without a meaning is reported even where types are not checked, except in the
        // tests of the evaluator, which want the error when it runs.
        guard environment.checksTypes else { return }
        problems.append(
            ExpressionProblem(code, range, message, help: help, note: note))
    }

    /// Runs the closure with one more name in scope.
    mutating func withLocal(
        _ name: Name, _ type: ExpressionType, _ body: (inout Checker) -> ExpressionType
    ) -> ExpressionType {
        locals.append((name.text, type))
        localCount = max(localCount, locals.count)
        defer { locals.removeLast() }
        return body(&self)
    }

    func sourceText(_ range: Range<Int>) -> String {
        String(decoding: text[range], as: UTF8.self)
    }

    /// The type, and of a literal also how it is written: `string 'ten'`.
    func describe(_ node: SyntaxNode) -> String {
        let type = types[node.id]
        if case .literal(let literal) = node.kind {
            switch literal {
            case .null: return "null"
            case .string, .int, .uint, .double: return "\(type) \(sourceText(node.range))"
            default: break
            }
        }
        return "\(type)"
    }

    /// Whether a known type is none of those wanted.
    func isKnown(_ type: ExpressionType, otherThan wanted: ExpressionType) -> Bool {
        !type.isDynamic && type != wanted
    }
}
