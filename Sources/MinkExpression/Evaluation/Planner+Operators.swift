// Plans arithmetic, the conditional, and what builds lists and maps.
extension Planner {
    mutating func planArithmetic(
        _ node: SyntaxNode, _ operation: BinaryOperator, _ left: SyntaxNode, _ right: SyntaxNode
    ) -> Plan {
        let site = site(node.range, operation.rawValue)
        let (leftExact, rightExact) = (exactLiteral(left), exactLiteral(right))
        let (left, right) = (plan(left), plan(right))
        return { machine in
            var a = left(machine)
            if a.isError { return a }
            var b = right(machine)
            if b.isError { return b }
            if a.tag == .decimal, let rightExact { b = rightExact }
            if b.tag == .decimal, let leftExact { a = leftExact }
            return Arithmetic(machine: machine).apply(operation, a, b).located(at: site)
        }
    }

    mutating func planNegate(_ node: SyntaxNode, _ operand: SyntaxNode) -> Plan {
        let site = site(node.range, "-")
        let operand = plan(operand)
        return { machine in
            let cell = operand(machine)
            return cell.isError
                ? cell : Arithmetic(machine: machine).negate(cell).located(at: site)
        }
    }

    mutating func planConditional(
        _ test: SyntaxNode, _ yes: SyntaxNode, _ no: SyntaxNode
    ) -> Plan {
        let test = condition(test)
        let (yes, no) = (plan(yes), plan(no))
        return { machine in
            switch test(machine) {
            case .yes: yes(machine)
            case .no: no(machine)
            case .failure: machine.state.pointee.failure
            }
        }
    }

    mutating func planList(_ elements: [ListElement]) -> Plan {
        var parts: [ElementPlan] = []
        for element in elements {
            parts.append(
                ElementPlan(
                    plan: plan(element.value), isOptional: element.isOptional,
                    site: site(element.value)))
        }
        let planned = parts
        return { machine in
            guard let cells = machine.makeCells(planned.count) else { return machine.exhausted }
            var count = 0
            for part in planned {
                var cell = part.plan(machine)
                if cell.isError { return cell }
                if part.isOptional {
                    guard cell.tag == .optional else {
                        return Cell.noOverload(cell).located(at: part.site)
                    }
                    if cell.isNone { continue }
                    cell = cell.elements[0]
                }
                cells[count] = cell
                count += 1
            }
            return Machine.list(cells, count)
        }
    }

    mutating func planMap(_ node: SyntaxNode, _ entries: [MapEntry]) -> Plan {
        let site = site(node)
        var parts: [EntryPlan] = []
        for entry in entries {
            let key: Plan
            if case .literal(.string(let name)) = entry.key.kind {
                let cell = fieldName(name)
                key = { _ in cell }
            } else {
                key = plan(entry.key)
            }
            parts.append(
                EntryPlan(key: key, value: plan(entry.value), isOptional: entry.isOptional))
        }
        let planned = parts
        return { machine in
            var made: [CellEntry] = []
            made.reserveCapacity(planned.count)
            for part in planned {
                let key = part.key(machine)
                if key.isError { return key }
                var value = part.value(machine)
                if value.isError { return value }
                if part.isOptional {
                    guard value.tag == .optional else {
                        return Cell.noOverload(value).located(at: site)
                    }
                    if value.isNone { continue }
                    value = value.elements[0]
                }
                made.append(CellEntry(key: key, value: value))
            }
            return machine.makeMap(made).located(at: site)
        }
    }

    mutating func planBind(_ node: SyntaxNode, _ value: SyntaxNode, _ body: SyntaxNode) -> Plan {
        let local = localDepth(of: node)
        let (value, body) = (plan(value), plan(body))
        return { machine in
            machine.setLocal(local, value(machine))
            return body(machine)
        }
    }

    mutating func planOptionalMap(
        _ node: SyntaxNode, _ target: SyntaxNode, _ body: SyntaxNode, isFlat: Bool
    ) -> Plan {
        let site = site(node)
        let local = localDepth(of: node)
        let (target, body) = (plan(target), plan(body))
        return { machine in
            let optional = target(machine)
            if optional.isError || optional.isNone { return optional }
            guard optional.tag == .optional else {
                return Cell.noOverload(optional).located(at: site)
            }
            machine.setLocal(local, optional.elements[0])
            let result = body(machine)
            if result.isError { return result }
            if !isFlat { return machine.makeSome(result).located(at: site) }
            return result.tag == .optional
                ? result : Cell.noOverload(result).located(at: site)
        }
    }

    /// The number of the variable that a binding or loop brings.
    func localDepth(of node: SyntaxNode) -> Int { checked.localDepths[node.id] }
}

/// A planned element of a list.
private struct ElementPlan: Sendable {
    let plan: Plan
    let isOptional: Bool
    let site: UInt32
}

/// A planned entry of a map.
private struct EntryPlan: Sendable {
    let key: Plan
    let value: Plan
    let isOptional: Bool
}
