// Each page of the rule catalog shows a bad file and a good one; both are read here.
import Foundation
import Testing

@testable import MinkDefinition

@Suite("The page of a rule")
struct RulePageTests {
    static let folder = TestFiles.package.appending(
        path: "Sources/MinkDefinition/Documentation.docc/Rules")

    static let pages = TestFiles.names(in: folder, ending: ".md")

    /// Rules that have no page yet: those that follow the saga through its states, those that compare
    /// versions, the one for destinations, and the one for old spellings, of which there are none.
    static let withoutPage: Set<String> = [
        "MW1011", "MW3005", "MW4001", "MW4002", "MW4003", "MW4007", "MW4008", "MW4009", "MW4010",
        "MW4011", "MW5001", "MW5002", "MW5003", "MW5004", "MW5005", "MW5006", "MW5008", "MW5009",
        "MW5010", "MW5011", "MW6004", "MW8001", "MW8002", "MW8003", "MW8004", "MW8005", "MW8006",
        "MW8007", "MW8008", "MW8009", "MW8012", "MW9004",
    ]

    /// A page taken apart.
    struct Page {
        let code: String
        let title: String
        let bad: String
        let good: String
        let line: Int
        let column: Int

        init(_ name: String) throws {
            let text = try TestFiles.text(RulePageTests.folder.appending(path: name))
            code = String(name.dropLast(".md".count))
            title = String(text.prefix { $0 != "\n" })
            let blocks = text.matches(of: /```json\n((?s:.*?))\n```/).map { String($0.output.1) }
            bad = blocks.first ?? ""
            good = blocks.dropFirst().first ?? ""
            let place = try #require(text.firstMatch(of: /\nFinding: ([0-9]+):([0-9]+)/))
            line = try #require(Int(place.output.1))
            column = try #require(Int(place.output.2))
        }
    }

    /// What is found in an example, where "customers" is the only destination of the operator.
    private static func findings(_ text: String) -> [Finding] {
        var options = DefinitionReader.Options()
        if !text.contains("analytics") { options.destinations = ["customers"] }
        return DefinitionReader(options: options).read(
            .init(file: "a.workflow.json", bytes: Array(text.utf8))
        ).findings
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
        let bad = Self.findings(page.bad)
        let good = Self.findings(page.good)

        #expect(good.isEmpty, "\(TextRenderer().render(good))")
        #expect(
            bad.count == 1 && bad.first?.rule == rule && bad.first?.span.line == page.line
                && bad.first?.span.column == page.column, "\(TextRenderer().render(bad))")
    }
}
