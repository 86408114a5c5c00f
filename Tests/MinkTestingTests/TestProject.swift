// The workflows of the project, for tests.
import Foundation
import MinkDefinition
import MinkWorkflow
import Testing

enum TestProject {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let workflows = [
        "group-booking", "loan-application", "order-fulfillment", "payout", "trip-booking",
    ]

    /// A workflow and its scenarios.
    static func read(_ name: String) throws -> (Definition, ScenarioFile) {
        let result = read(try text(name), as: name)
        return (try #require(result.definition), try scenarios(name))
    }

    /// What a workflow file with this text, in place of one of the project, would be.
    static func read(_ text: String, as name: String) -> DefinitionReader.ReadResult {
        DefinitionReader(options: .ofThisMachine, files: RootedFiles(root: root.path)).read(
            DefinitionReader.Input(
                file: "workflows/\(name).workflow.json", bytes: Array(text.utf8)))
    }

    static func scenarios(_ name: String) throws -> ScenarioFile {
        let file = "workflows/\(name).scenarios.json"
        let bytes = try Data(contentsOf: root.appending(path: file))
        return try #require(
            ScenarioReader(options: .ofThisMachine).read(
                DefinitionReader.Input(file: file, bytes: Array(bytes))
            ).file)
    }

    /// The text of a workflow file.
    static func text(_ name: String) throws -> String {
        try String(
            contentsOf: root.appending(path: "workflows/\(name).workflow.json"), encoding: .utf8)
    }
}
