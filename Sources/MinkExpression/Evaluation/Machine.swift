// What a plan runs on: variables, arena, budget. A handle to memory that the scope owns, so that
// running costs no reference counts and no exclusivity checks.

/// The state of one running evaluation.
struct MachineState {
    var slots: UnsafeMutablePointer<Cell>
    var locals: UnsafeMutablePointer<Cell>
    var localCapacity = 0
    var arena = Arena()

    /// The slots whose values no expression has read yet.
    var unread = SlotSet()

    /// Steps that the whole scope may still take.
    var budget = 0

    /// Steps that this expression may still take.
    var cost = 0

    /// Bytes that may still be made.
    var memory = 0

    /// The error of the condition that failed last.
    var failure = Cell.error(.unbound)

    /// How often `&&` or `||` had a result although one side failed.
    var absorbedErrors = 0
}

/// Slots of variables, a bit each; all from the 64th on share the last bit, which stays.
struct SlotSet {
    private var bits: UInt64 = 0

    init(_ slots: [Int] = []) {
        for slot in slots { insert(slot) }
    }

    @inline(__always) mutating func insert(_ slot: Int) { bits |= 1 << UInt64(min(slot, 63)) }

    @inline(__always) mutating func remove(_ slot: Int) {
        if slot < 63 { bits &= ~(1 << UInt64(slot)) }
    }

    @inline(__always) func meets(_ other: SlotSet) -> Bool { bits & other.bits != 0 }
}

/// A handle to the state of one running evaluation.
struct Machine {
    let state: UnsafeMutablePointer<MachineState>

    @inline(__always) func slot(_ index: Int) -> Cell { state.pointee.slots[index] }
    @inline(__always) func local(_ index: Int) -> Cell { state.pointee.locals[index] }

    @inline(__always) func setLocal(_ index: Int, _ cell: Cell) {
        state.pointee.locals[index] = cell
    }

    /// Takes steps from the budget; `false` when it is used up.
    @inline(__always) func charge(_ steps: Int) -> Bool {
        state.pointee.cost &-= steps
        return state.pointee.cost >= 0
    }

    /// Takes one step for each few dozen bytes that are looked at.
    @inline(__always) func charge(bytes: Int) -> Bool { charge(bytes >> 5) }

    /// Room for bytes, charged before it is handed out; `nil` when the limit is reached.
    func allocate(_ bytes: Int) -> UnsafeMutableRawPointer? {
        guard bytes <= state.pointee.memory, charge(bytes >> 5) else { return nil }
        state.pointee.memory -= bytes
        return state.pointee.arena.allocate(bytes)
    }

    /// Why `allocate` or `charge` refused.
    var exhausted: Cell { .error(state.pointee.cost < 0 ? .costExceeded : .tooLarge) }

    @inline(__always) func fail(_ error: Cell) -> Truth {
        state.pointee.failure = error
        return .failure
    }
}

/// What a condition says: yes, no, or that it failed with the machine's `failure`.
enum Truth: UInt8 {
    case no, yes, failure

    @inline(__always) init(_ value: Bool) { self = value ? .yes : .no }
}

/// A planned part of an expression.
typealias Plan = @Sendable (Machine) -> Cell

/// A planned part that is true or false.
typealias Condition = @Sendable (Machine) -> Truth

/// A plan to be kept in an array, which would otherwise wrap the closure into another one.
struct PlanBox: Sendable {
    let run: Plan
}

/// A condition to be kept in an array.
struct ConditionBox: Sendable {
    let run: Condition
}
