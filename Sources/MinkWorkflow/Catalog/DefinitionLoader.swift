// Loads definitions: from files, all checked before one is taken, and from the texts that a store
// keeps for running instances.
package import MinkDefinition
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

    private static func stored(
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
        var options = DefinitionReader.Options.ofThisMachine
        options.checks = false
        for stored in kept where !catalog.contains(stored.identity) {
            let reader = DefinitionReader(
                options: options, files: KeptFiles(texts: stored.includes))
            let input = DefinitionReader.Input(
                file: stored.file, path: stored.file, bytes: Array(stored.text.utf8))
            guard let definition = reader.read(input).definition else {
                throw StoreError(
                    code: .corrupt,
                    message: "\(stored.identity.workflow) version \(stored.identity.version), "
                        + "which the store keeps, can not be read any more")
            }
            catalog.add(definition)
        }
    }
}

/// The included texts of a definition that a store keeps.
private struct KeptFiles: FileSource {
    let texts: [String: String]

    func read(_ path: String) -> Result<[UInt8], FileProblem> {
        texts[path].map { .success(Array($0.utf8)) } ?? .failure(.missing)
    }
}
