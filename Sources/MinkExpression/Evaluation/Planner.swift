// Tree → closures. What is known before anything runs is decided here: which slot, which field,
// which comparison, which literal. What runs is a closure that calls the closures of its parts.

/// Plans one checked expression.
struct Planner {
    let checked: CheckedExpression
    let text: [UInt8]
    let environment: ExpressionEnvironment
    let constants: ConstantBuilder
    var sites: [EvaluationSite] = []
    var problems: [ExpressionProblem] = []

    init(checked: CheckedExpression, text: String, environment: ExpressionEnvironment) {
        self.checked = checked
        self.text = Array(text.utf8)
        self.environment = environment
        constants = ConstantBuilder()
    }

    mutating func makeProgram() -> Program {
        let (plan, condition) = planRoot()
        let slots = checked.variableSlots
        environment.layout.noteRead(slots)
        return Program(
            plan: plan, condition: condition, sites: sites, localCount: checked.localCount,
            cost: cost(checked.root), layout: environment.layout, slots: slots,
            constants: constants.finish())
    }

    /// The whole expression as a value and as a condition, planned once.
    private mutating func planRoot() -> (Plan, Condition) {
        switch checked.root.kind {
        case .has, .not, .and, .or:
            let condition = condition(checked.root)
            return (Self.boxed(condition), condition)
        case .binary(let operation, _, _) where !operation.isArithmetic:
            let condition = condition(checked.root)
            return (Self.boxed(condition), condition)
        default:
            let plan = plan(checked.root)
            return (plan, unboxed(plan, site(checked.root)))
        }
    }

    mutating func plan(_ node: SyntaxNode) -> Plan {
        if let constant = constant(node) { return { _ in constant } }
        switch node.kind {
        case .literal, .invalid:
            return failing(.badArgument, node)
        case .name(let name, _):
            return planName(node, name.text)
        case .select(let operand, let field, let isOptional):
            return planSelect(node, operand, field, isOptional: isOptional)
        case .index(let operand, let index, let isOptional):
            return planIndex(operand, index, isOptional: isOptional)
        case .call(let name, let target, let arguments):
            return planCall(node, name, target, arguments)
        case .negate(let operand):
            return planNegate(node, operand)
        case .binary(let operation, let left, let right) where operation.isArithmetic:
            return planArithmetic(node, operation, left, right)
        case .has, .not, .and, .or, .binary:
            return Self.boxed(condition(node))
        case .conditional(let test, let yes, let no):
            return planConditional(test, yes, no)
        case .list(let elements):
            return planList(elements)
        case .map(let entries):
            return planMap(node, entries)
        case .comprehension(let loop):
            return planComprehension(node, loop)
        case .bind(_, let value, let body):
            return planBind(node, value, body)
        case .optionalMap(let target, _, let body, let isFlat):
            return planOptionalMap(node, target, body, isFlat: isFlat)
        }
    }
}

// MARK: - Sites and costs

extension Planner {
    /// Registers a part that can fail.
    mutating func site(_ range: Range<Int>, _ subject: String, owner: String = "") -> UInt32 {
        sites.append(EvaluationSite(range: range, subject: subject, owner: owner))
        return UInt32(truncatingIfNeeded: sites.count - 1)
    }

    mutating func site(_ node: SyntaxNode) -> UInt32 {
        site(node.range, sourceText(node.range))
    }

    func sourceText(_ range: Range<Int>) -> String {
        String(decoding: text[range], as: UTF8.self)
    }

    mutating func failing(_ code: EvaluationError.Code, _ node: SyntaxNode) -> Plan {
        let error = Cell.error(code, at: site(node))
        return { _ in error }
    }

    static func boxed(_ condition: @escaping Condition) -> Plan {
        { machine in
            switch condition(machine) {
            case .yes: .bool(true)
            case .no: .bool(false)
            case .failure: machine.state.pointee.failure
            }
        }
    }

    /// The text as a cell with the number of the field that it names.
    func fieldName(_ name: String) -> Cell {
        var cell = constants.make(.string(name))
        cell.name = environment.layout.intern(name)
        return cell
    }

    /// The steps of everything in a part that runs once; the bodies of loops are not counted.
    func cost(_ node: SyntaxNode) -> Int {
        switch node.kind {
        case .literal, .invalid: 0
        case .name: 1
        case .select(let operand, _, _), .has(let operand, _), .negate(let operand),
            .not(let operand):
            1 + cost(operand)
        case .index(let left, let right, _), .binary(_, let left, let right),
            .bind(_, let left, let right), .optionalMap(let left, _, let right, _):
            1 + cost(left) + cost(right)
        case .and(let parts), .or(let parts): parts.reduce(0) { $0 + cost($1) }
        case .conditional(let test, let yes, let no): cost(test) + max(cost(yes), cost(no))
        case .call(_, let target, let arguments):
            arguments.reduce(1 + (target.map(cost) ?? 0)) { $0 + cost($1) }
        case .list(let elements): elements.reduce(1) { $0 + cost($1.value) }
        case .map(let entries): entries.reduce(1) { $0 + cost($1.key) + cost($1.value) }
        case .comprehension(let loop): 1 + cost(loop.range)
        }
    }
}
