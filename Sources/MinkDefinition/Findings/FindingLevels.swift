// How much each rule weighs in a project: `--rule MW7=error`, `--strict`, `--fail-on warning`.

/// The levels that a project gives to rules.
package struct FindingLevels: Sendable {
    /// A level of a rule: a severity, or none at all.
    package enum Level: String, Sendable, CaseIterable {
        case error, warning, info, off
    }

    /// From which severity on a run has a negative answer.
    package enum FailOn: String, Sendable, CaseIterable {
        case error, warning, info, never
    }

    private var rules: [(prefix: String, level: Level)] = []
    /// What holds where ``rules`` say nothing.
    private var defaults: [(prefix: String, level: Level)] = []
    private let isStrict: Bool

    /// - Parameter strict: Whether warnings count as errors.
    package init(strict: Bool = false) {
        isStrict = strict
    }

    /// Gives a level to a rule or to all rules of a prefix.
    ///
    /// - Returns: Whether some rule has this prefix; without one nothing changes.
    package mutating func set(_ prefix: String, to level: Level) -> Bool {
        guard prefix.hasPrefix("MW"), Rule.allCases.contains(where: { $0.code.hasPrefix(prefix) })
        else { return false }
        rules.append((prefix, level))
        return true
    }

    /// Lets what was set so far hold only where nothing is set later.
    package mutating func keepAsDefaults() {
        defaults += rules
        rules = []
    }

    /// The findings with their levels in this project; those that are off are left out.
    package func applied(to findings: [Finding]) -> [Finding] {
        findings.compactMap { finding in
            var finding = finding
            if let level = level(of: finding.rule) {
                guard let severity = Severity(rawValue: level.rawValue) else { return nil }
                finding.severity = severity
            }
            if isStrict, finding.severity == .warning { finding.severity = .error }
            return finding
        }
    }

    /// The level that was set; the longest prefix wins, then the last one.
    private func level(of rule: Rule) -> Level? {
        guard !rule.isMandatory else { return nil }
        return Self.level(of: rule, in: rules) ?? Self.level(of: rule, in: defaults)
    }

    private static func level(
        of rule: Rule, in entries: [(prefix: String, level: Level)]
    ) -> Level? {
        var best: (prefix: String, level: Level)?
        for entry in entries where rule.code.hasPrefix(entry.prefix) {
            if entry.prefix.count >= (best?.prefix.count ?? 0) { best = entry }
        }
        return best?.level
    }
}

extension [Finding] {
    /// Whether a run with these findings has a negative answer.
    package func fail(on level: FindingLevels.FailOn) -> Bool {
        guard let least = Severity(rawValue: level.rawValue) else { return false }
        return contains { $0.severity >= least }
    }
}
