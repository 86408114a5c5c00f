// Findings in the forms that review tools read: SARIF, and annotations of GitHub.
import Foundation
import Testing

@testable import MinkDefinition

@Suite("Findings for review tools")
struct ReviewFormatTests {
    private static let file = "workflows/order form.workflow.json"

    private func log(_ text: String) throws -> [String: Any] {
        let result = DefinitionReader().validate([
            .init(file: Self.file, bytes: Array(text.utf8))
        ])
        let sarif = SARIFRenderer(toolVersion: "1.2.3").render(
            result.findings, files: result.files, sources: result.sources)
        let object = try JSONSerialization.jsonObject(with: Data(sarif.utf8))
        let runs = (object as? [String: Any])?["runs"] as? [[String: Any]]
        return try #require(runs?.first)
    }

    private func results(_ text: String) throws -> [[String: Any]] {
        try #require(try log(text)["results"] as? [[String: Any]])
    }

    private func fingerprints(_ text: String) throws -> [String] {
        try results(text).compactMap {
            ($0["partialFingerprints"] as? [String: String])?["minkFinding/v1"]
        }
    }

    private static let mistake = Samples.everything.replacing("\"retain\"", with: "\"retein\"")

    @Test func `name rule, level, place and fix`() throws {
        let result = try #require(try results(Self.mistake).first)
        let location = try #require((result["locations"] as? [[String: Any]])?.first)
        let physical = location["physicalLocation"] as? [String: Any]
        let region = physical?["region"] as? [String: Int]
        let logical = (location["logicalLocations"] as? [[String: String]])?.first
        let fix = (result["fixes"] as? [[String: Any]])?.first

        #expect(result["ruleId"] as? String == "MW1001")
        #expect(result["level"] as? String == "error")
        #expect(
            (physical?["artifactLocation"] as? [String: String])?["uri"]
                == "workflows/order%20form.workflow.json")
        #expect(region?["startColumn"] == 3)
        #expect(region?["endColumn"] == 11)
        #expect(logical?["fullyQualifiedName"] == "/retein")
        #expect((fix?["artifactChanges"] as? [Any])?.count == 1)
    }

    @Test func `list each rule once, with its place among the rules`() throws {
        let text = Self.mistake.replacing("\"whenStuck\"", with: "\"stuck\"")
            .replacing("\"goto\": \"Packing\"", with: "\"goto\": \"Nowhere\"")
        let tool = try log(text)["tool"] as? [String: Any]
        let driver = tool?["driver"] as? [String: Any]
        let rules = (driver?["rules"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }

        #expect(rules == ["MW1001", "MW2001"])
        for result in try results(text) {
            let number = try #require(result["ruleIndex"] as? Int)
            #expect(rules[number] == result["ruleId"] as? String)
        }
    }

    @Test func `have fingerprints that outlive lines above them`() throws {
        let moved = "\n\n\n" + Self.mistake.replacing("\"owner\"", with: "\n\"owner\"")

        #expect(try fingerprints(moved) == (try fingerprints(Self.mistake)))
    }

    @Test func `have fingerprints that tell equal findings apart`() throws {
        let text = Self.mistake.replacing("\"retein\"", with: "\"x y\": 1, \"x y\": 2, \"retein\"")
        let all = try fingerprints(text)

        #expect(all.count > 2)
        #expect(Set(all).count == all.count)
    }

    @Test func `say nothing of a secret, not even by a digest`() throws {
        func secret(_ key: String) throws -> [String] {
            let text = Samples.everything.replacing("\"== literal\"", with: "\"\(key)\"")
            return try fingerprints(text)
        }

        #expect(try secret("AKIAIOSFODNN7EXAMPLE") == (try secret("AKIAIOSFODNN7EXAMPLF")))
    }

    // MARK: GitHub

    private func finding(_ rule: Rule, _ message: String = "is wrong") -> Finding {
        Finding(
            rule, message,
            at: SourceSpan(
                file: "a,b:c.json", line: 3, column: 5, endLine: 3, endColumn: 9, pointer: "/a"))
    }

    @Test func `are annotations`() {
        #expect(
            GitHubRenderer().render([finding(.unknownField, "100% wrong\nhere")])
                == "::error file=a%2Cb%3Ac.json,line=3,endLine=3,col=5,endColumn=8,"
                + "title=MW3002 unknown-field::100%25 wrong%0Ahere\n")
    }

    @Test func `are at most ten errors and ten warnings, and the rest is counted`() {
        let findings =
            (0..<12).map { finding(.unknownField, "\($0)") }
            + (0..<11).map { finding(.unused, "\($0)") } + [finding(.noDescription)]

        let lines = GitHubRenderer().render(findings).split(separator: "\n")

        #expect(lines.count { $0.hasPrefix("::error ") } == 10)
        #expect(lines.count { $0.hasPrefix("::warning ") } == 10)
        #expect(
            lines.last.map(String.init)
                == "not shown here: 2 more errors, 1 more warning, 1 note; \"mink-workflow "
                + "validate\" shows all")
        #expect(lines.count == 21)
    }

    @Test func `say nothing more where all are shown`() {
        #expect(
            !GitHubRenderer().render([finding(.unknownField)]).contains("not shown"))
    }
}
