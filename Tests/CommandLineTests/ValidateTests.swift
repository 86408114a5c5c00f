import Foundation
import Testing

@Suite("mink-workflow validate")
struct ValidateTests {
    @Test func `finds nothing wrong with the workflows of the project`() throws {
        let run = try CommandLineRun("validate", "workflows")

        #expect(run.code == 0)
        #expect(run.output.isEmpty)
    }

    @Test func `ends with 1 for a file that is no JSON, and says where`() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("this is no JSON", to: "bad.workflow.json")

        let run = try CommandLineRun("validate", file, "--format", "text")

        #expect(run.code == 1)
        #expect(run.output.contains("bad.workflow.json:1:1: error:"))
    }

    @Test func `ends with 2 for a folder without workflows, and says so`() throws {
        let folder = try ScratchFolder()

        let run = try CommandLineRun("validate", folder.url.path)

        #expect(run.code == 2)
        #expect(run.errors.contains("no *.workflow.json or *.scenarios.json in"))
    }

    @Test func `ends with 2 for a file that does not exist, and names it`() throws {
        let run = try CommandLineRun("validate", "nowhere.workflow.json")

        #expect(run.code == 2)
        #expect(run.errors.contains("there is no file or folder \"nowhere.workflow.json\""))
    }

    @Test func `reads standard input`() throws {
        let run = try CommandLineRun("validate", "-", "--format", "text", input: "{}")

        #expect(run.code == 1)
        #expect(run.output.contains("<stdin>:1:1: error:"))
    }

    @Test(arguments: ["pretty", "text", "json", "sarif", "github"])
    func `ends the same in every format`(format: String) throws {
        let folder = try ScratchFolder()
        let file = try folder.write("{}", to: "bad.workflow.json")

        #expect(try CommandLineRun("validate", file, "--format", format).code == 1)
        #expect(
            try CommandLineRun("validate", file, "--format", format, "--fail-on", "never").code
                == 0)
    }

    @Test func `follows no link out of the project`() throws {
        let folder = try ScratchFolder()
        try folder.write("{}", to: "project/mink-workflow.json")
        try folder.write(#"{"retryPolicies": {}}"#, to: "outside.json")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("project/inside.json"),
            withDestinationPath: folder.path("outside.json"))
        let file = try folder.write(#"{"use": ["./inside.json"]}"#, to: "project/a.workflow.json")

        let run = try CommandLineRun("validate", file, "--format", "text")

        #expect(run.output.contains("a link that leads outside this project; put the file"))
    }
}
