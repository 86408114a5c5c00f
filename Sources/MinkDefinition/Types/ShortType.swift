// Types as one word: `string`, `decimal?`, `object[]`.

/// A type that was written as a short word.
package struct ShortType: Sendable, Hashable {
    package let type: DataType
    /// Whether it ends in `?`.
    package let isOptional: Bool

    /// The type of a word; `nil` when it is none.
    package init?(_ text: String) {
        var word = Substring(text)
        isOptional = word.last == "?"
        if isOptional { word.removeLast() }
        var lists = 0
        while word.hasSuffix("[]"), lists < Self.deepest {
            word.removeLast(2)
            lists += 1
        }
        guard let found = DataType.words.first(where: { $0.word == word }) else { return nil }
        var type = found.type
        for _ in 0..<lists { type = DataType(.list(type)) }
        self.type = type
    }

    private static let deepest = 8
}
