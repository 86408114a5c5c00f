// Operators: which types they take, and what they give.
extension Checker {
    mutating func checkConditions(_ parts: [SyntaxNode], _ sign: String) -> ExpressionType {
        for part in parts {
            requireCondition(part, check(part), "\"\(sign)\"")
        }
        return .bool
    }

    mutating func requireCondition(_ node: SyntaxNode, _ type: ExpressionType, _ who: String) {
        if isKnown(type, otherThan: .bool) {
            report(
                .typeMismatch, node.range, "\(who) needs true or false, not \(describe(node))",
                help: nextStep(toCondition: node))
        }
    }

    mutating func checkConditional(
        _ condition: SyntaxNode, _ yes: SyntaxNode, _ no: SyntaxNode
    ) -> ExpressionType {
        requireCondition(condition, check(condition), "\"?\"")
        check(yes)
        check(no)
        matchDecimals(yes, no)
        return types[yes.id].joined(with: types[no.id])
    }

    mutating func checkNegate(_ node: SyntaxNode, _ operand: SyntaxNode) -> ExpressionType {
        let type = check(operand)
        switch type {
        case .int, .double, .decimal, .duration: return type
        case .dynamic, .open: return .dynamic
        default:
            report(
                .typeMismatch, node.range, "cannot negate \(describe(operand))",
                help: "leave \"-\" out; numbers and durations can be negated")
            return .dynamic
        }
    }

    mutating func checkBinary(
        _ node: SyntaxNode, _ operation: BinaryOperator, _ left: SyntaxNode, _ right: SyntaxNode
    ) -> ExpressionType {
        check(left)
        check(right)
        if operation == .isIn {
            checkIn(node, left, right)
            return .bool
        }
        matchDecimals(left, right)
        if isMixed(left, right) {
            reportMixed(node, operation, left, right)
            return operation.isArithmetic ? .dynamic : .bool
        }
        if operation.isArithmetic { return checkArithmetic(node, operation, left, right) }
        checkComparison(node, operation, left, right)
        return .bool
    }

    // MARK: Decimals

    /// Reads a literal beside a decimal from its text.
    mutating func matchDecimals(_ left: SyntaxNode, _ right: SyntaxNode) {
        if types[left.id] == .decimal { makeDecimal(right) }
        if types[right.id] == .decimal { makeDecimal(left) }
    }

    private mutating func makeDecimal(_ node: SyntaxNode) {
        guard case .literal(.double(_, let text)) = node.kind,
            let number = ExactDecimal(text)
        else { return }
        resolutions[node.id] = .decimal(number)
        types[node.id] = .decimal
    }

    private func isMixed(_ left: SyntaxNode, _ right: SyntaxNode) -> Bool {
        let pair = (types[left.id], types[right.id])
        return pair == (.decimal, .double) || pair == (.double, .decimal)
    }

    private mutating func reportMixed(
        _ node: SyntaxNode, _ operation: BinaryOperator, _ left: SyntaxNode, _ right: SyntaxNode
    ) {
        let inexact = types[left.id] == .double ? left : right
        let signs: [BinaryOperator: String] = [.multiply: "×", .subtract: "−", .divide: "÷"]
        let sign = signs[operation] ?? operation.rawValue
        let pair = types[left.id] == .decimal ? "decimal \(sign) double" : "double \(sign) decimal"
        let name = inexact.staticPath?.names.last
        report(
            .decimalMixedWithDouble, node.range, "\(pair) is not exact",
            help: name.map { "declare \"\($0)\" as decimal" })
    }

    // MARK: Comparison

    private mutating func checkComparison(
        _ node: SyntaxNode, _ operation: BinaryOperator, _ left: SyntaxNode, _ right: SyntaxNode
    ) {
        let (a, b) = (types[left.id], types[right.id])
        let isFine: Bool
        if operation == .equal || operation == .notEqual {
            isFine = a.isComparable(with: b)
            checkValues(left, right)
            checkValues(right, left)
        } else {
            isFine = a.isOrdered(with: b)
        }
        if !isFine {
            report(
                .typeMismatch, node.range,
                "cannot compare \(describe(left)) with \(describe(right))",
                help: nextStep(between: left, and: right))
        }
    }

    /// Reports a text that a field can never hold.
    private mutating func checkValues(_ path: SyntaxNode, _ literal: SyntaxNode) {
        guard case .literal(.string(let text)) = literal.kind,
            case .select(let operand, let field, _) = path.kind,
            case .object(let object) = types[operand.id],
            let values = object.field(field.text)?.values, !values.contains(text)
        else { return }
        report(
            .typeMismatch, literal.range, "\"\(field.text)\" is never '\(text)'",
            help: Suggestion.question(for: text, among: values)
                ?? "write one of the possible values",
            note: "possible values: \(values.joined(separator: ", "))")
    }

    private mutating func checkIn(_ node: SyntaxNode, _ left: SyntaxNode, _ right: SyntaxNode) {
        let value = types[left.id]
        let elements: ExpressionType
        switch types[right.id] {
        case .dynamic, .open: return
        case .list(let element): elements = element
        case .map(let key, _): elements = key
        case .object: elements = .string
        default:
            report(
                .typeMismatch, node.range,
                "\"in\" looks in a list or map, not in \(describe(right))",
                help: types[right.id] == .string
                    ? "contains() looks into a text" : "write a list or map behind \"in\"")
            return
        }
        if case .list(let literals) = right.kind {
            for literal in literals { checkValues(left, literal.value) }
        }
        if !value.isComparable(with: elements), !(value.isNumeric && elements.isNumeric) {
            report(
                .typeMismatch, node.range,
                "cannot look for \(describe(left)) among values of type \(elements)",
                help: nextStep(from: left, to: elements))
        }
    }

    // MARK: Arithmetic

    private mutating func checkArithmetic(
        _ node: SyntaxNode, _ operation: BinaryOperator, _ left: SyntaxNode, _ right: SyntaxNode
    ) -> ExpressionType {
        let (a, b) = (types[left.id], types[right.id])
        if let type = a.arithmetic(operation, with: b) { return type }
        if operation == .divide, a == .decimal || b == .decimal {
            report(
                .typeMismatch, node.range, "decimals have no \"/\", which would not be exact",
                help: "write a.div(b, 2), with the digits behind the point")
            return .decimal
        }
        let what =
            switch operation {
            case .add: "cannot add \(describe(left)) and \(describe(right))"
            case .subtract: "cannot subtract \(describe(right)) from \(describe(left))"
            case .multiply: "cannot multiply \(describe(left)) by \(describe(right))"
            case .divide: "cannot divide \(describe(left)) by \(describe(right))"
            default: "there is no remainder of \(describe(left)) by \(describe(right))"
            }
        let isText = operation == .add && (a == .string) != (b == .string)
        report(
            .typeMismatch, node.range, what,
            help: isText ? "string() makes text of a value" : nextStep(between: left, and: right))
        return .dynamic
    }
}

extension ExpressionType {
    /// Whether `<` compares the two.
    func isOrdered(with other: ExpressionType) -> Bool {
        if isDynamic { return other.isDynamic || other.hasOrder }
        if other.isDynamic { return hasOrder }
        return hasOrder && (self == other || isNumeric && other.isNumeric)
    }

    private var hasOrder: Bool {
        switch self {
        case .bool, .int, .uint, .double, .decimal, .string, .bytes, .timestamp, .duration: true
        default: false
        }
    }

    /// The type of the result; `nil` when the operator does not take these types.
    func arithmetic(_ operation: BinaryOperator, with other: ExpressionType) -> ExpressionType? {
        switch (self, other) {
        case (.dynamic, _), (.open, _), (_, .dynamic), (_, .open):
            return openArithmetic(operation, self.isDynamic ? other : self)
        case (.int, .int), (.uint, .uint):
            return self
        case (.double, .double), (.int, .double), (.double, .int):
            return operation == .modulo ? nil : .double
        case (.decimal, .decimal), (.decimal, .int), (.int, .decimal), (.decimal, .uint),
            (.uint, .decimal):
            return operation == .modulo || operation == .divide ? nil : .decimal
        case (.string, .string), (.bytes, .bytes):
            return operation == .add ? self : nil
        case (.list, .list):
            return operation == .add ? joined(with: other) : nil
        case (.duration, .duration):
            return operation == .add || operation == .subtract ? .duration : nil
        case (.timestamp, .duration):
            return operation == .add || operation == .subtract ? .timestamp : nil
        case (.duration, .timestamp):
            return operation == .add ? .timestamp : nil
        case (.timestamp, .timestamp):
            return operation == .subtract ? .duration : nil
        default:
            return nil
        }
    }

    /// One side is not known; the other one says at least what cannot be.
    private func openArithmetic(
        _ operation: BinaryOperator, _ known: ExpressionType
    ) -> ExpressionType? {
        switch known {
        case .dynamic, .open, .int, .uint: .dynamic
        case .double: operation == .modulo ? nil : .dynamic
        case .decimal: operation == .modulo || operation == .divide ? nil : .decimal
        case .string, .bytes: operation == .add ? known : nil
        case .list: operation == .add ? .list(.dynamic) : nil
        case .timestamp, .duration:
            operation == .add || operation == .subtract ? .dynamic : nil
        default: nil
        }
    }
}
