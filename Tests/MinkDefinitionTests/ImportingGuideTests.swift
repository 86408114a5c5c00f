// The guide shows a file of each other engine, and beside it the workflow that it becomes.
import Foundation
import Testing

@testable import MinkDefinition

@Suite("The guide to importing")
struct ImportingGuideTests {
    private static let page = TestFiles.package.appending(
        path: "Sources/MinkDefinition/Documentation.docc/Importing.md")

    private static let sections = [
        "Amazon States Language", "Serverless Workflow", "XState", "BPMN",
    ]

    @Test(arguments: sections)
    func `shows a file of another engine, and a workflow in which nothing is found`(
        title: String
    ) throws {
        let text = try TestFiles.text(Self.page)
        let section = try #require(text.components(separatedBy: "\n## \(title)\n").last)
            .components(separatedBy: "\n## ")[0]
        let blocks = section.matches(of: /```(?:json|xml)\n((?s:.*?))\n```/)
            .map { String($0.output.1) }

        #expect(blocks.count == 2)
        #expect(Samples.read(blocks[0]).findings.map(\.rule) == [.otherLanguage])
        let result = Samples.read(blocks[1])
        #expect(result.findings.isEmpty, "\(TextRenderer().render(result.findings))")
        #expect(result.definition != nil)
        #expect(section.contains("\nNo counterpart: "))
    }
}
