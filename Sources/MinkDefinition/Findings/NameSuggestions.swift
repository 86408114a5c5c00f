// Which known name somebody may have meant.
import MinkExpression

/// Names among which a misspelt one is looked up.
package struct NameSuggestions: Sendable {
    private let names: [String]
    private let known: Set<String>

    package init(_ names: some Sequence<String>) {
        self.names = Array(names)
        known = Set(self.names)
    }

    package func contains(_ name: String) -> Bool { known.contains(name) }

    /// The nearest known name; `nil` when none is near.
    ///
    /// Compares with at most 1,000 names, so that many mistakes in a large file stay cheap.
    package func nearest(to name: String) -> String? {
        Suggestion.nearest(to: name, among: names.prefix(1_000))
    }

    /// `did you mean "amount"?`, or the known names when they are few; `nil` when neither helps.
    package func help(for name: String) -> String? {
        if let nearest = nearest(to: name) { return "did you mean \"\(nearest)\"?" }
        guard !names.isEmpty, names.count <= 6 else { return nil }
        return "known: \(names.joined(separator: ", "))"
    }
}
