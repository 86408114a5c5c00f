// Parts of the language that are sound in some places and not in others, and how often they are
// drawn.

/// A part of the language that only an analysis of the whole saga can tell to be sound.
///
/// Where it is left out of a drawing, only sound uses are drawn.
package enum RiskyConstruct: String, CaseIterable, Sendable {
    /// A field that may be unset is read as if it were set.
    case unsetReads
    /// Alternatives without a last one that always holds.
    case missingOtherwise
    /// A plain step into a failed state, whatever is on the ledger.
    case gotoFailed
    /// A step is done, and its undo is not armed.
    case missingUndo
    /// An undo that reads a field that may be unset when it is armed.
    case undoOfUnset
    /// A step that fails on or behind the point of no return.
    case failAfterNoReturn
    /// A late answer that is ignored.
    case lateIgnored
    /// An event that was held too long, or that nothing waits for, and that vanishes.
    case silentDrops
    /// A confirmation that reads a field which may be unset.
    case unsetConfirmation
    /// A field whose name is computed.
    case computedNames
    /// A state without a timeout.
    case noTimeout
    /// A state that nothing ever leads out of.
    case deadEnds
}

/// Which risky constructs are drawn, and how often.
package struct DrawnRisks: Sendable {
    let constructs: Set<RiskyConstruct>
    /// Whether a definition has few of them, and those seldom.
    let isRare: Bool

    /// Draws some constructs wherever they fit.
    package static func often(_ constructs: Set<RiskyConstruct>) -> DrawnRisks {
        DrawnRisks(constructs: constructs, isRare: false)
    }

    /// Draws no construct but in sound places.
    package static let none = often([])

    /// Draws each construct in a few definitions, and in a few places of them, so that many
    /// definitions have one that is sound by luck.
    package static let rarely = DrawnRisks(
        constructs: Set(RiskyConstruct.allCases), isRare: true)

    /// The constructs of one definition.
    func draw(_ draw: inout Draw) -> Set<RiskyConstruct> {
        guard isRare else { return constructs }
        return Set(RiskyConstruct.allCases.filter { _ in draw.chance(15) })
    }
}
