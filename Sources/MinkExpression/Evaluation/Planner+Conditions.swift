// Plans what is true or false. A failed side does not matter when the other one decides.
extension Planner {
    mutating func condition(_ node: SyntaxNode) -> Condition {
        switch node.kind {
        case .literal(.bool(let value)):
            let truth = Truth(value)
            return { _ in truth }
        case .and(let parts):
            return planChain(parts, decisive: .no)
        case .or(let parts):
            return planChain(parts, decisive: .yes)
        case .not(let operand):
            return planNot(operand)
        case .has(let operand, let field):
            return planHas(operand, field)
        case .binary(let operation, let left, let right) where !operation.isArithmetic:
            return planComparison(node, operation, left, right)
        case .comprehension(let loop):
            if let condition = planQuantifier(node, loop) { return condition }
            return unboxed(plan(node), site(node))
        default:
            return unboxed(plan(node), site(node))
        }
    }

    /// A plan that is read as a condition.
    func unboxed(_ plan: @escaping Plan, _ site: UInt32) -> Condition {
        { machine in
            let cell = plan(machine)
            if cell.tag == .bool { return Truth(cell.bool) }
            return machine.fail(
                cell.isError ? cell : Cell.noOverload(cell).located(at: site))
        }
    }

    private mutating func planNot(_ operand: SyntaxNode) -> Condition {
        let inner = condition(operand)
        return { machine in
            switch inner(machine) {
            case .yes: .no
            case .no: .yes
            case .failure: .failure
            }
        }
    }

    /// Plans `&&` and `||` as pairs, so that running them walks no array.
    private mutating func planChain(_ parts: [SyntaxNode], decisive: Truth) -> Condition {
        var conditions: [ConditionBox] = []
        for part in parts { conditions.append(ConditionBox(run: condition(part))) }
        while conditions.count > 1 {
            var halved: [ConditionBox] = []
            for index in stride(from: 0, to: conditions.count, by: 2) {
                guard index + 1 < conditions.count else {
                    halved.append(conditions[index])
                    break
                }
                let pair = Self.pair(conditions[index].run, conditions[index + 1].run, decisive)
                halved.append(ConditionBox(run: pair))
            }
            conditions = halved
        }
        return conditions[0].run
    }

    private static func pair(
        _ left: @escaping Condition, _ right: @escaping Condition, _ decisive: Truth
    ) -> Condition {
        { machine in
            let first = left(machine)
            if first == decisive { return decisive }
            if first != .failure { return right(machine) }
            let failure = machine.state.pointee.failure
            if right(machine) == decisive {
                machine.state.pointee.absorbedErrors &+= 1
                return decisive
            }
            return machine.fail(failure)
        }
    }
}
