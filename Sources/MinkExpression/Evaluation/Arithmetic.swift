// + − × ÷ and the remainder, by the kinds of the operands. Nothing traps: what does not fit is an
// error of the expression.

/// The arithmetic operators.
struct Arithmetic {
    let machine: Machine

    func apply(_ operation: BinaryOperator, _ left: Cell, _ right: Cell) -> Cell {
        switch operation {
        case .add: add(left, right)
        case .subtract: subtract(left, right)
        case .multiply: multiply(left, right)
        case .divide: divide(left, right)
        case .modulo: remainder(left, right)
        default: .noOverload(left, right)
        }
    }

    func add(_ left: Cell, _ right: Cell) -> Cell {
        switch (left.tag, right.tag) {
        case (.int, .int): return Self.checked(left.int.addingReportingOverflow(right.int))
        case (.uint, .uint): return Self.checked(left.uint.addingReportingOverflow(right.uint))
        case (.string, .string): return machine.makeJoined(.string, left, right)
        case (.bytes, .bytes): return machine.makeJoined(.bytes, left, right)
        case (.list, .list): return joinLists(left, right)
        case (.duration, .duration):
            return Self.span(left.int.addingReportingOverflow(right.int))
        case (.timestamp, .duration): return move(left, by: Int128(right.int))
        case (.duration, .timestamp): return move(right, by: Int128(left.int))
        default: return calculate(left, right, { $0 + $1 }, { $0.adding($1) })
        }
    }

    func subtract(_ left: Cell, _ right: Cell) -> Cell {
        switch (left.tag, right.tag) {
        case (.int, .int): return Self.checked(left.int.subtractingReportingOverflow(right.int))
        case (.uint, .uint):
            return Self.checked(left.uint.subtractingReportingOverflow(right.uint))
        case (.duration, .duration):
            return Self.span(left.int.subtractingReportingOverflow(right.int))
        case (.timestamp, .duration): return move(left, by: -Int128(right.int))
        case (.timestamp, .timestamp): return distance(left, right)
        default: return calculate(left, right, { $0 - $1 }, { $0.subtracting($1) })
        }
    }

    func multiply(_ left: Cell, _ right: Cell) -> Cell {
        switch (left.tag, right.tag) {
        case (.int, .int): Self.checked(left.int.multipliedReportingOverflow(by: right.int))
        case (.uint, .uint): Self.checked(left.uint.multipliedReportingOverflow(by: right.uint))
        default: calculate(left, right, { $0 * $1 }, { $0.multiplied(by: $1) })
        }
    }

    func divide(_ left: Cell, _ right: Cell) -> Cell {
        switch (left.tag, right.tag) {
        case (.int, .int):
            right.int == 0
                ? .error(.divideByZero)
                : Self.checked(left.int.dividedReportingOverflow(by: right.int))
        case (.uint, .uint):
            right.uint == 0 ? .error(.divideByZero) : .uint(left.uint / right.uint)
        default: calculate(left, right, { $0 / $1 }, nil)
        }
    }

    func remainder(_ left: Cell, _ right: Cell) -> Cell {
        switch (left.tag, right.tag) {
        case (.int, .int):
            // The smallest number divided by −1 leaves nothing, though the quotient overflows.
            right.int == 0
                ? .error(.divideByZero)
                : .int(left.int.remainderReportingOverflow(dividingBy: right.int).partialValue)
        case (.uint, .uint):
            right.uint == 0 ? .error(.divideByZero) : .uint(left.uint % right.uint)
        default: .noOverload(left, right)
        }
    }

    func negate(_ cell: Cell) -> Cell {
        switch cell.tag {
        case .int: Self.checked(Int64(0).subtractingReportingOverflow(cell.int))
        case .double: .double(-cell.double)
        case .decimal: machine.makeDecimal(cell.decimal.negated)
        case .duration: Self.span(Int64(0).subtractingReportingOverflow(cell.int))
        default: .noOverload(cell)
        }
    }
}

extension Arithmetic {
    @inline(__always)
    static func checked(_ result: (partialValue: Int64, overflow: Bool)) -> Cell {
        result.overflow ? .error(.overflow) : .int(result.partialValue)
    }

    private static func checked(_ result: (partialValue: UInt64, overflow: Bool)) -> Cell {
        result.overflow ? .error(.overflow) : .uint(result.partialValue)
    }

    private static func span(_ result: (partialValue: Int64, overflow: Bool)) -> Cell {
        result.overflow ? .error(.overflow) : .duration(nanoseconds: result.partialValue)
    }

    /// Floating point numbers, alone or with whole ones, and decimals with whole numbers.
    private func calculate(
        _ left: Cell, _ right: Cell, _ approximate: (Double, Double) -> Double,
        _ exact: ((ExactDecimal, ExactDecimal) -> ExactDecimal?)?
    ) -> Cell {
        switch (left.tag, right.tag) {
        case (.double, .double): return .double(approximate(left.double, right.double))
        case (.int, .double): return .double(approximate(Double(left.int), right.double))
        case (.double, .int): return .double(approximate(left.double, Double(right.int)))
        case (.decimal, _), (_, .decimal):
            guard let exact, let a = Ordering.exact(left), let b = Ordering.exact(right) else {
                return .noOverload(left, right)
            }
            guard let result = exact(a, b) else { return .error(.overflow) }
            return machine.makeDecimal(result)
        default: return .noOverload(left, right)
        }
    }

    private func joinLists(_ left: Cell, _ right: Cell) -> Cell {
        if right.length == 0 { return left }
        if left.length == 0 { return right }
        let count = left.count + right.count
        guard let cells = machine.makeCells(count) else { return machine.exhausted }
        for (index, element) in left.elements.enumerated() { cells[index] = element }
        for (index, element) in right.elements.enumerated() { cells[left.count + index] = element }
        return Machine.list(cells, count)
    }

    private func move(_ moment: Cell, by nanoseconds: Int128) -> Cell {
        guard let start = moment.timestamp,
            let moved = Timestamp(
                nanosecondsSince1970: start.nanosecondsSince1970 + nanoseconds)
        else { return .error(.overflow) }
        return .timestamp(moved)
    }

    private func distance(_ left: Cell, _ right: Cell) -> Cell {
        guard let a = left.timestamp, let b = right.timestamp,
            let span = Int64(exactly: a.nanosecondsSince1970 - b.nanosecondsSince1970)
        else { return .error(.overflow) }
        return .duration(nanoseconds: span)
    }
}
