// The variables of a list of guards: what can be asked about the values that they mention.
import MinkExpression

/// One thing that guards ask about.
struct GuardVariable {
    /// What it is.
    enum Kind {
        /// A value, compared with constants: a cell for each of them, and for all between.
        case value(ConditionOperand, points: [GuardPoint])
        /// How two values stand to each other: less, equal, greater, or no order at all.
        case order(ConditionOperand, ConditionOperand)
        /// Whether a path is there.
        case presence(path: String)
        /// Whether a value can be computed.
        case success(String)
        /// Whether something is true.
        case truth(String)
    }

    let kind: Kind
    /// The cells that are possible at all.
    let domain: CellSet
}

/// A constant that a value is compared with.
struct GuardPoint {
    let scalar: ConditionScalar
    /// As it is written.
    let text: String
}

/// The variables of the guards of one list.
struct GuardVariables {
    private(set) var all: [GuardVariable] = []
    private var numbers: [Key: Int] = [:]
    private var points: [String: [GuardPoint]] = [:]
    /// Whether some value is compared with more constants than there are cells for.
    private(set) var isOverfull = false

    private enum Key: Hashable {
        case value(String), order(String, String), presence(String), success(String), truth(String)
    }

    /// The cells of a variable that is true or false.
    static let yes: CellSet = 1
    static let no: CellSet = 2
    /// The cells of two values: less, equal, greater, without an order.
    static let less: CellSet = 1
    static let equal: CellSet = 2
    static let greater: CellSet = 4
    static let unordered: CellSet = 8
    /// The cell of a number that is none.
    static let notANumber: CellSet = 1 << 63

    private static let mostPoints = 30

    // MARK: The constants

    /// Notes the constants of a guard; has to be done for all guards before one is read.
    mutating func collect(_ tree: ConditionTree) {
        switch tree {
        case .constant, .presence, .question: return
        case .not(let part): collect(part)
        case .all(let parts), .any(let parts): for part in parts { collect(part) }
        case .choice(let test, let yes, let no): for part in [test, yes, no] { collect(part) }
        case .same(let left, let right): for part in [left, right] { collect(part) }
        case .comparison(let left, _, let right):
            if let point = right.point(comparedWith: left) { add(point, to: left) }
            if let point = left.point(comparedWith: right) { add(point, to: right) }
        }
    }

    private mutating func add(_ point: GuardPoint, to operand: ConditionOperand) {
        var known = points[operand.key] ?? operand.values.map(Self.points(ofTexts:)) ?? []
        defer { points[operand.key] = known }
        let place = known.firstIndex { !$0.scalar.precedes(point.scalar) } ?? known.count
        if place < known.count, known[place].scalar == point.scalar { return }
        guard known.count < Self.mostPoints else {
            isOverfull = true
            return
        }
        known.insert(point, at: place)
    }

    /// The values of an enumeration, unless they are many.
    private static func points(ofTexts values: [String]) -> [GuardPoint] {
        guard values.count <= 20 else { return [] }
        return Set(values).sorted { $0.precedesByBytes($1) }.map {
            GuardPoint(scalar: .text($0), text: "'\($0)'")
        }
    }

    // MARK: The variables

    /// A literal about a value and a constant of its list.
    mutating func comparison(
        of operand: ConditionOperand, _ relation: ConditionRelation, _ point: GuardPoint
    ) -> (variable: Int, cells: CellSet)? {
        guard let points = points[operand.key],
            let index = points.firstIndex(where: { $0.scalar == point.scalar })
        else { return nil }
        let number = number(.value(operand.key)) {
            GuardVariable(
                kind: .value(operand, points: points),
                domain: GuardCells(operand: operand, points: points).domain)
        }
        let here = CellSet(1) << CellSet(2 * index + 1)
        let below = here - 1
        let above = ~(here | below | Self.notANumber)
        return (number, relation.cells(less: below, equal: here, greater: above, Self.notANumber))
    }

    /// A literal about two values.
    mutating func comparison(
        of left: ConditionOperand, _ relation: ConditionRelation, with right: ConditionOperand
    ) -> (variable: Int, cells: CellSet) {
        if left.key != right.key, numbers[.order(right.key, left.key)] != nil {
            return comparison(of: right, relation.flipped, with: left)
        }
        let number = number(.order(left.key, right.key)) {
            var domain = left.key == right.key ? Self.equal : Self.less | Self.equal | Self.greater
            let inexact = [left, right].contains { $0.type == .double || $0.type.isDynamic }
            if inexact { domain |= Self.unordered }
            return GuardVariable(kind: .order(left, right), domain: domain)
        }
        return (
            number,
            relation.cells(
                less: Self.less, equal: Self.equal, greater: Self.greater, Self.unordered)
        )
    }

    mutating func presence(of path: String) -> Int {
        number(.presence(path)) { .init(kind: .presence(path: path), domain: Self.yes | Self.no) }
    }

    mutating func success(of operand: ConditionOperand) -> Int {
        number(.success(operand.key)) {
            .init(kind: .success(operand.text), domain: Self.yes | Self.no)
        }
    }

    /// Whether two values of unknown types have an order.
    mutating func success(
        ofComparing left: ConditionOperand, _ right: ConditionOperand
    ) -> Int {
        let texts = [left.key, right.key].sorted { $0.precedesByBytes($1) }
        return number(.success(texts.joined(separator: "<"))) {
            .init(
                kind: .success("a comparison of \(left.text) with \(right.text)"),
                domain: Self.yes | Self.no)
        }
    }

    mutating func truth(of operand: ConditionOperand) -> Int {
        number(.truth(operand.key)) {
            .init(kind: .truth(operand.text), domain: Self.yes | Self.no)
        }
    }

    private mutating func number(_ key: Key, _ make: () -> GuardVariable) -> Int {
        if let known = numbers[key] { return known }
        all.append(make())
        numbers[key] = all.count - 1
        return all.count - 1
    }
}

extension ConditionRelation {
    /// The cells in which it holds.
    fileprivate func cells(
        less: CellSet, equal: CellSet, greater: CellSet, _ unordered: CellSet
    ) -> CellSet {
        switch self {
        case .less: less
        case .lessOrEqual: less | equal
        case .equal: equal
        case .notEqual: less | greater | unordered
        case .greater: greater
        case .greaterOrEqual: greater | equal
        }
    }
}
