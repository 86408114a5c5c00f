// How many steps the loops of an expression may take, before anything runs.
//
// A list has as many elements as its type allows; where nothing says how many, 100 are assumed.

/// The most steps of an expression.
package struct WorstCase: Sendable, Hashable {
    /// The steps, as the evaluator charges them.
    package let steps: Int
    /// The length of the longest list that was assumed or is allowed.
    package let items: Int
    /// Whether the type of each list says how long it can be.
    package let isBounded: Bool
    /// Whether one loop runs inside another.
    package let isNested: Bool

    /// The length of a list of which nothing is known.
    package static let assumedItems = 100

    /// The most steps of an expression; `nil` when it has no loop.
    static func of(_ checked: CheckedExpression) -> WorstCase? {
        let depth = checked.root.comprehensionDepth
        guard depth > 0 else { return nil }
        var counter = StepCounter(checked: checked)
        let steps = counter.steps(checked.root)
        return WorstCase(
            steps: steps, items: counter.items, isBounded: counter.isBounded, isNested: depth > 1)
    }
}

private struct StepCounter {
    let checked: CheckedExpression
    var items = 0
    var isBounded = true

    /// The steps of a part, all rounds of its loops included.
    mutating func steps(_ node: SyntaxNode) -> Int {
        switch node.kind {
        case .literal, .invalid: return 0
        case .name: return 1
        case .select(let part, _, _), .has(let part, _), .negate(let part), .not(let part):
            return sum([1, steps(part)])
        case .index(let left, let right, _), .binary(_, let left, let right),
            .bind(_, let left, let right), .optionalMap(let left, _, let right, _):
            return sum([1, steps(left), steps(right)])
        case .and(let parts), .or(let parts):
            return sum(parts.map { steps($0) })
        case .conditional(let test, let yes, let no):
            return sum([steps(test), max(steps(yes), steps(no))])
        case .call(_, let target, let arguments):
            return sum([1, target.map { steps($0) } ?? 0] + arguments.map { steps($0) })
        case .list(let elements):
            return sum([1] + elements.map { steps($0.value) })
        case .map(let entries):
            return sum([1] + entries.flatMap { [steps($0.key), steps($0.value)] })
        case .comprehension(let loop):
            let count = length(of: loop.range) ?? unknownLength()
            items = max(items, count)
            let round = sum([
                1, loop.condition.map { steps($0) } ?? 0, loop.transform.map { steps($0) } ?? 0,
            ])
            let (rounds, overflow) = count.multipliedReportingOverflow(by: round)
            return sum([1, steps(loop.range), overflow ? Int.max : rounds])
        }
    }

    private mutating func unknownLength() -> Int {
        isBounded = false
        return WorstCase.assumedItems
    }

    /// How many elements a list can have; `nil` when nothing says so.
    private func length(of node: SyntaxNode) -> Int? {
        switch node.kind {
        case .list(let elements):
            return elements.count
        case .map(let entries):
            return entries.count
        case .select(let owner, let field, _):
            guard case .object(let object) = checked.types[owner.id] else { return nil }
            return object.field(field.text)?.maxItems
        case .conditional(_, let yes, let no):
            guard let left = length(of: yes), let right = length(of: no) else { return nil }
            return max(left, right)
        case .comprehension(let loop) where loop.kind != .transformMapEntry:
            return length(of: loop.range)
        default:
            return nil
        }
    }

    private func sum(_ parts: [Int]) -> Int {
        parts.reduce(0) { total, part in
            let (sum, overflow) = total.addingReportingOverflow(part)
            return overflow ? Int.max : sum
        }
    }
}
