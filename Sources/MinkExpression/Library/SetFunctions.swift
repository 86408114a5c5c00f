// sets.contains, sets.equivalent, sets.intersects: lists looked at as sets.
enum SetFunctions {
    static let all: [LibraryFunction] = [
        .global("sets.contains", lists, body: test { $0.holds($1, all: $2) }),
        .global(
            "sets.equivalent", lists,
            body: test { members, left, right in
                guard let first = members.holds(left, all: right) else { return nil }
                return first ? members.holds(right, all: left) : false
            }),
        .global("sets.intersects", lists, body: test { $0.meet($1, $2) }),
    ]

    private static let lists = Signature(.list(.a), .list(.a), gives: .bool)

    private static func test(
        _ body: @escaping @Sendable (Members, Cell, Cell) -> Bool?
    ) -> FunctionBody {
        .binary { machine, left, right in
            guard left.tag == .list, right.tag == .list else { return .noOverload(left, right) }
            let members = Members(equality: Equality(machine: machine))
            return body(members, left, right).map(Cell.bool) ?? machine.exhausted
        }
    }
}

/// Asks which elements lists share; `nil` when the budget is used up on the way.
private struct Members {
    let equality: Equality

    func holds(_ list: Cell, all wanted: Cell) -> Bool? {
        for element in wanted.elements {
            guard let isMember = contains(list, element) else { return nil }
            if !isMember { return false }
        }
        return true
    }

    func meet(_ left: Cell, _ right: Cell) -> Bool? {
        for element in right.elements {
            guard let isMember = contains(left, element) else { return nil }
            if isMember { return true }
        }
        return false
    }

    private func contains(_ list: Cell, _ element: Cell) -> Bool? {
        let result = equality.contains(list, element)
        return result.isError ? nil : result.bool
    }
}
