// What `==` says: numbers by value whatever their kinds, lists and maps by their content, and
// values of different kinds are simply not equal.

/// Compares values for equality, and counts the steps.
struct Equality {
    let machine: Machine

    /// Whether both are equal; `nil` when the budget is used up on the way.
    func areEqual(_ left: Cell, _ right: Cell) -> Bool? {
        switch (left.tag, right.tag) {
        case (.int, .int), (.uint, .uint), (.bool, .bool), (.duration, .duration):
            return left.bits == right.bits
        case (.string, .string), (.bytes, .bytes):
            return bytes(left, right)
        case (.double, .double):
            return left.double == right.double
        case (.type, .type):
            return Ordering.bytes(left, right) == .equal
        case (.null, .null):
            return true
        case (.timestamp, .timestamp):
            return left.bits == right.bits && left.length == right.length
        case (.list, .list), (.optional, .optional):
            return lists(left, right)
        case (.map, .map):
            return maps(left, right)
        default:
            return Ordering.numbers(left, right) == .equal
        }
    }

    private func bytes(_ left: Cell, _ right: Cell) -> Bool? {
        guard left.length == right.length else { return false }
        guard machine.charge(bytes: left.count) else { return nil }
        return Self.sameBytes(left, right)
    }

    /// Whether two texts of the same length hold the same bytes.
    @inline(__always)
    static func sameBytes(_ left: Cell, _ right: Cell) -> Bool {
        let (a, b) = (left.utf8, right.utf8)
        for index in 0..<a.count where a[index] != b[index] { return false }
        return true
    }

    private func lists(_ left: Cell, _ right: Cell) -> Bool? {
        guard left.length == right.length else { return false }
        guard machine.charge(left.count) else { return nil }
        for (a, b) in zip(left.elements, right.elements) {
            guard let isEqual = areEqual(a, b) else { return nil }
            if !isEqual { return false }
        }
        return true
    }

    private func maps(_ left: Cell, _ right: Cell) -> Bool? {
        guard left.length == right.length else { return false }
        guard machine.charge(left.count) else { return nil }
        for entry in left.entries {
            guard let other = CellMap.find(right, entry.key) else { return false }
            guard let isEqual = areEqual(entry.value, other) else { return nil }
            if !isEqual { return false }
        }
        return true
    }

    /// Whether a list has an equal element, or a map the key.
    func contains(_ container: Cell, _ value: Cell) -> Cell {
        switch container.tag {
        case .map:
            return .bool(CellMap.find(container, value) != nil)
        case .list:
            guard machine.charge(container.count) else { return machine.exhausted }
            for element in container.elements {
                guard let isEqual = areEqual(element, value) else { return machine.exhausted }
                if isEqual { return .bool(true) }
            }
            return .bool(false)
        default:
            return .noOverload(value, container)
        }
    }
}
