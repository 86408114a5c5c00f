// Turns the trees of conditions into formulas about variables.
import MinkExpression

/// Reads the guards of one list; they share its variables.
struct GuardReader {
    private(set) var variables: GuardVariables
    /// Paths that are there in any case, and about which no guard asks.
    private let certain: Set<String>

    /// A reader of these guards, whose constants are known then.
    ///
    /// - Parameters:
    ///   - trees: The guards.
    ///   - certain: Paths that are there in any case. Whoever asks about one of them all the same
    ///     is taken at his word.
    init(for trees: [ConditionTree], certain: Set<String> = []) {
        variables = GuardVariables()
        for tree in trees { variables.collect(tree) }
        self.certain =
            certain.isEmpty ? [] : trees.reduce(into: certain) { $1.removeAsked(from: &$0) }
    }

    /// When the guard is true, when it is false, and when it is not true.
    mutating func read(_ tree: ConditionTree) -> GuardMeaning {
        let (holds, fails) = meaning(of: tree)
        return GuardMeaning(holds: holds, fails: fails, misses: negated(holds))
    }

    private typealias Meaning = (holds: GuardFormula, fails: GuardFormula)

    private mutating func meaning(of tree: ConditionTree) -> Meaning {
        switch tree {
        case .constant(let flag):
            return flag ? (.always, .never) : (.never, .always)
        case .not(let part):
            let part = meaning(of: part)
            return (part.fails, part.holds)
        case .all(let parts):
            let parts = parts.map { meaning(of: $0) }
            return (.and(parts.map(\.holds)), .or(parts.map(\.fails)))
        case .any(let parts):
            let parts = parts.map { meaning(of: $0) }
            return (.or(parts.map(\.holds)), .and(parts.map(\.fails)))
        case .choice(let test, let yes, let no):
            return choice(meaning(of: test), meaning(of: yes), meaning(of: no))
        case .same(let left, let right):
            let right = meaning(of: right)
            return choice(meaning(of: left), right, (right.fails, right.holds))
        case .comparison(let left, let relation, let right):
            return comparison(left, relation, right)
        case .presence(let path, let needs):
            let variable = variables.presence(of: path)
            return ready(needs, literal(variable, GuardVariables.yes))
        case .question(let operand):
            let variable = variables.truth(of: operand)
            return ready([operand], literal(variable, GuardVariables.yes))
        }
    }

    private func choice(_ test: Meaning, _ yes: Meaning, _ no: Meaning) -> Meaning {
        (
            .or([.and([test.holds, yes.holds]), .and([test.fails, no.holds])]),
            .or([.and([test.holds, yes.fails]), .and([test.fails, no.fails])])
        )
    }

    private mutating func comparison(
        _ left: ConditionOperand, _ relation: ConditionRelation, _ right: ConditionOperand
    ) -> Meaning {
        if let a = left.constant, let b = right.constant, let isTrue = relation.holds(a, b) {
            return isTrue ? (.always, .never) : (.never, .always)
        }
        if let point = right.point(comparedWith: left),
            let known = variables.comparison(of: left, relation, point)
        {
            return ready([left], literal(known.variable, known.cells))
        }
        if let point = left.point(comparedWith: right),
            let known = variables.comparison(of: right, relation.flipped, point)
        {
            return ready([right], literal(known.variable, known.cells))
        }
        let known = variables.comparison(of: left, relation, with: right)
        let meaning = ready([left, right], literal(known.variable, known.cells))
        // Values of unknown types may have no order at all.
        guard relation.isOrder, left.type.isDynamic || right.type.isDynamic else { return meaning }
        let works = GuardFormula.literal(
            variable: variables.success(ofComparing: left, right), cells: GuardVariables.yes)
        return (.and([works, meaning.holds]), .and([works, meaning.fails]))
    }

    // MARK: Literals

    /// A literal within the domain of its variable, and its opposite.
    private func literal(_ variable: Int, _ cells: CellSet) -> Meaning {
        let domain = variables.all[variable].domain
        func formula(_ cells: CellSet) -> GuardFormula {
            if cells == 0 { return .never }
            return cells == domain ? .always : .literal(variable: variable, cells: cells)
        }
        return (formula(cells & domain), formula(domain & ~cells))
    }

    /// What also has to be there for the answer.
    private mutating func ready(_ operands: [ConditionOperand], _ answer: Meaning) -> Meaning {
        var works: [GuardFormula] = []
        for operand in operands where operand.canFail {
            works.append(
                .literal(variable: variables.success(of: operand), cells: GuardVariables.yes))
        }
        return ready(operands.flatMap(\.needs), answer, works)
    }

    private mutating func ready(
        _ needs: [String], _ answer: Meaning, _ works: [GuardFormula] = []
    ) -> Meaning {
        guard !(needs.isEmpty && works.isEmpty) else { return answer }
        let there = needs.filter { !certain.contains($0) }.map { path in
            GuardFormula.literal(variable: variables.presence(of: path), cells: GuardVariables.yes)
        }
        return (.and(there + works + [answer.holds]), .and(there + works + [answer.fails]))
    }

    private func negated(_ formula: GuardFormula) -> GuardFormula {
        switch formula {
        case .always: return .never
        case .never: return .always
        case .literal(let variable, let cells): return literal(variable, cells).fails
        case .all(let parts): return .or(parts.map(negated))
        case .any(let parts): return .and(parts.map(negated))
        }
    }
}

extension ConditionRelation {
    /// Whether it holds between two constants; `nil` where that is not known.
    fileprivate func holds(_ left: ConditionScalar, _ right: ConditionScalar) -> Bool? {
        let isLess = left.precedes(right)
        let isGreater = right.precedes(left)
        switch (left, right) {
        case (.number, .number), (.text, .text): break
        case (.double(let a), .double(let b)) where !a.isNaN && !b.isNaN: break
        default: return nil
        }
        return switch self {
        case .less: isLess
        case .lessOrEqual: !isGreater
        case .equal: !isLess && !isGreater
        case .notEqual: isLess || isGreater
        case .greater: isGreater
        case .greaterOrEqual: !isLess
        }
    }
}

extension ConditionTree {
    /// Takes the paths out about which this guard asks.
    fileprivate func removeAsked(from paths: inout Set<String>) {
        switch self {
        case .constant, .question, .comparison: return
        case .presence(let path, _): paths.remove(path)
        case .not(let part): part.removeAsked(from: &paths)
        case .all(let parts), .any(let parts): for part in parts { part.removeAsked(from: &paths) }
        case .choice(let test, let yes, let no):
            for part in [test, yes, no] { part.removeAsked(from: &paths) }
        case .same(let left, let right):
            for part in [left, right] { part.removeAsked(from: &paths) }
        }
    }
}
