// sum, min, max, slice, flatten, distinct, reverse, sort, first, last, lists.range.
enum ListFunctions {
    private static let numbers: [ExpressionType] = [.int, .uint, .double, .decimal, .duration]
    private static let orders: [ExpressionType] =
        numbers + [.string, .bytes, .bool, .timestamp]

    static let all: [LibraryFunction] = [
        reduction("sum", numbers, sum),
        reduction("min", orders) { extreme($0, $1) { $0 == .less } },
        reduction("max", orders) { extreme($0, $1) { $0 == .greater } },
        .member(
            "slice", Signature(.list(.a), .int, .int, gives: .list(.a)), body: .ternary(slice)),
        .member(
            "flatten", Signature(.list(.list(.a)), gives: .list(.a)),
            body: .unary { flatten($0, $1, .int(1)) }),
        .member(
            "flatten", Signature(.list(.dynamic), .int, gives: .list(.dynamic)),
            body: .binary(flatten)),
        .member("distinct", Signature(.list(.a), gives: .list(.a)), body: .unary(distinct)),
        .member(
            "reverse", Signature(.list(.a), gives: .list(.a)),
            Signature(.string, gives: .string), body: .unary(reverse)),
        .member("sort", Signature(.list(.a), gives: .list(.a)), body: .unary(sort)),
        .member(
            "first", Signature(.list(.a), gives: .optional(.a)),
            body: .unary { end($0, $1) { $0.first } }),
        .member(
            "last", Signature(.list(.a), gives: .optional(.a)),
            body: .unary { end($0, $1) { $0.last } }),
        .global("lists.range", Signature(.int, gives: .list(.int)), body: .unary(range)),
    ]

    private static func reduction(
        _ name: String, _ types: [ExpressionType],
        _ body: @escaping @Sendable (Machine, UnsafeBufferPointer<Cell>) -> Cell
    ) -> LibraryFunction {
        LibraryFunction(
            name: name, isMember: true,
            signatures: types.map { Signature(parameters: [.list($0)], result: $0) },
            body: .unary { machine, list in
                guard list.tag == .list else { return .noOverload(list) }
                guard machine.charge(list.count) else { return machine.exhausted }
                return body(machine, list.elements)
            })
    }

    /// The sum; of an empty list the whole number 0, which adds to every kind of number.
    @Sendable private static func sum(
        _ machine: Machine, _ elements: UnsafeBufferPointer<Cell>
    ) -> Cell {
        let arithmetic = Arithmetic(machine: machine)
        guard var total = elements.first else { return .int(0) }
        switch total.tag {
        case .int, .uint, .double, .decimal, .duration: break
        default: return .noOverload(total)
        }
        for element in elements.dropFirst() {
            total = arithmetic.add(total, element)
            if total.isError { return total }
        }
        return total
    }

    private static func extreme(
        _ machine: Machine, _ elements: UnsafeBufferPointer<Cell>,
        _ isBetter: (Compared) -> Bool
    ) -> Cell {
        guard var best = elements.first else { return .error(.badArgument) }
        for element in elements {
            let compared = Ordering.compare(element, best)
            if compared == .mismatch { return .noOverload(element, best) }
            if isBetter(compared) { best = element }
        }
        return best
    }

    @Sendable private static func slice(
        _ machine: Machine, _ list: Cell, _ from: Cell, _ to: Cell
    ) -> Cell {
        guard list.tag == .list, from.tag == .int, to.tag == .int else {
            return .noOverload(list, from)
        }
        guard from.int >= 0, from.int <= to.int, to.int <= Int64(list.count) else {
            return .error(.indexOutOfBounds)
        }
        let offset = UInt64(from.int) * UInt64(MemoryLayout<Cell>.stride)
        return Cell(
            .list, bits: list.bits + offset,
            length: UInt32(truncatingIfNeeded: to.int - from.int))
    }

    @Sendable private static func flatten(
        _ machine: Machine, _ list: Cell, _ depth: Cell
    ) -> Cell {
        guard list.tag == .list, depth.tag == .int else { return .noOverload(list, depth) }
        guard depth.int >= 0 else { return .error(.badArgument) }
        var flat: [Cell] = []
        guard collect(machine, list, min(depth.int, 64), &flat) else { return machine.exhausted }
        return machine.makeList(flat)
    }

    private static func collect(
        _ machine: Machine, _ list: Cell, _ depth: Int64, _ flat: inout [Cell]
    ) -> Bool {
        guard machine.charge(1 + list.count) else { return false }
        for element in list.elements {
            if element.tag == .list, depth > 0 {
                guard collect(machine, element, depth - 1, &flat) else { return false }
            } else {
                flat.append(element)
            }
        }
        return true
    }

    @Sendable private static func distinct(_ machine: Machine, _ list: Cell) -> Cell {
        guard list.tag == .list else { return .noOverload(list) }
        let equality = Equality(machine: machine)
        var kept: [Cell] = []
        for element in list.elements {
            var isKnown = false
            for other in kept {
                guard machine.charge(1), let isEqual = equality.areEqual(element, other) else {
                    return machine.exhausted
                }
                if isEqual {
                    isKnown = true
                    break
                }
            }
            if !isKnown { kept.append(element) }
        }
        return machine.makeList(kept)
    }

    @Sendable private static func reverse(_ machine: Machine, _ value: Cell) -> Cell {
        switch value.tag {
        case .list: machine.makeList(value.elements.reversed())
        case .string:
            machine.charge(bytes: value.count)
                ? machine.makeText(
                    String(String.UnicodeScalarView(value.text.unicodeScalars.reversed())))
                : machine.exhausted
        default: .noOverload(value)
        }
    }

    @Sendable private static func sort(_ machine: Machine, _ list: Cell) -> Cell {
        guard list.tag == .list else { return .noOverload(list) }
        // A comparison sort of n elements takes about n log n steps.
        let steps = list.count * (Int.bitWidth - list.count.leadingZeroBitCount)
        guard machine.charge(steps) else { return machine.exhausted }
        for (left, right) in zip(list.elements, list.elements.dropFirst())
        where Ordering.compare(left, right) == .mismatch || left.tag != right.tag {
            return .noOverload(left, right)
        }
        return machine.makeList(
            list.elements.sorted { Ordering.compare($0, $1) == .less })
    }

    private static func end(
        _ machine: Machine, _ list: Cell, _ pick: (UnsafeBufferPointer<Cell>) -> Cell?
    ) -> Cell {
        guard list.tag == .list else { return .noOverload(list) }
        return pick(list.elements).map(machine.makeSome) ?? .none
    }

    @Sendable private static func range(_ machine: Machine, _ count: Cell) -> Cell {
        guard count.tag == .int else { return .noOverload(count) }
        guard count.int >= 0, let size = Int(exactly: count.int) else {
            return .error(.badArgument)
        }
        guard size <= EvaluationScope.maxOutputBytes / MemoryLayout<Cell>.stride,
            machine.charge(size), let cells = machine.makeCells(size)
        else { return .error(.tooLarge) }
        for index in 0..<size { cells[index] = .int(Int64(index)) }
        return Machine.list(cells, size)
    }
}
