// People try the command line on the files that they have; it says what they are, and no more.
import Foundation
import Testing

@Suite("A file of another engine")
struct OtherLanguageTests {
    private static let folder = "Tests/Examples/other-languages"

    private static let files = [
        ("order.asl.json", "Amazon States Language"), ("order.sw.yaml", "a Serverless Workflow"),
        ("order.sw.json", "a Serverless Workflow"), ("order.machine.json", "an XState machine"),
        ("trip.machine.json", "an XState machine"), ("order.machine.ts", "an XState machine"),
        ("order.bpmn", "BPMN"),
    ]

    @Test(arguments: files)
    func `is named in one finding, also under the name of ours`(
        file: String, language: String
    ) throws {
        let scratch = try ScratchFolder()
        let text = try CommandLineRun.text("\(Self.folder)/\(file)")
        let renamed = try scratch.write(text, to: "order.workflow.json")

        for path in ["\(Self.folder)/\(file)", renamed] {
            let run = try CommandLineRun("validate", path, "--format", "text")

            #expect(run.code == 1)
            #expect(
                run.lines.first?.hasSuffix(
                    ":1:1: error: this looks like \(language); see \"importing\" [MW1012]") == true,
                "\(run.output)")
            #expect(run.lines.count == 1, "\(run.output)")
        }
    }

    @Test func `is each of the examples`() throws {
        let url = CommandLineRun.root.appending(path: Self.folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: url.path)

        #expect(Set(names) == Set(Self.files.map(\.0)))
    }

    @Test func `is explained by the page that the finding names`() throws {
        let page = try CommandLineRun.text(
            "Sources/MinkDefinition/Documentation.docc/Importing.md")
        let run = try CommandLineRun("validate", "\(Self.folder)/order.bpmn")
        let command = try #require(run.output.firstMatch(of: /mink-workflow (explain importing)/))

        let words = command.output.1.split(separator: " ").map(String.init)
        #expect(try CommandLineRun(all: words).output == page + "\n")
        for (_, language) in Self.files {
            let name = language.drop { $0.isLowercase || $0 == " " }.prefix { $0 != " " }
            #expect(page.contains("\n## \(name)"), "\(language)")
        }
    }

    @Test(arguments: files.map(\.0))
    func `is named by the verbs that need a workflow, without a crash`(file: String) throws {
        let path = "\(Self.folder)/\(file)"
        for verb in ["graph", "matrix"] {
            let run = try CommandLineRun(verb, path)

            #expect(run.code == 1, "\(verb): \(run.errors)")
            #expect(run.errors.contains("MW1012"), "\(verb): \(run.errors)")
        }
        #expect(try CommandLineRun("fmt", path, "--check").code < 3)
    }

    @Test(arguments: files.map(\.0))
    func `crashes nothing when it is cut off anywhere`(file: String) throws {
        let scratch = try ScratchFolder()
        let text = try CommandLineRun.text("\(Self.folder)/\(file)")
        for part in 1..<12 {
            let cut = String(text.prefix(text.count * part / 12))
            try scratch.write(cut, to: "\(part).workflow.json")
        }

        let run = try CommandLineRun("validate", scratch.url.path, "--format", "json")

        #expect(run.code == 1)
        #expect(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) is [String: Any])
    }
}
