// Edits that change what a workflow does in some run, and that nothing finds, with the reason.

enum EditExceptions {
    /// Why an edit is not found; `nil` when it has to be.
    static func reason(_ name: String) -> String? {
        reasons.first { name.hasPrefix($0.name) }?.reason
    }

    private static let reasons: [(name: String, reason: String)] = []
}
