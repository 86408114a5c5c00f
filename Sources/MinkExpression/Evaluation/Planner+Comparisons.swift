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
    let slot: Int
    let variable: UInt32
    let reader: FieldReader
    @inline(__always) func load(_ machine: Machine) -> Cell {
        reader.read(machine, machine.slot(slot).located(at: variable))
    }
}

/// The variable of a loop.
struct LocalSource: OperandSource {
    let index: Int
    @inline(__always) func load(_ machine: Machine) -> Cell { machine.local(index) }
}

/// A field of the variable of a loop.
struct LocalFieldSource: OperandSource {
    let index: Int
    let reader: FieldReader
    @inline(__always) func load(_ machine: Machine) -> Cell {
        reader.read(machine, machine.local(index))
    }
}

/// Anything else.
struct PlanSource: OperandSource {
    let plan: Plan
    @inline(__always) func load(_ machine: Machine) -> Cell { plan(machine) }
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
                return SlotFieldSource(
                    slot: slot, variable: site(operand), reader: fieldReader(operand, field))
            case .local(let index):
                return LocalFieldSource(index: index, reader: fieldReader(operand, field))
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
struct Comparison: Sendable {
    let operation: BinaryOperator
    let site: UInt32
    let leftExact: Cell?
    let rightExact: Cell?

    func plan<Left: OperandSource, Right: OperandSource>(
        _ left: Left, _ right: Right
    ) -> Condition {
        switch operation {
        case .equal: return planEqual(left, right, whenEqual: .yes)
        case .notEqual: return planEqual(left, right, whenEqual: .no)
        case .less: return planOrder(left, right) { $0 < $1 } or: { $0 == .less }
        case .lessOrEqual:
            return planOrder(left, right) { $0 <= $1 } or: { $0 == .less || $0 == .equal }
        case .greater: return planOrder(left, right) { $0 > $1 } or: { $0 == .greater }
        case .greaterOrEqual:
            return planOrder(left, right) { $0 >= $1 } or: { $0 == .greater || $0 == .equal }
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

    private func planOrder<Left: OperandSource, Right: OperandSource>(
        _ left: Left, _ right: Right, _ doubles: @escaping @Sendable (Double, Double) -> Bool,
        or test: @escaping @Sendable (Compared) -> Bool
    ) -> Condition {
        { machine in
            let a = left.load(machine)
            let b = right.load(machine)
            if a.tag == .double, b.tag == .double { return Truth(doubles(a.double, b.double)) }
            if a.tag == .int, b.tag == .int {
                return Truth(test(Compared(Order(a.int, b.int))))
            }
            return self.slowOrder(machine, a, b, test)
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
