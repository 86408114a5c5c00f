// Plans calls: arguments first, and what the function knows before it runs.
extension Planner {
    mutating func planCall(
        _ node: SyntaxNode, _ name: Name, _ target: SyntaxNode?, _ arguments: [SyntaxNode]
    ) -> Plan {
        let site = site(node.range, name.text)
        guard case .function(let function, let dropsTarget) = checked.resolutions[node.id] else {
            let error = Cell.error(.unknownFunction, at: site)
            return { _ in error }
        }
        let operands = (dropsTarget ? nil : target).map { [$0] + arguments } ?? arguments
        switch function.body {
        case .pattern(let body):
            return planPattern(body, operands, site)
        case .zoned(let body):
            return planZoned(body, function, operands, site)
        case .otherwise(let isFlat):
            return planOtherwise(operands, isFlat: isFlat, site)
        default:
            var plans: [PlanBox] = []
            for operand in operands { plans.append(PlanBox(run: plan(operand))) }
            return Self.call(function.body, plans, site)
        }
    }

    private static func call(_ body: FunctionBody, _ plans: [PlanBox], _ site: UInt32) -> Plan {
        switch body {
        case .nullary(let body):
            return { body($0).located(at: site) }
        case .unary(let body):
            let argument = plans[0].run
            return { machine in
                let value = argument(machine)
                return value.isError ? value : body(machine, value).located(at: site)
            }
        case .binary(let body):
            let (left, right) = (plans[0].run, plans[1].run)
            return { machine in
                let a = left(machine)
                if a.isError { return a }
                let b = right(machine)
                return b.isError ? b : body(machine, a, b).located(at: site)
            }
        case .ternary(let body):
            let (first, second, third) = (plans[0].run, plans[1].run, plans[2].run)
            return { machine in
                let a = first(machine)
                if a.isError { return a }
                let b = second(machine)
                if b.isError { return b }
                let c = third(machine)
                return c.isError ? c : body(machine, a, b, c).located(at: site)
            }
        case .variadic(let body):
            return { machine in
                switch values(plans, machine) {
                case .success(let cells): body(machine, cells).located(at: site)
                case .failure(let failure): failure.cell
                }
            }
        case .pattern, .zoned, .otherwise:
            preconditionFailure("these bodies have plans of their own")
        }
    }

    /// The values of all arguments, or the first error.
    private static func values(
        _ plans: [PlanBox], _ machine: Machine
    ) -> Result<[Cell], CellFailure> {
        var cells: [Cell] = []
        cells.reserveCapacity(plans.count)
        for plan in plans {
            let cell = plan.run(machine)
            if cell.isError { return .failure(CellFailure(cell: cell)) }
            cells.append(cell)
        }
        return .success(cells)
    }

    // MARK: Patterns

    private mutating func planPattern(
        _ body: @escaping @Sendable (Machine, RegularExpression, Cell, [Cell]) -> Cell,
        _ operands: [SyntaxNode], _ site: UInt32
    ) -> Plan {
        let text = plan(operands[0])
        var plans: [PlanBox] = []
        for operand in operands.dropFirst(2) { plans.append(PlanBox(run: plan(operand))) }
        let others = plans
        let pattern = pattern(operands[1], site)
        return { machine in
            let text = text(machine)
            if text.isError { return text }
            switch (pattern(machine), Self.values(others, machine)) {
            case (.failure(let failure), _), (_, .failure(let failure)):
                return failure.cell
            case (.success(let pattern), .success(let rest)):
                return body(machine, pattern, text, rest).located(at: site)
            }
        }
    }

    /// The compiled pattern: made now where it is written out, else when it is known.
    private mutating func pattern(
        _ node: SyntaxNode, _ site: UInt32
    ) -> @Sendable (Machine) -> Result<RegularExpression, CellFailure> {
        if case .literal(.string) = node.kind, let text = constant(node) {
            guard let pattern = RegularExpression(text.utf8) else {
                problems.append(
                    ExpressionProblem(
                        .typeMismatch, node.range, "this is no regular expression",
                        help: "the syntax is that of RE2, without references back"))
                return { _ in .failure(CellFailure(cell: .error(.badPattern, at: site))) }
            }
            return { _ in .success(pattern) }
        }
        let cache = PatternCache()
        let text = plan(node)
        return { machine in
            let text = text(machine)
            if text.isError { return .failure(CellFailure(cell: text)) }
            guard text.tag == .string else {
                return .failure(CellFailure(cell: Cell.noOverload(text).located(at: site)))
            }
            // Compiling is far more work than a step.
            guard machine.charge(16 + text.count) else {
                return .failure(CellFailure(cell: machine.exhausted.located(at: site)))
            }
            guard let pattern = cache.pattern(text.utf8) else {
                return .failure(CellFailure(cell: .error(.badPattern, at: site)))
            }
            return .success(pattern)
        }
    }

    // MARK: Time zones

    private mutating func planZoned(
        _ body: @escaping @Sendable (Machine, Cell, TimeZoneRules, [Cell]) -> Cell,
        _ function: LibraryFunction, _ operands: [SyntaxNode], _ site: UInt32
    ) -> Plan {
        let hasZone = function.signatures[0].parameters.dropFirst().last == .string
        let zoneNode = hasZone ? operands.last : nil
        var plans: [PlanBox] = []
        for operand in hasZone ? operands.dropLast() : operands[...] {
            plans.append(PlanBox(run: plan(operand)))
        }
        let moment = plans.removeFirst().run
        let others = plans
        let zone = planZone(zoneNode, site)
        return { machine in
            let moment = moment(machine)
            if moment.isError { return moment }
            switch (zone(machine), Self.values(others, machine)) {
            case (.failure(let failure), _), (_, .failure(let failure)):
                return failure.cell
            case (.success(let rules), .success(let cells)):
                return body(machine, moment, rules, cells).located(at: site)
            }
        }
    }

    private mutating func planZone(
        _ node: SyntaxNode?, _ site: UInt32
    ) -> @Sendable (Machine) -> Result<TimeZoneRules, CellFailure> {
        guard let node else { return { _ in .success(.utc) } }
        let zones = environment.timeZones
        if case .literal(.string(let name)) = node.kind {
            guard let zone = zones.zone(name) else {
                problems.append(
                    ExpressionProblem(
                        .typeMismatch, node.range, "there is no time zone \"\(name)\"",
                        help: "write a name such as Europe/Berlin, or an offset such as +01:00"))
                return { _ in .failure(CellFailure(cell: .error(.unknownTimeZone, at: site))) }
            }
            return { _ in .success(zone) }
        }
        let plan = plan(node)
        return { machine in
            let name = plan(machine)
            if name.isError { return .failure(CellFailure(cell: name)) }
            guard name.tag == .string, machine.charge(16) else {
                return .failure(CellFailure(cell: Cell.noOverload(name).located(at: site)))
            }
            guard let zone = zones.zone(name.text) else {
                return .failure(CellFailure(cell: .error(.unknownTimeZone, at: site)))
            }
            return .success(zone)
        }
    }

    // MARK: Optionals

    private mutating func planOtherwise(
        _ operands: [SyntaxNode], isFlat: Bool, _ site: UInt32
    ) -> Plan {
        let (first, second) = (plan(operands[0]), plan(operands[1]))
        return { machine in
            let optional = first(machine)
            if optional.isError { return optional }
            guard optional.tag == .optional else {
                return Cell.noOverload(optional).located(at: site)
            }
            if !optional.isNone { return isFlat ? optional.elements[0] : optional }
            let other = second(machine)
            if isFlat || other.isError || other.tag == .optional { return other }
            return Cell.noOverload(other).located(at: site)
        }
    }
}
