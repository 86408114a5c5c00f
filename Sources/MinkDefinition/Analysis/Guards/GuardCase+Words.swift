// Names a case as people would write it: `event.amount < data.total`, or `x = 6`.
import MinkExpression

extension GuardCase {
    /// When it is the case, as in `for x = 6` or `if event.amount < data.total`.
    func words(_ variables: GuardVariables) -> String {
        example(variables).map { "for \($0)" } ?? "if \(condition(variables))"
    }

    /// The case as a condition; empty when nothing is decided.
    func condition(_ variables: GuardVariables) -> String {
        told(variables).map { $0.condition }.joined(separator: " && ")
    }

    /// One example of the case, such as `x = 6`; `nil` where none is known for sure.
    private func example(_ variables: GuardVariables) -> String? {
        let told = told(variables)
        let known = told.compactMap(\.example)
        guard !known.isEmpty, known.count == told.count else { return nil }
        return known.joined(separator: " and ")
    }

    /// What is worth saying: that a value is there, or can be computed, is clear from what is said
    /// about the value.
    private func told(
        _ variables: GuardVariables
    ) -> [(condition: String, example: String?)] {
        let parts = decided.map { (variables.all[$0.variable], $0.cells) }
        let texts = parts.flatMap { $0.0.operandTexts }
        let worthSaying = parts.filter { variable, cells in
            guard cells == GuardVariables.yes else { return true }
            switch variable.kind {
            case .presence(let path): return !texts.contains { $0.contains(path) }
            case .success: return false
            default: return true
            }
        }
        return (worthSaying.isEmpty ? parts : worthSaying).map { variable, cells in
            (variable.condition(cells), variable.example(cells))
        }
    }
}

extension GuardVariable {
    /// The texts of the values that it is about.
    fileprivate var operandTexts: [String] {
        switch kind {
        case .value(let operand, _): [operand.text]
        case .order(let left, let right): [left.text, right.text]
        case .truth(let text): [text]
        case .presence, .success: []
        }
    }

    /// What it says that the variable is in these cells.
    fileprivate func condition(_ cells: CellSet) -> String {
        switch kind {
        case .value(let operand, let points):
            return GuardCells(operand: operand, points: points).condition(cells, domain)
        case .order(let left, let right):
            return "\(left.text) \(Self.sign(cells)) \(right.text)"
        case .presence(let path):
            return cells == GuardVariables.yes ? "has(\(path))" : "!has(\(path))"
        case .success(let text):
            return cells == GuardVariables.yes ? "\(text) has a value" : "\(text) has no value"
        case .truth(let text):
            if cells == GuardVariables.yes { return text }
            return text.utf8.contains(0x20) ? "!(\(text))" : "!\(text)"
        }
    }

    private static func sign(_ cells: CellSet) -> String {
        switch cells & ~GuardVariables.unordered {
        case GuardVariables.less: "<"
        case GuardVariables.less | GuardVariables.equal: "<="
        case GuardVariables.equal: "=="
        case GuardVariables.greater: ">"
        case GuardVariables.greater | GuardVariables.equal: ">="
        case GuardVariables.less | GuardVariables.greater: "!="
        default: "has no order with"
        }
    }

    fileprivate func example(_ cells: CellSet) -> String? {
        switch kind {
        case .value(let operand, let points):
            GuardCells(operand: operand, points: points).example(in: cells)
                .map { "\(operand.text) = \($0)" }
        case .truth(let text):
            text.utf8.contains(0x20) || text.utf8.contains(0x28)
                ? nil : "\(text) = \(cells == GuardVariables.yes)"
        case .order, .presence, .success: nil
        }
    }
}

extension GuardCells {
    /// The cells as a condition on the value.
    func condition(_ cells: CellSet, _ domain: CellSet) -> String {
        let name = operand.text
        let points = pointCells(of: cells)
        let missing = pointCells(of: domain & ~cells)
        if cells & domain == points.cells, !points.texts.isEmpty {
            return points.texts.count == 1
                ? "\(name) == \(points.texts[0])"
                : "\(name) in [\(points.texts.joined(separator: ", "))]"
        }
        if domain & ~cells == missing.cells, !missing.texts.isEmpty {
            return missing.texts.count == 1
                ? "\(name) != \(missing.texts[0])"
                : "!(\(name) in [\(missing.texts.joined(separator: ", "))])"
        }
        let runs = runs(of: cells, domain).map { "\($0)" }
        if runs.isEmpty { return "\(name) is no number" }
        return runs.count == 1 ? runs[0] : "(\(runs.joined(separator: " || ")))"
    }

    private func pointCells(of cells: CellSet) -> (texts: [String], cells: CellSet) {
        var found: (texts: [String], cells: CellSet) = ([], 0)
        for (index, point) in points.enumerated() {
            let cell = CellSet(1) << CellSet(2 * index + 1)
            guard cells & cell != 0 else { continue }
            found.texts.append(point.text)
            found.cells |= cell
        }
        return found
    }

    /// Each stretch of neighbouring cells as a condition.
    private func runs(of cells: CellSet, _ domain: CellSet) -> [String] {
        let possible = (0...last).filter { domain & (1 << CellSet($0)) != 0 }
        let runs = possible.split { cells & (1 << CellSet($0)) == 0 }
        return runs.compactMap { run in
            guard let first = run.first, let final = run.last else { return nil }
            return condition(from: first, to: final, possible)
        }
    }

    private func condition(from first: Int, to final: Int, _ possible: [Int]) -> String {
        let name = operand.text
        var parts: [String] = []
        if first != possible.first, let low = ends(of: first).low {
            parts.append("\(name) \(first % 2 == 1 ? ">=" : ">") \(low.text)")
        }
        if final != possible.last, let high = ends(of: final).high {
            parts.append("\(name) \(final % 2 == 1 ? "<=" : "<") \(high.text)")
        }
        if first == final, first % 2 == 1, let point = ends(of: first).low {
            return "\(name) == \(point.text)"
        }
        return parts.joined(separator: " && ")
    }
}
