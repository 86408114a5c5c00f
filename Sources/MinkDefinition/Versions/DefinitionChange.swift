// One difference of meaning between two versions of a workflow, and what it does to sagas that run.

/// A difference between two versions.
package struct DefinitionChange: Sendable, Hashable {
    package let effect: Effect
    /// The JSON pointer of the part: in the new version, or in the old one for what is gone.
    package let pointer: String
    /// What changed, in the names as written.
    package let sentence: String
    /// The rule that `validate --against` reports; `nil` for what is fine as it is.
    package let rule: Rule?
    /// The next step, where there is one.
    package let help: String?

    /// What a change does, the worst first.
    package enum Effect: String, Sendable, Hashable, CaseIterable, Comparable {
        /// Somebody else has to change too, or the engine refuses the file.
        case breaking = "BREAKING"
        /// Running sagas can only be moved once `migrate` says how.
        case needsMapping = "NEEDS-MAPPING"
        /// New sagas go another way; running ones keep their version.
        case newOnly = "NEW-ONLY"
        /// No saga notices.
        case safe = "SAFE"

        private var rank: Int {
            switch self {
            case .breaking: 0
            case .needsMapping: 1
            case .newOnly: 2
            case .safe: 3
            }
        }

        package static func < (left: Effect, right: Effect) -> Bool { left.rank < right.rank }
    }
}

/// The differences between two versions of one workflow.
///
/// They are about meaning: the order of keys, layout, the spacing of expressions and whether a list of
/// one is written as its element count for nothing.
package struct DefinitionDiff: Sendable {
    package let old: Definition.Identity
    package let new: Definition.Identity
    /// The worst first, then in the order of the file.
    package let changes: [DefinitionChange]

    package init(from old: Definition, to new: Definition) {
        self.old = old.identity
        self.new = new.identity
        var comparison = DefinitionComparison(old: old, new: new)
        comparison.run()
        changes = comparison.changes.enumerated()
            .sorted { ($0.element.effect, $0.offset) < ($1.element.effect, $1.offset) }
            .map(\.element)
    }

    /// The worst effect; `nil` when nothing differs.
    package var worst: DefinitionChange.Effect? { changes.first?.effect }
}
