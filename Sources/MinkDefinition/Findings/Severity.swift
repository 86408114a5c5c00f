// How much a finding weighs.

/// How much a finding weighs; errors come before warnings.
package enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
    case error, warning, info

    private var weight: Int {
        switch self {
        case .error: 2
        case .warning: 1
        case .info: 0
        }
    }

    package static func < (left: Severity, right: Severity) -> Bool { left.weight < right.weight }
}
