// Which versions of workflows are kept, and which of them new instances take.
package import MinkDefinition
package import MinkExpression

/// The versions that a store keeps.
package struct DefinitionShelf: Sendable, Hashable {
    /// Counts the changes of the shelf.
    package let number: Int64
    /// By workflow and version.
    package let versions: [Version]

    package init(number: Int64, versions: [Version]) {
        self.number = number
        self.versions = versions
    }

    /// A version that is kept.
    package struct Version: Sendable, Hashable {
        package let identity: Definition.Identity
        /// The name of the file that it came from, for messages.
        package let file: String
        /// When it was published.
        package let savedAt: Timestamp
        /// Whether an operator chose it for new instances.
        package let isChosen: Bool
        /// Whether it is out of use.
        package let isRetired: Bool

        package init(
            identity: Definition.Identity, file: String, savedAt: Timestamp, isChosen: Bool,
            isRetired: Bool
        ) {
            self.identity = identity
            self.file = file
            self.savedAt = savedAt
            self.isChosen = isChosen
            self.isRetired = isRetired
        }
    }

    /// The version that new instances take: the one that an operator chose, else the highest.
    package func active(_ workflow: String) -> Version? {
        let usable = versions.filter { $0.identity.workflow == workflow && !$0.isRetired }
        return usable.first(where: \.isChosen)
            ?? usable.max { $0.identity.version < $1.identity.version }
    }

    /// The version of a workflow with a number; `nil` when it is not kept.
    package func version(_ version: Int, of workflow: String) -> Version? {
        versions.first { $0.identity.workflow == workflow && $0.identity.version == version }
    }
}

extension DefinitionShelf {
    /// Refuses to take a version out of use that somebody needs.
    ///
    /// - Parameters:
    ///   - version: The version.
    ///   - workflow: The workflow's name.
    ///   - use: How many instances need it.
    /// - Throws: ``StoreError`` with code `conflict`, in a sentence that says what to do.
    package func checkRetirement(
        of version: Int, of workflow: String, use: DefinitionUse?
    ) throws(StoreError) {
        let name = "\(workflow) version \(version)"
        guard self.version(version, of: workflow) != nil else { throw .notKept(version, workflow) }
        guard active(workflow)?.identity.version != version else {
            throw StoreError(
                code: .conflict,
                message: "new sagas take \(name); activate another version first")
        }
        guard let use, use.running + use.ended > 0 else { return }
        throw StoreError(
            code: .conflict,
            message: "\(use.running) running and \(use.ended) ended sagas need \(name); migrate "
                + "the running ones, and wait until the ended ones are removed")
    }
}

extension StoreError {
    /// A version that a store does not keep.
    package static func notKept(_ version: Int, _ workflow: String) -> StoreError {
        StoreError(
            code: .conflict,
            message: "there is no version \(version) of \(workflow) here; \"mink-workflow "
                + "definitions list\" shows those that are kept")
    }

    /// Another text under a version that is out.
    package static func published(_ identity: Definition.Identity) -> StoreError {
        StoreError(
            code: .conflict,
            message: "another text is published as \(identity.workflow) version "
                + "\(identity.version); give this one a new version")
    }
}
