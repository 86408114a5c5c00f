// How large a JSON text may be. Each limit is checked before the work that it bounds.

/// How large a JSON text may be.
package struct JSONLimits: Sendable {
    /// Bytes of the whole text.
    package var bytes: Int
    /// Levels of lists and objects within each other.
    package var depth: Int
    /// Bytes of one text or name, as it is written.
    package var textBytes: Int
    /// Reading stops at so many syntax mistakes.
    package var syntaxProblems: Int
    /// What the messages call these texts, in the plural.
    package var subject: String
    /// Whether places in the text will be asked for often.
    package var keepsLines = false

    package init(
        bytes: Int, depth: Int, textBytes: Int, syntaxProblems: Int = 20, subject: String = "texts"
    ) {
        self.bytes = min(bytes, Self.mostBytes)
        self.depth = depth
        self.textBytes = textBytes
        self.syntaxProblems = max(syntaxProblems, 1)
        self.subject = subject
    }

    /// For files that people write.
    package static let definition = {
        var limits = JSONLimits(
            bytes: 1 << 20, depth: 64, textBytes: 64 << 10, subject: "workflow files")
        limits.keepsLines = true
        return limits
    }()

    /// For events and other messages: the first mistake ends the reading.
    package static let event = JSONLimits(
        bytes: 1 << 20, depth: 128, textBytes: 1 << 20, syntaxProblems: 1, subject: "events")

    /// For texts of our own, such as stored ones.
    package static let library = JSONLimits(
        bytes: mostBytes, depth: 512, textBytes: mostBytes, syntaxProblems: 1)

    /// The tape keeps places in 32 bits.
    private static let mostBytes = Int(Int32.max)
}
