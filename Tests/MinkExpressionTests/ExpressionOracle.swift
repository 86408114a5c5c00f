// A small interpreter of the syntax tree, written for clarity only. It knows the core of the
// language and is what the planner is compared with, on random expressions.

@testable import MinkExpression

/// Evaluates a tree the plain way; `nil` is an error of any kind.
struct ExpressionOracle {
    var variables: [String: Value]

    /// An error; a plain `nil` would be JSON null, because a value can be written as `nil`.
    private static let failed: Value? = Optional.none

    func value(_ node: SyntaxNode) -> Value? {
        switch node.kind {
        case .literal(let literal): Self.literal(literal)
        case .name(let name, _): variables[name.text]
        case .select(let operand, let field, isOptional: false):
            value(operand).flatMap { $0[field.text] }
        case .has(let operand, let field): has(operand, field.text)
        case .index(let operand, let index, isOptional: false): element(operand, index)
        case .negate(let operand): negate(operand)
        case .not(let operand): truth(operand).map { .bool(!$0) }
        case .and(let parts): chain(parts, decisive: false)
        case .or(let parts): chain(parts, decisive: true)
        case .binary(let operation, let left, let right): binary(operation, left, right)
        case .conditional(let test, let yes, let no):
            truth(test).flatMap { $0 ? value(yes) : value(no) }
        case .list(let elements): list(elements)
        case .map(let entries): map(entries)
        case .comprehension(let loop): comprehension(loop)
        case .bind(let name, let bound, let body):
            // An unused value may fail without harm.
            ExpressionOracle(
                variables: variables.merging(
                    value(bound).map { [name.text: $0] } ?? [:]
                ) { $1 }
            ).value(body)
        case .call(let name, nil, let arguments) where name.text == "size":
            size(arguments[0])
        default: nil
        }
    }

    private static func literal(_ literal: Literal) -> Value {
        switch literal {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .uint(let value): .uint(value)
        case .double(let value, _): .double(value)
        case .string(let value): .string(value)
        case .bytes(let value): .bytes(value)
        }
    }

    private func truth(_ node: SyntaxNode) -> Bool? {
        if case .bool(let value) = value(node) { return value }
        return nil
    }

    private func has(_ operand: SyntaxNode, _ field: String) -> Value? {
        guard case .map(let map) = value(operand) else { return nil }
        return .bool(map[field] != nil)
    }

    private func element(_ operand: SyntaxNode, _ index: SyntaxNode) -> Value? {
        guard let container = value(operand), let key = value(index) else { return nil }
        switch (container, key) {
        case (.list(let elements), .int(let index)):
            return elements.indices.contains(Int(index)) ? elements[Int(index)] : Self.failed
        case (.list(let elements), .double(let index)):
            return Int(exactly: index).flatMap {
                elements.indices.contains($0) ? elements[$0] : Self.failed
            }
        case (.map(let map), .string(let name)): return map[name]
        case (.map(let map), .int(let number)): return map[.int(number)]
        case (.map(let map), .bool(let flag)): return map[.bool(flag)]
        case (.map(let map), .double(let number)):
            return Int64(exactly: number).flatMap { map[.int($0)] }
        default: return nil
        }
    }

    private func negate(_ operand: SyntaxNode) -> Value? {
        switch value(operand) {
        case .int(let value): value == .min ? Self.failed : .int(-value)
        case .double(let value): .double(-value)
        default: nil
        }
    }

    private func chain(_ parts: [SyntaxNode], decisive: Bool) -> Value? {
        let truths = parts.map(truth)
        if truths.contains(decisive) { return .bool(decisive) }
        return truths.contains(nil) ? Self.failed : .bool(!decisive)
    }

    private func size(_ node: SyntaxNode) -> Value? {
        switch value(node) {
        case .string(let text): .int(Int64(text.unicodeScalars.count))
        case .list(let elements): .int(Int64(elements.count))
        case .map(let map): .int(Int64(map.count))
        default: nil
        }
    }

    private func list(_ elements: [ListElement]) -> Value? {
        let values = elements.map { value($0.value) }
        return values.contains(nil) ? Self.failed : .list(values.compactMap { $0 })
    }

    private func map(_ entries: [MapEntry]) -> Value? {
        var map = ValueMap()
        for entry in entries {
            guard let key = value(entry.key).flatMap(Self.key), let value = value(entry.value),
                map[key] == nil
            else { return nil }
            map[key] = value
        }
        return .map(map)
    }

    private static func key(_ value: Value) -> ValueKey? {
        switch value {
        case .string(let text): .string(text)
        case .int(let number): .int(number)
        case .bool(let flag): .bool(flag)
        default: nil
        }
    }

    private func comprehension(_ loop: Comprehension) -> Value? {
        let elements: [Value]
        switch value(loop.range) {
        case .list(let list): elements = list
        case .map(let map): elements = map.entries.map(\.key.value)
        default: return nil
        }
        let rounds = elements.map { element in
            var inner = self
            inner.variables[loop.variables[0].text] = element
            return (element, loop.condition.map { inner.truth($0) } ?? true, inner)
        }
        switch loop.kind {
        case .all:
            if rounds.contains(where: { $0.1 == false }) { return false }
            return rounds.contains { $0.1 == nil } ? Self.failed : true
        case .exists:
            if rounds.contains(where: { $0.1 == true }) { return true }
            return rounds.contains { $0.1 == nil } ? Self.failed : false
        case .existsOne:
            if rounds.contains(where: { $0.1 == nil }) { return nil }
            return .bool(rounds.count { $0.1 == true } == 1)
        case .filter:
            if rounds.contains(where: { $0.1 == nil }) { return nil }
            return .list(rounds.compactMap { $0.1 == true ? $0.0 : Self.failed })
        case .map:
            if rounds.contains(where: { $0.1 == nil }) { return nil }
            let made = rounds.filter { $0.1 == true }.map { round in
                loop.transform.flatMap { round.2.value($0) }
            }
            return made.contains(nil) ? Self.failed : .list(made.compactMap { $0 })
        default: return nil
        }
    }
}

extension ExpressionOracle {
    private func binary(
        _ operation: BinaryOperator, _ left: SyntaxNode, _ right: SyntaxNode
    ) -> Value? {
        guard let a = value(left), let b = value(right) else { return nil }
        switch operation {
        case .equal: return .bool(Self.isEqual(a, b))
        case .notEqual: return .bool(!Self.isEqual(a, b))
        case .isIn: return Self.contains(b, a)
        case .less, .lessOrEqual, .greater, .greaterOrEqual: return Self.order(operation, a, b)
        default: return Self.calculate(operation, a, b)
        }
    }

    static func isEqual(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.int(let a), .double(let b)), (.double(let b), .int(let a)): return Double(a) == b
        case (.double(let a), .double(let b)): return a == b
        case (.list(let a), .list(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { isEqual($0, $1) }
        case (.map(let a), .map(let b)):
            return a.count == b.count
                && a.entries.allSatisfy { entry in
                    b[entry.key].map { isEqual(entry.value, $0) } ?? false
                }
        default: return left == right
        }
    }

    private static func contains(_ container: Value, _ value: Value) -> Value? {
        switch container {
        case .list(let elements): return .bool(elements.contains { isEqual($0, value) })
        case .map(let map):
            if case .double(let number) = value {
                return .bool(Int64(exactly: number).map { map[.int($0)] != nil } ?? false)
            }
            return .bool(key(value).map { map[$0] != nil } ?? false)
        default: return nil
        }
    }

    private static func order(
        _ operation: BinaryOperator, _ left: Value, _ right: Value
    ) -> Value? {
        func test<T: Comparable>(_ a: T, _ b: T) -> Value {
            switch operation {
            case .less: .bool(a < b)
            case .lessOrEqual: .bool(a <= b)
            case .greater: .bool(a > b)
            default: .bool(a >= b)
            }
        }
        switch (left, right) {
        case (.int(let a), .int(let b)): return test(a, b)
        case (.double(let a), .double(let b)): return test(a, b)
        case (.int(let a), .double(let b)): return test(Double(a), b)
        case (.double(let a), .int(let b)): return test(a, Double(b))
        case (.bool(let a), .bool(let b)): return test(a ? 1 : 0, b ? 1 : 0)
        case (.string(let a), .string(let b)):
            return a.hasSameBytes(as: b)
                ? test(0, 0) : test(a.precedesByBytes(b) ? 0 : 1, a.precedesByBytes(b) ? 1 : 0)
        default: return nil
        }
    }

    private static func calculate(
        _ operation: BinaryOperator, _ left: Value, _ right: Value
    ) -> Value? {
        switch (left, right) {
        case (.int(let a), .int(let b)): return whole(operation, Int128(a), Int128(b))
        case (.double(let a), .double(let b)): return floating(operation, a, b)
        case (.int(let a), .double(let b)): return floating(operation, Double(a), b)
        case (.double(let a), .int(let b)): return floating(operation, a, Double(b))
        case (.string(let a), .string(let b)):
            return operation == .add ? .string(a + b) : Self.failed
        case (.list(let a), .list(let b)):
            return operation == .add ? .list(a + b) : Self.failed
        default: return nil
        }
    }

    private static func whole(_ operation: BinaryOperator, _ a: Int128, _ b: Int128) -> Value? {
        let result: Int128? =
            switch operation {
            case .add: a + b
            case .subtract: a - b
            case .multiply: a * b
            case .divide: b == 0 ? nil : a / b
            default: b == 0 ? nil : a % b
            }
        return result.flatMap { Int64(exactly: $0) }.map(Value.int)
    }

    private static func floating(_ operation: BinaryOperator, _ a: Double, _ b: Double) -> Value? {
        switch operation {
        case .add: .double(a + b)
        case .subtract: .double(a - b)
        case .multiply: .double(a * b)
        case .divide: .double(a / b)
        default: nil
        }
    }
}
