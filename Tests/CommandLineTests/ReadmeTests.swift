import Foundation
import Testing

@Suite("The README")
struct ReadmeTests {
    private let blocks: [String]

    init() throws {
        let text = try CommandLineRun.text("README.md")
        blocks = text.components(separatedBy: "\n```").enumerated()
            .filter { $0.offset % 2 == 1 }
            .map { $0.element.split(separator: "\n", maxSplits: 1).last.map(String.init) ?? "" }
    }

    private func block(containing text: String) throws -> String {
        try #require(blocks.first { $0.contains(text) })
    }

    @Test func `shows the findings of a misspelt field as they are printed`() throws {
        let folder = try ScratchFolder()
        let workflow = try CommandLineRun.text("workflows/order-fulfillment.workflow.json")
        try folder.write(
            workflow.replacingOccurrences(of: "event.amount >=", with: "event.ammount >="),
            to: "workflows/order-fulfillment.workflow.json")

        let run = try CommandLineRun("validate", "workflows", in: folder.url)

        #expect(run.code == 1)
        #expect(run.output.contains(try block(containing: "error[MW3002]")))
    }

    @Test func `shows lines of the transcript that its command prints`() throws {
        let command = try block(containing: "mink-workflow run")
        #expect(command.hasPrefix(".ci/setup && swift run mink-workflow run "))
        let words = command.split(separator: " ").dropFirst(5).map(String.init)
        let run = try CommandLineRun(words[0], words[1], words[2], words[3])

        var printed = run.lines[...]
        for line in try block(containing: "late (e11)").split(separator: "\n") {
            let index = try #require(printed.firstIndex(of: String(line)), "\(line)")
            printed = printed[(index + 1)...]
        }
    }

    @Test func `shows Swift that is compiled by the tests`() throws {
        let example = try CommandLineRun.text("Tests/MinkWorkflowTests/ReadmeExample.swift")

        #expect(example.contains(try block(containing: "struct RequestPayment")))
        let fixture = try CommandLineRun.text("Tests/MinkTestingTests/SagaFixtureTests.swift")
        for line in try block(containing: "SagaFixture(").split(separator: "\n").dropFirst() {
            let words = line.trimmingCharacters(in: .whitespaces)
            #expect(fixture.contains(words), "\(words)")
        }
    }

    @Test func `lists each verb of the command line`() throws {
        let text = try CommandLineRun.text("README.md")

        for verb in ["validate", "test", "run", "matrix", "explain", "schema"] {
            #expect(text.contains("| `mink-workflow \(verb)"))
        }
    }
}
