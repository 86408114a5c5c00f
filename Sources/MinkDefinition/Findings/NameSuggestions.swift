// Which known name somebody may have meant.
import MinkExpression

/// Names among which a misspelt one is looked up.
///
/// Keeps what it found, since one mistake often stands in many places, and stops looking after many
/// different mistakes: a file in which nothing is right is not made better by suggestions.
package final class NameSuggestions {
    private let names: [String]
    private var found: [String: String?] = [:]

    private static let mostNames = 1_000
    private static let mostLookUps = 100

    package init(_ names: some Sequence<String>) {
        self.names = Array(names)
    }

    /// The nearest known name; `nil` when none is near.
    package func nearest(to name: String) -> String? {
        if let found = found[name] { return found }
        guard found.count < Self.mostLookUps else { return nil }
        let nearest = Suggestion.nearest(to: name, among: names.prefix(Self.mostNames))
        found[name] = .some(nearest)
        return nearest
    }

    /// `did you mean "amount"?`, or the known names when they are few; `nil` when neither helps.
    package func help(for name: String) -> String? {
        if let nearest = nearest(to: name) { return "did you mean \"\(nearest)\"?" }
        guard !names.isEmpty, names.count <= 6 else { return nil }
        return "known: \(names.joined(separator: ", "))"
    }
}
