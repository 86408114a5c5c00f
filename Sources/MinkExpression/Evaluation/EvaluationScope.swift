// Where expressions run: the variables of one transition, the memory of their values, the budget.

/// The variables of one transition, and the memory and budget of the expressions that it runs.
///
/// Values are copied in when an expression first reads them, results are copied out; nothing else
/// points into its memory.
package final class EvaluationScope {
    private let layout: VariableLayout
    private let budget: Int
    private let state: UnsafeMutablePointer<MachineState>
    /// Values that no expression has read yet, by slot.
    private var unread: [Value?]

    /// Steps that the expressions of this scope may still take.
    package var budgetLeft: Int { state.pointee.budget }

    /// How often `&&` or `||` had a result although one side failed.
    package var absorbedErrors: Int { state.pointee.absorbedErrors }

    /// The most that one expression may make, in bytes.
    package static let maxOutputBytes = 1 << 20

    /// A scope for expressions of this layout.
    package init(layout: VariableLayout, budget: Int = 1_000_000) {
        self.layout = layout
        self.budget = budget
        let localCapacity = 8
        unread = Array(repeating: nil, count: layout.names.count)
        let slots = UnsafeMutablePointer<Cell>.allocate(capacity: max(1, layout.names.count))
        slots.initialize(repeating: .error(.unbound), count: max(1, layout.names.count))
        let locals = UnsafeMutablePointer<Cell>.allocate(capacity: localCapacity)
        locals.initialize(repeating: .null, count: localCapacity)
        state = .allocate(capacity: 1)
        state.initialize(to: MachineState(slots: slots, locals: locals))
        state.pointee.localCapacity = localCapacity
        state.pointee.budget = budget
    }

    deinit {
        state.pointee.arena.close()
        state.pointee.slots.deallocate()
        state.pointee.locals.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Gives a variable its value.
    package func bind(_ name: String, _ value: Value) {
        guard let slot = layout.slot(name) else {
            preconditionFailure("only variables of the layout can be bound")
        }
        unread[slot] = value
        state.pointee.unread.insert(slot)
    }

    /// Takes the value of a variable away.
    package func unbind(_ name: String) {
        guard let slot = layout.slot(name) else { return }
        unread[slot] = nil
        state.pointee.unread.remove(slot)
        state.pointee.slots[slot] = .error(.unbound)
    }

    /// The value of an expression.
    package func evaluate(
        _ expression: CompiledExpression, costLimit: Int = 100_000
    ) -> ExpressionResult {
        copyIn(expression.program)
        let mark = state.pointee.arena.mark
        defer { state.pointee.arena.release(to: mark) }
        let machine = start(expression, costLimit)
        var result = Cell.error(.costExceeded)
        if machine.charge(0) { result = expression.program.plan(machine) }
        finish(costLimit)
        var reader = CellReader(limit: Self.maxOutputBytes)
        switch reader.read(result) {
        case .success(let value?): return .value(value)
        case .success(nil): return .absent
        case .failure(let failure): return .failure(error(failure.cell, expression))
        }
    }

    /// Whether a condition holds; a failure is neither yes nor no.
    package func condition(
        _ expression: CompiledExpression, costLimit: Int = 10_000
    ) -> Result<Bool, EvaluationError> {
        copyIn(expression.program)
        let mark = state.pointee.arena.mark
        defer { state.pointee.arena.release(to: mark) }
        let machine = start(expression, costLimit)
        var truth = machine.fail(.error(.costExceeded))
        if machine.charge(0) { truth = expression.program.condition(machine) }
        finish(costLimit)
        switch truth {
        case .yes: return .success(true)
        case .no: return .success(false)
        case .failure: return .failure(error(state.pointee.failure, expression))
        }
    }

    /// Forgets all values and gives the whole budget back.
    package func reset() {
        state.pointee.arena.reset()
        for slot in unread.indices { unread[slot] = nil }
        state.pointee.unread = SlotSet()
        state.pointee.slots.update(
            repeating: .error(.unbound), count: max(1, layout.names.count))
        state.pointee.absorbedErrors = 0
        state.pointee.budget = budget
    }
}

extension EvaluationScope {
    /// Copies in what an expression is the first to read.
    @inline(__always)
    private func copyIn(_ program: Program) {
        guard state.pointee.unread.meets(program.slotSet) else { return }
        copyInUnread(program.slots)
    }

    @inline(never)
    private func copyInUnread(_ slots: [Int]) {
        for slot in slots {
            state.pointee.unread.remove(slot)
            guard let value = unread[slot] else { continue }
            unread[slot] = nil
            let fields = layout.knownFields
            let cell = withUnsafeMutablePointer(to: &state.pointee.arena) {
                CellWriter(arena: $0, fields: fields).write(value)
            }
            state.pointee.slots[slot] = cell
        }
    }

    /// Prepares the machine; a budget that is too small shows as a negative cost.
    private func start(_ expression: CompiledExpression, _ costLimit: Int) -> Machine {
        let program = expression.program
        precondition(
            program.layout === layout, "an expression runs in scopes of its own layout")
        if program.localCount > state.pointee.localCapacity { growLocals(program.localCount) }
        state.pointee.cost = min(costLimit, state.pointee.budget) - program.cost
        state.pointee.memory = Self.maxOutputBytes
        return Machine(state: state)
    }

    private func finish(_ costLimit: Int) {
        let limit = min(costLimit, state.pointee.budget)
        state.pointee.budget -= min(limit, limit - state.pointee.cost)
    }

    private func growLocals(_ count: Int) {
        state.pointee.locals.deallocate()
        state.pointee.locals = .allocate(capacity: count)
        state.pointee.locals.initialize(repeating: .null, count: count)
        state.pointee.localCapacity = count
    }

    private func error(_ cell: Cell, _ expression: CompiledExpression) -> EvaluationError {
        EvaluationError(cell, sites: expression.program.sites, text: expression.text)
    }
}

/// What an expression yields.
package enum ExpressionResult: Hashable, Sendable {
    case value(Value)
    /// An optional without a value: the key or element is left out.
    case absent
    case failure(EvaluationError)
}

extension CompiledExpression {
    /// Whether two values are equal as `==` says: 7, 7.0 and the decimal 7.00 are.
    package static func isEqual(_ left: Value, _ right: Value) -> Bool {
        let nothing = UnsafeMutablePointer<Cell>.allocate(capacity: 1)
        var state = MachineState(slots: nothing, locals: nothing)
        state.cost = Int.max
        defer {
            state.arena.close()
            nothing.deallocate()
        }
        return withUnsafeMutablePointer(to: &state) { state in
            let (a, b) = withUnsafeMutablePointer(to: &state.pointee.arena) { arena in
                let writer = CellWriter(arena: arena, fields: .none)
                return (writer.write(left), writer.write(right))
            }
            return Equality(machine: Machine(state: state)).areEqual(a, b) ?? false
        }
    }
}
