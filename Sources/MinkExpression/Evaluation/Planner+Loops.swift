// Plans the macros that walk over a list or a map. Each round is charged before it runs.

/// The variables of a loop and what a round costs.
struct LoopShape: Sendable {
    let first: Int
    let isPair: Bool
    let roundCost: Int
    let site: UInt32

    /// Runs the closure for each element until it says `false`; an error if it cannot walk.
    @inline(__always)
    func walk(_ machine: Machine, _ range: Cell, _ round: () -> Bool) -> Cell? {
        switch range.tag {
        case .list:
            let elements = range.elements
            for index in 0..<elements.count {
                if isPair {
                    machine.setLocal(first, .int(Int64(index)))
                    machine.setLocal(first + 1, elements[index])
                } else {
                    machine.setLocal(first, elements[index])
                }
                guard machine.charge(roundCost) else { return .error(.costExceeded, at: site) }
                if !round() { return nil }
            }
            return nil
        case .map:
            for entry in range.entries {
                machine.setLocal(first, entry.key)
                if isPair { machine.setLocal(first + 1, entry.value) }
                guard machine.charge(roundCost) else { return .error(.costExceeded, at: site) }
                if !round() { return nil }
            }
            return nil
        case .error:
            return range
        default:
            return Cell.noOverload(range).located(at: site)
        }
    }
}

/// What a loop does with an element: whether it counts, and what is made of it.
struct LoopBody: Sendable {
    let test: ConditionBox?
    let made: PlanBox?
}

extension Planner {
    private mutating func shape(_ node: SyntaxNode, _ loop: Comprehension) -> LoopShape {
        let body = (loop.condition.map(cost) ?? 0) + (loop.transform.map(cost) ?? 0)
        return LoopShape(
            first: localDepth(of: node), isPair: loop.variables.count == 2,
            roundCost: 1 + body, site: site(loop.range.range, loop.kind.rawValue))
    }

    private mutating func body(_ loop: Comprehension) -> LoopBody {
        var test: ConditionBox?
        var made: PlanBox?
        if let node = loop.condition { test = ConditionBox(run: condition(node)) }
        if let node = loop.transform { made = PlanBox(run: plan(node)) }
        return LoopBody(test: test, made: made)
    }

    mutating func planComprehension(_ node: SyntaxNode, _ loop: Comprehension) -> Plan {
        if let condition = planQuantifier(node, loop) { return Self.boxed(condition) }
        switch loop.kind {
        case .transformMap: return planTransformMap(node, loop)
        case .transformMapEntry: return planTransformEntries(node, loop)
        default: return planTransformList(node, loop)
        }
    }

    /// `all`, `exists` and `existsOne`; `nil` for the others.
    mutating func planQuantifier(_ node: SyntaxNode, _ loop: Comprehension) -> Condition? {
        guard let test = loop.condition else { return nil }
        switch loop.kind {
        case .all: return planSearch(node, loop, test, decisive: .no)
        case .exists: return planSearch(node, loop, test, decisive: .yes)
        case .existsOne: return planExistsOne(node, loop, test)
        default: return nil
        }
    }

    private mutating func planSearch(
        _ node: SyntaxNode, _ loop: Comprehension, _ test: SyntaxNode, decisive: Truth
    ) -> Condition {
        let shape = shape(node, loop)
        let (range, test) = (plan(loop.range), condition(test))
        let otherwise: Truth = decisive == .yes ? .no : .yes
        return { machine in
            var failure: Cell?
            var found = false
            let stopped = shape.walk(machine, range(machine)) {
                let truth = test(machine)
                if truth == decisive {
                    found = true
                    return false
                }
                if truth == .failure, failure == nil { failure = machine.state.pointee.failure }
                return true
            }
            if let stopped { return machine.fail(stopped) }
            if found {
                if failure != nil { machine.state.pointee.absorbedErrors &+= 1 }
                return decisive
            }
            if let failure { return machine.fail(failure) }
            return otherwise
        }
    }

    private mutating func planExistsOne(
        _ node: SyntaxNode, _ loop: Comprehension, _ test: SyntaxNode
    ) -> Condition {
        let shape = shape(node, loop)
        let (range, test) = (plan(loop.range), condition(test))
        return { machine in
            var count = 0
            var hasFailed = false
            let stopped = shape.walk(machine, range(machine)) {
                let truth = test(machine)
                if truth == .yes { count += 1 }
                hasFailed = truth == .failure
                return !hasFailed
            }
            if let stopped { return machine.fail(stopped) }
            return hasFailed ? .failure : Truth(count == 1)
        }
    }

    /// `filter`, `map` and `transformList`.
    private mutating func planTransformList(_ node: SyntaxNode, _ loop: Comprehension) -> Plan {
        let shape = shape(node, loop)
        let range = plan(loop.range)
        let body = body(loop)
        return { machine in
            let source = range(machine)
            let most = source.tag == .list || source.tag == .map ? source.count : 0
            guard let cells = machine.makeCells(most) else {
                return machine.exhausted.located(at: shape.site)
            }
            var count = 0
            var failure: Cell?
            let stopped = shape.walk(machine, source) {
                let truth = body.test?.run(machine) ?? .yes
                if truth == .failure { failure = machine.state.pointee.failure }
                guard truth == .yes else { return failure == nil }
                let cell = body.made?.run(machine) ?? machine.local(shape.first)
                if cell.isError { failure = cell }
                cells[count] = cell
                count += 1
                return failure == nil
            }
            return stopped ?? failure ?? Machine.list(cells, count)
        }
    }

    private mutating func planTransformMap(_ node: SyntaxNode, _ loop: Comprehension) -> Plan {
        let shape = shape(node, loop)
        let range = plan(loop.range)
        let body = body(loop)
        return { machine in
            var entries: [CellEntry] = []
            var failure: Cell?
            let stopped = shape.walk(machine, range(machine)) {
                let truth = body.test?.run(machine) ?? .yes
                if truth == .failure { failure = machine.state.pointee.failure }
                guard truth == .yes else { return failure == nil }
                let cell = body.made?.run(machine) ?? .null
                if cell.isError { failure = cell }
                entries.append(CellEntry(key: machine.local(shape.first), value: cell))
                return failure == nil
            }
            return stopped ?? failure ?? machine.makeMap(entries).located(at: shape.site)
        }
    }

    private mutating func planTransformEntries(_ node: SyntaxNode, _ loop: Comprehension) -> Plan {
        let shape = shape(node, loop)
        let range = plan(loop.range)
        let body = body(loop)
        return { machine in
            var entries: [CellEntry] = []
            var failure: Cell?
            let stopped = shape.walk(machine, range(machine)) {
                let truth = body.test?.run(machine) ?? .yes
                if truth == .failure { failure = machine.state.pointee.failure }
                guard truth == .yes else { return failure == nil }
                let cell = body.made?.run(machine) ?? .null
                if cell.tag == .map, machine.charge(cell.count) {
                    entries.append(contentsOf: cell.entries)
                } else {
                    failure = cell.isError ? cell : Cell.noOverload(cell).located(at: shape.site)
                }
                return failure == nil
            }
            return stopped ?? failure ?? machine.makeMap(entries).located(at: shape.site)
        }
    }
}
