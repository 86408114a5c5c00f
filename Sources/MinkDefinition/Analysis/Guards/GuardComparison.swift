// The questions that are asked about the guards of one list, and their answers within a budget.
import MinkExpression

/// Compares the guards of one list, which stand in their order.
struct GuardComparison {
    let variables: GuardVariables
    private let meanings: [GuardMeaning]
    private var search: GuardSearch
    /// Whether some question has no answer because the guards are too complex.
    private(set) var gaveUp = false

    /// How many tries the questions about one list may take in any case.
    private static let ownBudget = 50
    /// How many more they may take, if there are so many to spare.
    private static let mostSpare = 2_000
    /// How many literals the formulas of one list may have.
    private static let mostLiterals = 400

    private let budget: Int

    /// Compares guards, with tries to spare beyond a few, where some paths are known to be there.
    init(_ guards: [ConditionTree], spare: Int = mostSpare, certain: Set<String> = []) {
        budget = Self.ownBudget + min(spare, Self.mostSpare)
        let size = guards.reduce(0) { min($0 + $1.formulaSize, Self.mostLiterals + 1) }
        let isTooLarge = size > Self.mostLiterals
        let guards = isTooLarge ? [] : guards
        var reader = GuardReader(for: guards, certain: certain)
        meanings = guards.map { reader.read($0) }
        variables = reader.variables
        gaveUp = isTooLarge || reader.variables.isOverfull
        search = GuardSearch(variables: variables, budget: budget)
    }

    /// How many tries were taken from those to spare.
    var usedSpare: Int { max(0, budget - search.budget - Self.ownBudget) }

    /// How many guards there are.
    var count: Int { meanings.count }

    /// A case in which all formulas hold; `nil` when there is none, or when that is not known.
    private mutating func find(_ formulas: [GuardFormula]) -> GuardSearch.Outcome {
        if gaveUp { return .gaveUp }
        let outcome = search.find(formulas)
        if case .gaveUp = outcome { gaveUp = true }
        return outcome
    }

    private mutating func isImpossible(_ formulas: [GuardFormula]) -> Bool {
        if case .none = find(formulas) { true } else { false }
    }

    /// The answer that a guard always gives, where it gives one; `nil` when it can give both.
    mutating func constant(_ index: Int) -> Bool? {
        guard !gaveUp else { return nil }
        if isImpossible([meanings[index].holds]) { return false }
        return isImpossible([meanings[index].fails]) ? true : nil
    }

    /// The guards before this one of which one is true in every case in which this one is.
    ///
    /// - Returns: One guard when it suffices, else all of them; `nil` when this one can be taken.
    mutating func guardsThatHide(_ index: Int) -> ClosedRange<Int>? {
        hides(0..<index, meanings[index].holds)
    }

    private mutating func hides(
        _ earlier: Range<Int>, _ formula: GuardFormula
    ) -> ClosedRange<Int>? {
        guard !earlier.isEmpty, !gaveUp,
            isImpossible(earlier.map { meanings[$0].fails } + [formula])
        else { return nil }
        for guardIndex in earlier where isImpossible([meanings[guardIndex].fails, formula]) {
            return guardIndex...guardIndex
        }
        return ClosedRange(earlier)
    }

    /// The guards one of which is true in every case; `nil` when all can be false.
    mutating func guardsThatHideTheRest() -> ClosedRange<Int>? {
        hides(0..<count, .always)
    }

    /// An earlier guard that can be true together with this one, where none before it is.
    mutating func overlap(before index: Int) -> (earlier: Int, example: GuardCase)? {
        for earlier in 0..<index where !gaveUp {
            let both = [meanings[earlier].holds, meanings[index].holds]
            guard case .found = find(both) else { continue }
            let first = (0..<earlier).map { meanings[$0].fails }
            if case .found(let example) = find(both + first) { return (earlier, example) }
        }
        return nil
    }

    /// Whether some guard is true in every case.
    enum Cover {
        case complete
        /// All guards are false in this case.
        case missing(GuardCase)
        /// No guard is true in this case, and some have no value.
        case failing(GuardCase)
        case unknown
    }

    /// Whether some guard is true in every case.
    mutating func cover() -> Cover {
        switch find(meanings.map(\.fails)) {
        case .found(let example): return .missing(example)
        case .gaveUp: return .unknown
        case .none: break
        }
        switch find(meanings.map(\.misses)) {
        case .found(let example): return .failing(example)
        case .gaveUp: return .unknown
        case .none: return .complete
        }
    }
}

extension ConditionTree {
    /// How many literals its formulas have at most; stops counting at many.
    fileprivate var formulaSize: Int {
        let size =
            switch self {
            case .constant: 0
            case .presence(_, let needs): 1 + needs.count
            case .question(let operand): 1 + operand.formulaSize
            case .comparison(let left, _, let right):
                1 + left.formulaSize + right.formulaSize
            case .not(let part): part.formulaSize
            case .all(let parts), .any(let parts): parts.reduce(0) { $0 + $1.formulaSize }
            case .choice(let test, let yes, let no):
                2 * test.formulaSize + yes.formulaSize + no.formulaSize
            case .same(let left, let right): 2 * left.formulaSize + 2 * right.formulaSize
            }
        return min(size, 10_000)
    }
}

extension ConditionOperand {
    fileprivate var formulaSize: Int { needs.count + (canFail ? 1 : 0) }
}
