// The texts of definitions that instances run by.
package import MinkDefinition
package import MinkExpression

/// Keeps the text of every definition that an instance may need.
package protocol DefinitionStore: Sendable {
    /// Keeps a definition; the same one again changes nothing.
    ///
    /// - Throws: ``StoreError`` with code `conflict` if another text is published under its version.
    func save(_ definition: StoredDefinition, at now: Timestamp) async throws(StoreError)

    /// All definitions that are kept, by workflow and version.
    func definitions() async throws(StoreError) -> [StoredDefinition]
}

/// A definition as text, with everything that it includes.
package struct StoredDefinition: Sendable, Hashable {
    package let identity: Definition.Identity
    /// The name of the file, for messages.
    package let file: String
    package let text: String
    /// The texts of files that it names under `use` and `$ref`, by path.
    package let includes: [String: String]

    package init(
        identity: Definition.Identity, file: String, text: String, includes: [String: String]
    ) {
        self.identity = identity
        self.file = file
        self.text = text
        self.includes = includes
    }
}
