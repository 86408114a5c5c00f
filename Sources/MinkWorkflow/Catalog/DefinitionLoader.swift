// Loads definitions: from files, all checked before one is taken, and from the texts that a store
// keeps for running instances.
package import MinkDefinition
import MinkEngine
package import MinkStore

/// Loads definitions.
package enum DefinitionLoader {
    /// What a loading of files yields.
    package struct Loaded: Sendable {
        /// The definitions without errors, as texts to keep.
        package var stored: [StoredDefinition] = []
        package var catalog = Catalog()
        package var findings: [Finding] = []
        package var sources: [String: SourceText] = [:]
    }

    /// Reads workflow files; a bad one hides no good one.
    package static func load(_ files: [Project.File]) -> Loaded {
        var loaded = Loaded()
        for file in files {
            let reader = DefinitionReader(
                options: .ofThisMachine, files: RootedFiles(root: file.root))
            let result = reader.read(file.input)
            loaded.findings += result.findings
            loaded.sources.merge(result.sources) { first, _ in first }
            guard let definition = result.definition else { continue }
            loaded.catalog.add(definition)
            loaded.stored.append(stored(definition, result, file.input))
        }
        return loaded
    }

    /// The text of a definition that was read, with all that it includes.
    static func stored(
        _ definition: Definition, _ result: DefinitionReader.ReadResult,
        _ input: DefinitionReader.Input
    ) -> StoredDefinition {
        let texts = result.sources.mapValues { String(decoding: $0.bytes, as: UTF8.self) }
        return StoredDefinition(
            identity: definition.identity, file: input.path, text: texts[input.file] ?? "",
            includes: texts.filter { $0.key != input.file })
    }

    /// Adds the definitions that a store keeps and no file has any more.
    ///
    /// A stored definition is compiled, never checked again by newer rules.
    ///
    /// - Throws: ``StoreError`` with code `corrupt` if a text cannot be compiled any more.
    package static func add(
        _ kept: [StoredDefinition], to catalog: inout Catalog
    ) throws(StoreError) {
        for stored in kept where !catalog.contains(stored.identity) {
            catalog.add(try compile(stored))
        }
    }

    /// Compiles a text that a store keeps.
    ///
    /// - Throws: ``StoreError`` with code `corrupt` if that is impossible now.
    static func compile(_ stored: StoredDefinition) throws(StoreError) -> Definition {
        var options = DefinitionReader.Options.ofThisMachine
        options.checks = false
        let reader = DefinitionReader(options: options, files: KeptFiles(texts: stored.includes))
        let input = DefinitionReader.Input(
            file: stored.file, path: stored.file, bytes: Array(stored.text.utf8))
        guard let definition = reader.read(input).definition else {
            throw StoreError(
                code: .corrupt,
                message: "\(stored.identity.workflow) version \(stored.identity.version), "
                    + "which the store keeps, can not be read any more")
        }
        return definition
    }
}

extension DefinitionStore {
    /// The definition that an instance runs by; `nil` when it is not kept.
    ///
    /// - Throws: ``StoreError`` if the store fails, or the text can not be compiled any more.
    func find(_ reference: DefinitionReference) async throws(StoreError) -> Definition? {
        let stored = try await definition(of: reference.workflow, version: reference.version)
        guard let stored, stored.identity.fingerprint == reference.fingerprint else { return nil }
        return try DefinitionLoader.compile(stored)
    }
}

/// The included texts of a definition that a store keeps.
private struct KeptFiles: FileSource {
    let texts: [String: String]

    func read(_ path: String) -> Result<[UInt8], FileProblem> {
        texts[path].map { .success(Array($0.utf8)) } ?? .failure(.missing)
    }
}
