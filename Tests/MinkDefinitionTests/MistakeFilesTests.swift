// Every file with a mistake must give its code at its place, and no other error.
import Foundation
import Testing

@testable import MinkDefinition

@Suite(
    "The files with mistakes",
    .enabled(if: TestFiles.exists(TestFiles.mistakes), "shared/data is not beside the package"))
struct MistakeFilesTests {
    struct Expected: Decodable, Sendable {
        let code: String
        let line: Int
        let columnMin: Int
        let columnMax: Int

        func fits(_ finding: Finding) -> Bool {
            finding.rule.code == code && finding.span.line == line
                && (columnMin...columnMax).contains(finding.span.column)
        }
    }

    static let single = TestFiles.names(in: TestFiles.mistakes, ending: ".workflow.json").filter {
        $0.first?.isNumber == true
    }

    static let right = TestFiles.names(in: TestFiles.mistakes, ending: ".workflow.json").filter {
        $0.hasPrefix("ok-")
    }

    private func read(_ name: String) throws -> DefinitionReader.ReadResult {
        let bytes = try TestFiles.bytes(TestFiles.mistakes.appending(path: name))
        return DefinitionReader().read(file: name, bytes: bytes)
    }

    private func expected<Form: Decodable>(_ name: String, as form: Form.Type) throws -> Form {
        let file = name.replacing(".workflow.json", with: ".expected.json")
        let bytes = try TestFiles.bytes(TestFiles.mistakes.appending(path: file))
        return try JSONDecoder().decode(form, from: Data(bytes))
    }

    @Test(arguments: single)
    func `give one mistake each, at its place`(name: String) throws {
        let expected = try expected(name, as: Expected.self)
        let findings = try read(name).findings

        let others = findings.filter { $0.severity == .error && !expected.fits($0) }
        #expect(others.isEmpty, "\(TextRenderer().render(others))")
        let found = findings.filter(expected.fits)
        #expect(found.count == 1, "\(TextRenderer().render(findings))")
    }

    @Test(arguments: right)
    func `that only look suspicious give no error`(name: String) throws {
        let result = try read(name)

        let errors = result.findings.filter { $0.severity == .error }
        #expect(errors.isEmpty, "\(TextRenderer().render(errors))")
        #expect(result.definition != nil)
    }

    @Test func `give ten mistakes of one file in one run`() throws {
        let name = "ten-mistakes.workflow.json"
        let expected = try expected(name, as: [Expected].self)
        let findings = try read(name).findings

        for mistake in expected {
            #expect(findings.count(where: mistake.fits) == 1, "\(mistake)")
        }
        let others = findings.filter { finding in
            finding.severity == .error && !expected.contains { $0.fits(finding) }
        }
        #expect(others.isEmpty, "\(TextRenderer().render(others))")
    }
}
