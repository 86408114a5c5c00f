// Plans == != < <= > >= and in. The common shapes — a field with a literal, two fields — get
// closures of their own, which reach their operands without a call.

/// Where an operand comes from.
protocol OperandSource: Sendable {
    func load(_ machine: Machine) -> Cell
}

/// An operand that is written out.
struct ConstantSource: OperandSource {
    let cell: Cell
    @inline(__always) func load(_ machine: Machine) -> Cell { cell }
}

/// A field of a variable.
struct SlotFieldSource: OperandSource {
    let slot: Int32
    let key: UInt16
    let reader: FieldReader
    @inline(__always) func load(_ machine: Machine) -> Cell {
        let owner = machine.slot(Int(slot))
        return CellMap.field(owner, key) ?? reader.missing(machine, owner)
    }
}

/// The variable of a loop.
struct LocalSource: OperandSource {
    let index: Int
    @inline(__always) func load(_ machine: Machine) -> Cell { machine.local(index) }
}

/// A field of the variable of a loop.
struct LocalFieldSource: OperandSource {
    let index: Int32
    let key: UInt16
    let reader: FieldReader
    @inline(__always) func load(_ machine: Machine) -> Cell {
        let owner = machine.local(Int(index))
        return CellMap.field(owner, key) ?? reader.missing(machine, owner)
    }
}

/// Anything else.
struct PlanSource: OperandSource {
    let plan: Plan
    @inline(__always) func load(_ machine: Machine) -> Cell { plan(machine) }
}

/// One of the four order comparisons, as a type, so that each gets closures of its own.
protocol OrderTest: SendableMetatype {
    static func accepts(_ compared: Compared) -> Bool
    static func holds<Number: Comparable>(_ left: Number, _ right: Number) -> Bool
}

enum Less: OrderTest {
    static func accepts(_ c: Compared) -> Bool { c == .less }
    @inline(__always) static func holds<N: Comparable>(_ a: N, _ b: N) -> Bool { a < b }
}

enum LessOrEqual: OrderTest {
    static func accepts(_ c: Compared) -> Bool { c == .less || c == .equal }
    @inline(__always) static func holds<N: Comparable>(_ a: N, _ b: N) -> Bool { a <= b }
}

enum Greater: OrderTest {
    static func accepts(_ c: Compared) -> Bool { c == .greater }
    @inline(__always) static func holds<N: Comparable>(_ a: N, _ b: N) -> Bool { a > b }
}

enum GreaterOrEqual: OrderTest {
    static func accepts(_ c: Compared) -> Bool { c == .greater || c == .equal }
    @inline(__always) static func holds<N: Comparable>(_ a: N, _ b: N) -> Bool { a >= b }
}

extension Planner {
    mutating func planComparison(
        _ node: SyntaxNode, _ operation: BinaryOperator, _ left: SyntaxNode, _ right: SyntaxNode
    ) -> Condition {
        let comparison = Comparison(
            operation: operation, site: site(node.range, operation.rawValue),
            leftExact: exactLiteral(left), rightExact: exactLiteral(right))
        switch source(left) {
        case let left as SlotFieldSource: return planRight(comparison, left, right)
        case let left as LocalFieldSource: return planRight(comparison, left, right)
        case let left as LocalSource: return planRight(comparison, left, right)
        case let left: return planRight(comparison, PlanSource(plan: Self.plan(of: left)), right)
        }
    }

    private mutating func planRight<Left: OperandSource>(
        _ comparison: Comparison, _ left: Left, _ right: SyntaxNode
    ) -> Condition {
        switch source(right) {
        case let right as ConstantSource: return comparison.plan(left, right)
        case let right as SlotFieldSource: return comparison.plan(left, right)
        case let right: return comparison.plan(left, PlanSource(plan: Self.plan(of: right)))
        }
    }

    private static func plan(of source: any OperandSource) -> Plan {
        if let source = source as? PlanSource { return source.plan }
        return { source.load($0) }
    }

    private mutating func source(_ node: SyntaxNode) -> any OperandSource {
        if let constant = constant(node) { return ConstantSource(cell: constant) }
        switch node.kind {
        case .name:
            if case .local(let index) = checked.resolutions[node.id] {
                return LocalSource(index: index)
            }
        case .select(let operand, let field, isOptional: false)
        where checked.resolutions[node.id] == nil:
            switch checked.resolutions[operand.id] {
            case .variable(let slot):
                let reader = fieldReader(operand, field)
                return SlotFieldSource(
                    slot: Int32(truncatingIfNeeded: slot), key: reader.name.name, reader: reader)
            case .local(let index):
                let reader = fieldReader(operand, field)
                return LocalFieldSource(
                    index: Int32(truncatingIfNeeded: index), key: reader.name.name,
                    reader: reader)
            default: break
            }
        default: break
        }
        return PlanSource(plan: plan(node))
    }

    /// A floating point literal as a decimal, for the case that it meets one.
    func exactLiteral(_ node: SyntaxNode) -> Cell? {
        guard case .literal(.double(_, let text)) = node.kind,
            let number = ExactDecimal(text)
        else { return nil }
        return constants.make(.decimal(number))
    }
}

/// A planned comparison.
///
/// A class, so that a closure holds one word of it.
final class Comparison: Sendable {
    private let operation: BinaryOperator
    private let site: UInt32
    private let leftExact: Cell?
    private let rightExact: Cell?

    init(operation: BinaryOperator, site: UInt32, leftExact: Cell?, rightExact: Cell?) {
        self.operation = operation
        self.site = site
        self.leftExact = leftExact
        self.rightExact = rightExact
    }

    func plan<Left: OperandSource, Right: OperandSource>(
        _ left: Left, _ right: Right
    ) -> Condition {
        switch operation {
        case .equal: return planEqual(left, right, whenEqual: .yes)
        case .notEqual: return planEqual(left, right, whenEqual: .no)
        case .less: return planOrder(left, right, Less.self)
        case .lessOrEqual: return planOrder(left, right, LessOrEqual.self)
        case .greater: return planOrder(left, right, Greater.self)
        case .greaterOrEqual: return planOrder(left, right, GreaterOrEqual.self)
        default: return planIn(left, right)
        }
    }

    private func planEqual<Left: OperandSource, Right: OperandSource>(
        _ left: Left, _ right: Right, whenEqual: Truth
    ) -> Condition {
        let otherwise: Truth = whenEqual == .yes ? .no : .yes
        return { machine in
            let a = left.load(machine)
            let b = right.load(machine)
            if a.tag == .string, b.tag == .string {
                guard a.length == b.length else { return otherwise }
                if a.length <= 64 { return Equality.sameBytes(a, b) ? whenEqual : otherwise }
            } else if a.tag == .int, b.tag == .int {
                return a.bits == b.bits ? whenEqual : otherwise
            }
            return self.slowEqual(machine, a, b, whenEqual, otherwise)
        }
    }

    @inline(never)
    private func slowEqual(
        _ machine: Machine, _ left: Cell, _ right: Cell, _ whenEqual: Truth, _ otherwise: Truth
    ) -> Truth {
        guard !left.isError else { return machine.fail(left) }
        guard !right.isError else { return machine.fail(right) }
        let (left, right) = exact(left, right)
        guard let isEqual = Equality(machine: machine).areEqual(left, right) else {
            return machine.fail(machine.exhausted.located(at: site))
        }
        return isEqual ? whenEqual : otherwise
    }

    private func planOrder<Left: OperandSource, Right: OperandSource, Test: OrderTest>(
        _ left: Left, _ right: Right, _ test: Test.Type
    ) -> Condition {
        { machine in
            let a = left.load(machine)
            let b = right.load(machine)
            if a.tag == .double, b.tag == .double {
                return Truth(Test.holds(a.double, b.double))
            }
            if a.tag == .int, b.tag == .int { return Truth(Test.holds(a.int, b.int)) }
            return self.slowOrder(machine, a, b, Test.accepts)
        }
    }

    @inline(never)
    private func slowOrder(
        _ machine: Machine, _ left: Cell, _ right: Cell, _ test: (Compared) -> Bool
    ) -> Truth {
        guard !left.isError else { return machine.fail(left) }
        guard !right.isError else { return machine.fail(right) }
        let (left, right) = exact(left, right)
        if left.tag == .string, !machine.charge(bytes: min(left.count, right.count)) {
            return machine.fail(machine.exhausted.located(at: site))
        }
        let compared = Ordering.compare(left, right)
        if compared == .mismatch {
            return machine.fail(Cell.noOverload(left, right).located(at: site))
        }
        return Truth(test(compared))
    }

    private func planIn<Left: OperandSource, Right: OperandSource>(
        _ left: Left, _ right: Right
    ) -> Condition {
        let site = site
        return { machine in
            let value = left.load(machine)
            if value.isError { return machine.fail(value) }
            let container = right.load(machine)
            if container.isError { return machine.fail(container) }
            let result = Equality(machine: machine).contains(container, value)
            return result.isError
                ? machine.fail(result.located(at: site)) : Truth(result.bool)
        }
    }

    /// A literal beside a decimal is read from its text.
    private func exact(_ left: Cell, _ right: Cell) -> (Cell, Cell) {
        if left.tag == .decimal, let rightExact { return (left, rightExact) }
        if right.tag == .decimal, let leftExact { return (leftExact, right) }
        return (left, right)
    }
}
