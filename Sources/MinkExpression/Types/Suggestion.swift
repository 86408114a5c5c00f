// Which known name a misspelt one was probably meant to be.

/// Finds the nearest of several names.
package enum Suggestion {
    /// The known name that is nearest to a misspelt one; `nil` when none is near.
    ///
    /// Case does not count. Up to a third of the letters may differ; two letters that changed
    /// places count as one difference.
    package static func nearest(to name: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().unicodeScalars)
        guard wanted.count <= 64 else { return nil }
        let limit = max(1, wanted.count / 3)
        var best: (name: String, distance: Int)?
        for candidate in known where candidate != name {
            guard abs(candidate.unicodeScalars.count - wanted.count) <= limit else { continue }
            let letters = Array(candidate.lowercased().unicodeScalars)
            guard letters.count <= 64 else { continue }
            let distance = distance(wanted, letters)
            let isNearer = best.map { (distance, candidate) < ($0.distance, $0.name) } ?? true
            if distance <= limit, isNearer { best = (candidate, distance) }
        }
        return best?.name
    }

    /// `did you mean "x"?` for the nearest name.
    package static func question(for name: String, among known: some Sequence<String>) -> String? {
        nearest(to: name, among: known).map { "did you mean \"\($0)\"?" }
    }

    /// How many letters have to be added, dropped, changed or swapped with their neighbour.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var above = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(above[column + 1] + 1, current[column] + 1)
                cost = min(cost, above[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    cost = min(cost, before[column - 1] + 1)
                }
                current.append(cost)
            }
            (before, above) = (above, current)
        }
        return above[right.count]
    }
}
