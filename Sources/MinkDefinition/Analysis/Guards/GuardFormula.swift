// What has to hold for a guard to be true, or to be false, in terms of variables.
//
// A variable has up to 64 cells, of which exactly one is the case: the values below 5, 5 itself, the
// values above 5. A literal says in which cells its variable is.

/// A set of cells of one variable, one bit each.
typealias CellSet = UInt64

/// When something holds.
indirect enum GuardFormula {
    case always, never
    case literal(variable: Int, cells: CellSet)
    case all([GuardFormula])
    case any([GuardFormula])
}

extension GuardFormula {
    /// What holds when all parts do.
    static func and(_ parts: [GuardFormula]) -> GuardFormula {
        var kept: [GuardFormula] = []
        for part in parts {
            switch part {
            case .always: continue
            case .never: return .never
            case .all(let inner): kept += inner
            default: kept.append(part)
            }
        }
        if kept.isEmpty { return .always }
        return kept.count == 1 ? kept[0] : .all(kept)
    }

    /// What holds when one of the parts does.
    static func or(_ parts: [GuardFormula]) -> GuardFormula {
        var kept: [GuardFormula] = []
        for part in parts {
            switch part {
            case .never: continue
            case .always: return .always
            case .any(let inner): for part in inner { part.join(&kept) }
            default: part.join(&kept)
            }
        }
        if kept.isEmpty { return .never }
        return kept.count == 1 ? kept[0] : .any(kept)
    }

    /// Adds itself to alternatives; two literals of one variable become one.
    private func join(_ parts: inout [GuardFormula]) {
        guard case .literal(let variable, let cells) = self else { return parts.append(self) }
        for (index, part) in parts.enumerated() {
            guard case .literal(variable, let others) = part else { continue }
            parts[index] = .literal(variable: variable, cells: cells | others)
            return
        }
        parts.append(self)
    }
}

/// When a guard is true and when it is false; where neither holds it fails.
struct GuardMeaning {
    let holds: GuardFormula
    let fails: GuardFormula
    /// When it is not true, whether it is false or has no answer.
    let misses: GuardFormula

    static let always = GuardMeaning(holds: .always, fails: .never, misses: .never)
}
