// How much of a workflow was reached, for people and machines.
import MinkDefinition
package import MinkExpression

/// The coverage of one workflow.
package struct CoverageReport: Sendable {
    package let workflow: String
    /// All goals, and whether each was reached.
    private let goals: [(goal: CoverageGoal, isReached: Bool)]

    init(workflow: String, goals: [(CoverageGoal, Bool)]) {
        self.workflow = workflow
        self.goals = goals.map { (goal: $0.0, isReached: $0.1) }
    }

    /// What was not reached, in the order of the file.
    package var missing: [CoverageGoal] { goals.filter { !$0.isReached }.map(\.goal) }

    /// How many goals there are, and how many were reached.
    package var count: (reached: Int, total: Int) {
        (goals.count { $0.isReached }, goals.count)
    }

    /// The share that was reached, in tenths of a percent, rounded down: 1,000 is all of it.
    package var perMille: Int {
        let (reached, total) = count
        return total == 0 ? 1_000 : reached * 1_000 / total
    }

    /// The share for people, as in `93.2 %`.
    package var percent: String { "\(perMille / 10).\(perMille % 10) %" }

    /// Counts by kind, then a line for each goal that was not reached.
    package var text: String {
        var lines = ["coverage of \(workflow): \(count.reached) of \(count.total), \(percent)"]
        let kinds = CoverageGoal.Kind.allCases.compactMap { kind -> String? in
            let (reached, total) = count(of: kind)
            return total == 0 ? nil : "\(kind.plural) \(reached)/\(total)"
        }
        lines.append("  " + kinds.joined(separator: ", "))
        let places = missing.map(\.place.description)
        let width = places.map(\.count).max() ?? 0
        for (goal, place) in zip(missing, places) {
            let gap = String(repeating: " ", count: width - place.count)
            lines.append("  \(place)\(gap)  \(goal.missing)")
        }
        return lines.joined(separator: "\n")
    }

    /// The same for machines.
    package var json: Value {
        var kinds = ValueMap()
        for kind in CoverageGoal.Kind.allCases {
            let (reached, total) = count(of: kind)
            kinds[kind.rawValue] = [
                "reached": .int(Int64(reached)), "total": .int(Int64(total)),
            ]
        }
        return [
            "workflow": .string(workflow), "reached": .int(Int64(count.reached)),
            "total": .int(Int64(count.total)),
            "percent": .double(Double(perMille) / 10),
            "kinds": .map(kinds),
            "missing": .list(
                missing.map { goal in
                    [
                        "kind": .string(goal.kind.rawValue), "file": .string(goal.place.file),
                        "line": .int(Int64(goal.place.line)),
                        "column": .int(Int64(goal.place.column)),
                        "pointer": .string(goal.pointer), "message": .string(goal.missing),
                    ]
                }),
        ]
    }

    private func count(of kind: CoverageGoal.Kind) -> (reached: Int, total: Int) {
        let ofKind = goals.filter { $0.goal.kind == kind }
        return (ofKind.count { $0.isReached }, ofKind.count)
    }
}
