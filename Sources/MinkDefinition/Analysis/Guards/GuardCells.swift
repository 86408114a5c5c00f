// The cells of one value that is compared with constants: below the first, the first, between the
// first and the second, and so on.
import MinkExpression

/// The cells of a value.
struct GuardCells {
    let operand: ConditionOperand
    let points: [GuardPoint]

    /// The number of the last cell.
    var last: Int { 2 * points.count }

    /// The cells that the value can be in.
    var domain: CellSet {
        var cells: CellSet = operand.type == .double ? GuardVariables.notANumber : 0
        for cell in 0...last where isPossible(cell) { cells |= 1 << CellSet(cell) }
        return cells
    }

    /// The constant below an open cell, and the one above it; of a point the point itself.
    func ends(of cell: Int) -> (low: GuardPoint?, high: GuardPoint?) {
        if cell % 2 == 1 { return (points[cell / 2], points[cell / 2]) }
        return (cell > 0 ? points[cell / 2 - 1] : nil, cell < last ? points[cell / 2] : nil)
    }

    private func isPossible(_ cell: Int) -> Bool {
        let (low, high) = ends(of: cell)
        if let values = operand.values {
            return values.contains { value in
                let scalar = ConditionScalar.text(value)
                if cell % 2 == 1 { return low?.scalar == scalar }
                return low?.scalar.precedes(scalar) != false
                    && high.map { scalar.precedes($0.scalar) } != false
            }
        }
        if cell % 2 == 1 { return number(low).map(isWithinBounds) ?? true }
        return hasRoom(below: number(low), above: number(high))
    }

    private func number(_ point: GuardPoint?) -> ExactDecimal? {
        if case .number(let number) = point?.scalar { number } else { nil }
    }

    private var isWhole: Bool { operand.type == .int || operand.type == .uint }

    private func isWithinBounds(_ number: ExactDecimal) -> Bool {
        if isWhole, !number.isWhole { return false }
        guard let bounds = operand.bounds else { return true }
        if let minimum = bounds.minimum {
            if number < minimum || (number == minimum && bounds.excludesMinimum) { return false }
        }
        if let maximum = bounds.maximum {
            if number > maximum || (number == maximum && bounds.excludesMaximum) { return false }
        }
        return true
    }

    /// Whether a value can lie between two constants.
    private func hasRoom(below low: ExactDecimal?, above high: ExactDecimal?) -> Bool {
        guard operand.constantsAreNumbers else { return true }
        if let high, let minimum = operand.bounds?.minimum, !(minimum < high) { return false }
        if let low, let maximum = operand.bounds?.maximum, !(low < maximum) { return false }
        guard isWhole else { return true }
        let least = (low ?? operand.bounds?.minimum).map { number in
            low == nil && operand.bounds?.excludesMinimum == false && number.isWhole
                ? number : number.nextWhole
        }
        guard let least, let least else { return true }
        if let high, !(least < high) { return false }
        if let maximum = operand.bounds?.maximum, maximum < least { return false }
        return true
    }

    // MARK: Examples

    /// A value in one of the cells, as text; `nil` where none is known.
    func example(in cells: CellSet) -> String? {
        for cell in 0...last where cells & (1 << CellSet(cell)) != 0 {
            if let example = example(inCell: cell) { return example }
        }
        return nil
    }

    private func example(inCell cell: Int) -> String? {
        let (low, high) = ends(of: cell)
        if cell % 2 == 1 { return low?.text }
        guard isWhole || operand.type == .decimal else { return example(between: low, high) }
        let one = ExactDecimal(Int64(1))
        let candidates = [
            number(low).flatMap(\.nextWhole), number(high).flatMap { $0.subtracting(one) },
            number(low).flatMap { low in number(high).flatMap { low.middle(to: $0) } },
            operand.bounds?.minimum, operand.bounds?.maximum,
        ]
        return candidates.compactMap { $0 }.first { candidate in
            isWithinBounds(candidate) && number(low).map { $0 < candidate } != false
                && number(high).map { candidate < $0 } != false
        }?.description
    }

    private func example(between low: GuardPoint?, _ high: GuardPoint?) -> String? {
        let number: Double
        switch (low?.scalar, high?.scalar) {
        case (.double(let low)?, .double(let high)?): number = low + (high - low) / 2
        case (.double(let low)?, nil): number = low + 1
        case (nil, .double(let high)?): number = high - 1
        default: return nil
        }
        let isInside =
            (low.map { $0.scalar.precedes(.double(number)) } ?? true)
            && (high.map { ConditionScalar.double(number).precedes($0.scalar) } ?? true)
        guard isInside else { return nil }
        return Int64(exactly: number).map(String.init) ?? "\(number)"
    }
}

extension ConditionOperand {
    /// Whether its constants are exact numbers, so that bounds count.
    fileprivate var constantsAreNumbers: Bool {
        type == .int || type == .uint || type == .decimal
    }

    /// This constant, as a point among the values of another operand; `nil` where it is none.
    func point(comparedWith other: ConditionOperand) -> GuardPoint? {
        guard other.constant == nil, let constant, let scalar = constant.read(as: other.type)
        else { return nil }
        return GuardPoint(scalar: scalar, text: text)
    }
}

extension ConditionScalar {
    /// Integers and doubles that are the same number without rounding.
    private static let exactDouble = 9_007_199_254_740_992.0

    /// The constant as a value of a type; `nil` where they cannot be compared exactly.
    fileprivate func read(as type: ExpressionType) -> ConditionScalar? {
        switch (type, self) {
        case (.int, .number), (.uint, .number), (.decimal, .number), (.timestamp, .number),
            (.duration, .number), (.string, .text):
            return self
        case (.int, .double(let number)), (.uint, .double(let number)):
            guard number.magnitude < Self.exactDouble else { return nil }
            return ExactDecimal("\(number)").map(ConditionScalar.number)
        case (.double, .double(let number)):
            return number.isNaN ? nil : self
        case (.double, .number(let number)):
            guard let whole = number.exactInt64,
                Double(whole).magnitude < Self.exactDouble
            else { return nil }
            return .double(Double(whole))
        default:
            return nil
        }
    }

    /// Whether it is less than another constant of the same kind.
    func precedes(_ other: ConditionScalar) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)): left < right
        case (.double(let left), .double(let right)): left < right
        case (.text(let left), .text(let right)): left.precedesByBytes(right)
        default: false
        }
    }
}

extension ExactDecimal {
    fileprivate var isWhole: Bool { rounded(to: 0, rounding: .down) == self }

    /// The least whole number above this one.
    fileprivate var nextWhole: ExactDecimal? {
        guard let down = rounded(to: 0, rounding: .down) else { return nil }
        return down > self ? down : down.adding(ExactDecimal(Int64(1)))
    }

    /// The number halfway to another one.
    fileprivate func middle(to other: ExactDecimal) -> ExactDecimal? {
        guard let half = ExactDecimal(mantissa: 5, scale: 1) else { return nil }
        return adding(other).flatMap { $0.multiplied(by: half) }
    }
}
