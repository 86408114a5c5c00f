// What an editor underlines and what the command line refuses have to be the same files: every
// example is given to both, and so is every example with one thing changed.
import Foundation
import Testing

@testable import MinkDefinition

@Suite(
    "A schema for editors", .enabled(if: SchemaChecker.url != nil, "check-jsonschema is missing"))
struct SchemaCheckTests {
    /// A kind of file that has a schema.
    enum Kind: String, CaseIterable, Sendable {
        case workflow, scenarios, engine

        /// Where the examples of this kind stand.
        var folder: URL {
            TestFiles.package.appending(path: "Tests/Examples/\(rawValue)-schema")
        }

        /// The errors of a file.
        func errors(_ file: ExampleFile) -> [Finding] {
            let bytes = Array(file.text.utf8)
            let input = DefinitionReader.Input(file: file.name, bytes: bytes)
            let found =
                switch self {
                case .workflow:
                    DefinitionReader(files: NoFiles()).read(file: file.name, bytes: bytes).findings
                case .scenarios: ScenarioReader().read(input).findings
                case .engine: SettingsReader().read(input).findings
                }
            return found.filter { $0.severity == .error }
        }
    }

    /// Findings of shape that JSON Schema can not say, by file.
    private static let beyond: [String: String] = [
        "beyond/state-names-differ-only-in-case.workflow.json":
            "a schema sees each name alone",
        "MW1006-bad.json": "a schema sees each name alone",
    ]

    /// What some releases of the checker refuse and the reader only warns of.
    private static let strict: [String: String] = [
        "MW0006-bad.json": "the checker takes 1e400 for infinity, which may have no type"
    ]

    /// What messages say that JSON Schema can not: one value would be held against another key.
    private static let unsayable = ["\"default\" does not fit"]

    @Test(arguments: Kind.allCases)
    func `refuses the same examples as the command line`(kind: Kind) throws {
        let files = try ExampleFile.all(of: kind)
        let refused = try SchemaChecker.refused(files, by: kind.rawValue)
        var unsaid: Set<String> = []
        var onlySchema: Set<String> = []

        #expect(files.count > 15)
        for file in files {
            let errors = kind.errors(file)
            if refused.contains(file.name) {
                if errors.isEmpty { onlySchema.insert(file.name) }
            } else if errors.contains(where: Self.isSaidBySchema) {
                unsaid.insert(file.name)
            }
        }
        #expect(unsaid == Set(Self.beyond.keys).intersection(files.map(\.name)))
        #expect(onlySchema.subtracting(Self.strict.keys).isEmpty)
    }

    @Test(arguments: Kind.allCases)
    func `refuses the same changed examples as the command line`(kind: Kind) throws {
        let files = try ExampleFile.changed(of: kind)
        let refused = try SchemaChecker.refused(files, by: kind.rawValue)

        #expect(refused.count > 90)
        for file in files {
            let errors = kind.errors(file)
            if refused.contains(file.name) {
                #expect(!errors.isEmpty, "only the schema: \(file)")
            } else {
                let shown = errors.filter { finding in
                    Self.isSaidBySchema(finding)
                        && !Self.unsayable.contains(where: finding.message.hasPrefix)
                }
                #expect(shown.isEmpty, "only the reader: \(file) \(TextRenderer().render(shown))")
            }
        }
    }

    /// Whether a finding is about the shape of a file, which a schema speaks of as well.
    private static func isSaidBySchema(_ finding: Finding) -> Bool {
        ("MW1001"..."MW1008").contains(finding.rule.code)
    }

    @Test(arguments: Kind.allCases)
    func `describes each key, and knows where the schema stands`(kind: Kind) throws {
        let schema = try SchemaText(kind.rawValue)

        #expect(schema.keysWithoutDescription() == [])
        let top = schema.root["properties"] as? [String: Any]
        #expect(top?["$schema"] != nil)
    }

    @Test(arguments: Kind.allCases)
    func `lists the findings that can be accepted`(kind: Kind) throws {
        let code = try SchemaText(kind.rawValue).definition("code")

        let codes = Rule.allCases.filter(\.canBeAccepted).map(\.code)
        #expect(code?["enum"] as? [String] == codes)
    }
}

/// A schema as it stands in its file.
private struct SchemaText {
    let root: [String: Any]

    init(_ name: String) throws {
        let bytes = try TestFiles.bytes(
            TestFiles.package.appending(path: "schemas/\(name).schema.json"))
        root = try #require(
            try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    func definition(_ name: String) -> [String: Any]? {
        (root["$defs"] as? [String: Any])?[name] as? [String: Any]
    }

    /// The places of keys that say nothing to whoever points at them.
    func keysWithoutDescription() -> [String] { missing(in: root, at: "").sorted() }

    private func missing(in value: Any, at path: String) -> [String] {
        if let list = value as? [Any] { return list.flatMap { missing(in: $0, at: path) } }
        guard let object = value as? [String: Any] else { return [] }
        return object.flatMap { name, inner -> [String] in
            // What is shown or compared holds keys of files, not of the schema.
            if ["examples", "default", "enum", "const", "if"].contains(name) { return [] }
            let place = "\(path)/\(name)"
            guard name == "properties", !path.hasSuffix("/properties"),
                let keys = inner as? [String: Any]
            else { return missing(in: inner, at: place) }
            return keys.flatMap { key, schema in
                (isDescribed(schema, depth: 0) ? [] : ["\(place)/\(key)"])
                    + missing(in: schema, at: "\(place)/\(key)")
            }
        }
    }

    private func isDescribed(_ schema: Any, depth: Int) -> Bool {
        // A key that is said to be elsewhere, or not to be here at all.
        guard let schema = schema as? [String: Any] else { return true }
        if schema["description"] is String { return true }
        if let reference = schema["$ref"] as? String, depth < 8 {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            return definition(name).map { isDescribed($0, depth: depth + 1) } ?? false
        }
        guard let then = schema["then"] else { return false }
        return isDescribed(then, depth: depth + 1)
            && isDescribed(schema["else"] ?? true, depth: depth + 1)
    }
}
