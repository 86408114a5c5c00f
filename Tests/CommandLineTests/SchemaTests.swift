import Foundation
import Testing

/// The checker of JSON Schemas that stands in for editors; `nil` when it is not in the path.
private enum Checker {
    static let url = Program.find("check-jsonschema")
}

@Suite("The JSON Schemas", .enabled(if: Checker.url != nil, "check-jsonschema is missing"))
struct SchemaTests {

    private static func files(_ folder: String, ending: String) -> [String] {
        let url = CommandLineRun.root.appending(path: folder)
        let names = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String }
        return (names ?? []).filter { $0.hasSuffix(ending) }.sorted().map { "\(folder)/\($0)" }
    }

    /// Checks files, and returns those that were refused.
    private func refused(_ files: [String], by words: [String]) throws -> Set<String> {
        let process = Process()
        process.executableURL = Checker.url
        process.arguments = words + ["--output-format", "json"] + files
        process.currentDirectoryURL = CommandLineRun.root
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = CommandLineRun.text(of: output)
        process.waitUntilExit()
        let report = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let errors = (report?["errors"] as? [[String: Any]]) ?? []
        let broken = (report?["parse_errors"] as? [[String: Any]]) ?? []
        return Set((errors + broken).compactMap { $0["filename"] as? String })
    }

    @Test func `are schemas`() throws {
        let schemas = Self.files("schemas", ending: ".json")

        #expect(schemas.count == 3)
        #expect(try refused(schemas, by: ["--check-metaschema"]).isEmpty)
    }

    @Test(arguments: [
        ("schemas/workflow.schema.json", "workflows", ".workflow.json"),
        ("schemas/scenarios.schema.json", "workflows", ".scenarios.json"),
        ("schemas/workflow.schema.json", "Tests/Examples/workflow-schema/good", ".workflow.json"),
        ("schemas/engine.schema.json", "Tests/Examples/engine-schema/good", ".json"),
    ])
    func `accept what the command line accepts`(schema: String, folder: String, ending: String)
        throws
    {
        let files = Self.files(folder, ending: ending)

        #expect(!files.isEmpty)
        #expect(try refused(files, by: ["--schemafile", schema]).isEmpty)
    }

    @Test(arguments: [("workflow", 20), ("engine", 10)])
    func `refuse each mistake of shape that the command line refuses`(name: String, least: Int)
        throws
    {
        let files = Self.files("Tests/Examples/\(name)-schema/bad", ending: ".json")
        let schema = ["--schemafile", "schemas/\(name).schema.json"]

        #expect(files.count > least)
        #expect(Set(files).subtracting(try refused(files, by: schema)).isEmpty)
    }

    @Test(arguments: ["Tests/Examples/workflow-schema", "workflows", "Tests/Examples"])
    func `of SARIF accept what is written for review tools`(folder: String) throws {
        let scratch = try ScratchFolder()
        let log = scratch.path("all.sarif")
        try CommandLineRun("validate", folder, "--format", "sarif=\(log)", "--strict")

        let schema = ["--schemafile", "Tests/Examples/sarif-log.schema.json"]
        #expect(try String(contentsOfFile: log, encoding: .utf8).contains("\"version\": \"2.1.0\""))
        #expect(try refused([log], by: schema).isEmpty)
    }
}
