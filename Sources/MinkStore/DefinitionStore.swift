// The texts of definitions that instances run by, and which of them new instances take.
//
// The rows are what all engines of a store agree on: whoever publishes a version writes it here,
// and every other engine sees by one number that there is something new.
package import MinkDefinition
package import MinkExpression

/// Keeps the text of every definition that an instance may need.
package protocol DefinitionStore: Sendable {
    /// Keeps a definition; the same one again changes nothing.
    ///
    /// - Throws: ``StoreError`` with code `conflict` if another text is published under its version.
    func save(_ definition: StoredDefinition, at now: Timestamp) async throws(StoreError)

    /// Keeps a definition that a person publishes, and the record of that.
    ///
    /// - Throws: ``StoreError`` with code `conflict` if another text is published under its version.
    func publish(
        _ definition: StoredDefinition, recording entry: AuditEntry
    ) async throws(StoreError)

    /// All definitions that are kept, by workflow and version.
    func definitions() async throws(StoreError) -> [StoredDefinition]

    /// The definition of a workflow under a version; `nil` when none is kept.
    func definition(
        of workflow: String, version: Int
    ) async throws(StoreError) -> StoredDefinition?

    /// Grows whenever a version is kept, chosen or retired: a cheap look for something new.
    func shelfNumber() async throws(StoreError) -> Int64

    /// Every version that is kept, without its text.
    func shelf() async throws(StoreError) -> DefinitionShelf

    /// Has new instances take a version, whatever higher ones there are; a retired one comes back.
    ///
    /// - Parameters:
    ///   - version: The version; `nil` takes the highest one again, now and later.
    ///   - workflow: The workflow's name.
    ///   - entry: Who chose it, and why.
    /// - Throws: ``StoreError`` with code `conflict` if no such version is kept.
    func choose(
        _ version: Int?, of workflow: String, recording entry: AuditEntry
    ) async throws(StoreError)

    /// Takes a version out of use; its text stays, for the history of instances that have ended.
    ///
    /// - Throws: ``StoreError`` with code `conflict` if new instances take it, if an instance needs
    ///   it, or if it is not kept.
    func retire(
        _ version: Int, of workflow: String, recording entry: AuditEntry
    ) async throws(StoreError)

    /// How many instances are kept of each version that some run by.
    func definitionUses() async throws(StoreError) -> [DefinitionUse]

    /// What could not be loaded, by folder and place.
    func loadFailures() async throws(StoreError) -> [LoadFailure]

    /// Keeps what could not be loaded from a folder, in place of what was kept for it before.
    func keepLoadFailures(
        _ failures: [LoadFailure], of folder: String
    ) async throws(StoreError)
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

/// How many instances need a version.
package struct DefinitionUse: Sendable, Hashable {
    package let workflow: String
    package let version: Int
    /// Those that have not ended.
    package let running: Int
    /// Those that have ended and are kept: late events still find them.
    package let ended: Int

    package init(workflow: String, version: Int, running: Int, ended: Int) {
        self.workflow = workflow
        self.version = version
        self.running = running
        self.ended = ended
    }
}

/// Why a file, or a folder, could not be loaded.
package struct LoadFailure: Sendable, Hashable {
    package let file: String
    /// Counted from 1; 0 where the file as a whole is meant.
    package let line: Int
    package let column: Int
    /// The code of the finding; `nil` where there is none.
    package let code: String?
    /// What is wrong and what to do, for people.
    package let message: String
    package let at: Timestamp

    package init(
        file: String, line: Int = 0, column: Int = 0, code: String? = nil, message: String,
        at: Timestamp
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.code = code
        self.message = message
        self.at = at
    }

    /// One line for people.
    package var text: String {
        let place = line > 0 ? "\(file):\(line):\(column)" : file
        return "\(place): error: \(message)\(code.map { " [\($0)]" } ?? "")"
    }

    /// Whether two say the same, whenever they were found.
    package func saysTheSame(as other: LoadFailure) -> Bool {
        (file, line, column, message) == (other.file, other.line, other.column, other.message)
            && code == other.code
    }
}
