// How two cells stand to each other. Whole numbers and floating point numbers meet as floating
// point numbers, as the other engines of the language compare them.

/// The outcome of a comparison.
enum Compared {
    case less, equal, greater
    /// One side is not a number.
    case unordered
    /// The two cannot be compared.
    case mismatch

    @inline(__always) init(_ order: Order) {
        self =
            switch order {
            case .less: .less
            case .equal: .equal
            case .greater: .greater
            }
    }
}

enum Ordering {
    /// Compares texts, or bytes, byte by byte.
    static func bytes(_ left: Cell, _ right: Cell) -> Order {
        let (a, b) = (left.utf8, right.utf8)
        for index in 0..<min(a.count, b.count) where a[index] != b[index] {
            return a[index] < b[index] ? .less : .greater
        }
        return Order(a.count, b.count)
    }

    /// Compares `int` and `uint`, exactly.
    static func whole(_ left: Cell, _ right: Cell) -> Order {
        switch (left.tag, right.tag) {
        case (.int, .int): Order(left.int, right.int)
        case (.int, _): left.int < 0 ? .less : Order(left.bits, right.bits)
        case (_, .int): right.int < 0 ? .greater : Order(left.bits, right.bits)
        default: Order(left.bits, right.bits)
        }
    }

    @inline(__always)
    static func doubles(_ left: Double, _ right: Double) -> Compared {
        left < right ? .less : left == right ? .equal : left > right ? .greater : .unordered
    }

    /// Compares what `<` accepts.
    static func compare(_ left: Cell, _ right: Cell) -> Compared {
        switch (left.tag, right.tag) {
        case (.int, .int): return Compared(Order(left.int, right.int))
        case (.double, .double): return doubles(left.double, right.double)
        case (.string, .string), (.bytes, .bytes): return Compared(bytes(left, right))
        case (.bool, .bool): return Compared(Order(left.bits, right.bits))
        case (.duration, .duration): return Compared(Order(left.int, right.int))
        case (.timestamp, .timestamp):
            return left.int == right.int
                ? Compared(Order(left.length, right.length)) : Compared(Order(left.int, right.int))
        default: return numbers(left, right)
        }
    }

    /// Compares numbers of any kinds.
    static func numbers(_ left: Cell, _ right: Cell) -> Compared {
        switch (left.tag, right.tag) {
        case (.int, .int), (.int, .uint), (.uint, .int), (.uint, .uint):
            return Compared(whole(left, right))
        case (.decimal, .decimal), (.decimal, .int), (.decimal, .uint), (.int, .decimal),
            (.uint, .decimal):
            guard let a = exact(left), let b = exact(right) else { return .mismatch }
            return Compared(a.compare(to: b))
        default:
            guard let a = approximate(left), let b = approximate(right) else { return .mismatch }
            return doubles(a, b)
        }
    }

    /// The number as a decimal; `nil` for what is not exact or no number.
    static func exact(_ cell: Cell) -> ExactDecimal? {
        switch cell.tag {
        case .decimal: cell.decimal
        case .int: ExactDecimal(cell.int)
        case .uint: ExactDecimal(cell.uint)
        default: nil
        }
    }

    /// The number as a floating point number; `nil` for what is no number.
    static func approximate(_ cell: Cell) -> Double? {
        switch cell.tag {
        case .double: cell.double
        case .int: Double(cell.int)
        case .uint: Double(cell.uint)
        case .decimal: cell.decimal.double
        default: nil
        }
    }
}
