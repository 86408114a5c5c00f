// Each page of the rule catalog shows a bad file and a good one; both are read here.
import Foundation
import Testing

@testable import MinkDefinition

@Suite("The page of a rule")
struct RulePageTests {
    static let folder = TestFiles.package.appending(
        path: "Sources/MinkDefinition/Documentation.docc/Rules")

    static let pages = TestFiles.names(in: folder, ending: ".md")

    /// Rules that no check of a file can give: there is no old spelling yet, and histories and
    /// destinations are judged elsewhere.
    static let withoutPage: Set<String> = ["MW1011", "MW8012", "MW9004"]

    /// A page taken apart.
    struct Page {
        let code: String
        let title: String
        /// The version that is out already; `nil` on pages about one file alone.
        let published: String?
        let bad: String
        let good: String
        let line: Int
        let column: Int

        init(_ name: String) throws {
            let text = try TestFiles.text(RulePageTests.folder.appending(path: name))
            code = String(name.dropLast(".md".count))
            title = String(text.prefix { $0 != "\n" })
            let blocks = text.matches(of: /```json\n((?s:.*?))\n```/).map { String($0.output.1) }
            let isAboutVersions = text.contains("\n## Published\n")
            published = isAboutVersions ? blocks.first : nil
            bad = blocks.dropFirst(isAboutVersions ? 1 : 0).first ?? ""
            good = blocks.dropFirst(isAboutVersions ? 2 : 1).first ?? ""
            let place = try #require(text.firstMatch(of: /\nFinding: ([0-9]+):([0-9]+)/))
            line = try #require(Int(place.output.1))
            column = try #require(Int(place.output.2))
        }
    }

    /// What is found in an example, where "customers" is the only destination of the operator.
    static func findings(_ text: String, after published: String?) -> [Finding] {
        var options = DefinitionReader.Options()
        if !text.contains("analytics") { options.destinations = ["customers"] }
        return Samples.findings(text, after: published, options: options)
    }

    @Test func `exists for each rule that a check can give`() {
        let written = Set(Self.pages.map { String($0.dropLast(".md".count)) })
        let missing = Set(Rule.allCases.map(\.code)).subtracting(written)

        #expect(missing == Self.withoutPage)
    }

    @Test(arguments: pages)
    func `shows what is found, and what is right`(name: String) throws {
        let page = try Page(name)
        let rule = try #require(Rule(rawValue: page.code))
        #expect(page.title == "# \(rule.code) \(rule.slug)")
        let bad = Self.findings(page.bad, after: page.published)
        let good = Self.findings(page.good, after: page.published)

        #expect(good.isEmpty, "\(TextRenderer().render(good))")
        #expect(
            bad.count == 1 && bad.first?.rule == rule && bad.first?.span.line == page.line
                && bad.first?.span.column == page.column, "\(TextRenderer().render(bad))")
    }
}
