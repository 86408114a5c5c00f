// Looks for a case in which several formulas hold at once: alternatives are tried one after the
// other, and each try costs a step of a budget.

/// A search over the variables of one list of guards.
struct GuardSearch {
    private let domains: [CellSet]
    /// How many tries are left.
    private(set) var budget: Int

    init(variables: GuardVariables, budget: Int) {
        domains = variables.all.map(\.domain)
        self.budget = budget
    }

    /// What a search found.
    enum Outcome {
        /// The cells of the variables that were decided; all others may be anything.
        case found(GuardCase)
        /// No case exists.
        case none
        /// The budget was used up before that was known.
        case gaveUp
    }

    /// A case in which all formulas hold.
    ///
    /// Variables count as independent of each other: what is not found does not exist, and what is
    /// found may still be impossible where variables depend on each other.
    mutating func find(_ formulas: [GuardFormula]) -> Outcome {
        var cells = domains
        guard budget > 0 else { return .gaveUp }
        if cells.contains(0) { return .none }
        if search(formulas, &cells) { return .found(GuardCase(cells: cells, domains: domains)) }
        return budget > 0 ? .none : .gaveUp
    }

    private mutating func search(_ formulas: [GuardFormula], _ cells: inout [CellSet]) -> Bool {
        guard budget > 0 else { return false }
        budget -= 1
        var choices: [[GuardFormula]] = []
        guard narrow(formulas, &cells, &choices) else { return false }
        choices.removeAll { $0.contains { isSure($0, cells) } }
        guard let first = choices.min(by: { $0.count < $1.count }) else { return true }
        let index = choices.firstIndex { $0.count == first.count } ?? 0
        choices.remove(at: index)
        let rest = choices.map { GuardFormula.any($0) }
        for part in first {
            var tried = cells
            if search([part] + rest, &tried) {
                cells = tried
                return true
            }
        }
        return false
    }

    /// Takes over what has to hold in any case; `false` when that is not possible.
    private func narrow(
        _ formulas: [GuardFormula], _ cells: inout [CellSet], _ choices: inout [[GuardFormula]]
    ) -> Bool {
        for formula in formulas {
            switch formula {
            case .always: continue
            case .never: return false
            case .literal(let variable, let allowed):
                cells[variable] &= allowed
                if cells[variable] == 0 { return false }
            case .all(let parts):
                guard narrow(parts, &cells, &choices) else { return false }
            case .any(let parts):
                choices.append(parts)
            }
        }
        return true
    }

    private func isSure(_ formula: GuardFormula, _ cells: [CellSet]) -> Bool {
        guard case .literal(let variable, let allowed) = formula else { return false }
        return cells[variable] & ~allowed == 0
    }
}

/// A case: for each variable the cells that it may be in.
struct GuardCase {
    private let cells: [CellSet]
    private let domains: [CellSet]

    init(cells: [CellSet], domains: [CellSet]) {
        self.cells = cells
        self.domains = domains
    }

    /// The variables that are not free, and their cells.
    var decided: [(variable: Int, cells: CellSet)] {
        cells.indices.filter { cells[$0] != domains[$0] }.map { ($0, cells[$0]) }
    }
}
