// The reader and the JSON Schema for editors have to agree: the examples of one are those of both.
import Foundation
import Testing

@testable import MinkDefinition

@Suite("The examples of the editors' schema")
struct SchemaAgreementTests {
    static let folder = TestFiles.package.appending(path: "Tests/Examples/workflow-schema")

    static func names(_ kind: String) -> [String] {
        TestFiles.names(in: folder.appending(path: kind), ending: ".json")
    }

    private func read(_ kind: String, _ name: String) throws -> [Finding] {
        let url = Self.folder.appending(path: kind).appending(path: name)
        return DefinitionReader(files: NoFiles()).read(file: name, bytes: try TestFiles.bytes(url))
            .findings
    }

    /// The code that each file is said to have, by its name.
    static let expected: [String: String] = {
        let bytes = try? TestFiles.bytes(folder.appending(path: "expected.json"))
        return (try? JSONDecoder().decode([String: String].self, from: Data(bytes ?? []))) ?? [:]
    }()

    @Test(arguments: names("bad"))
    func `that it refuses have the error of shape that they are made for`(name: String) throws {
        let errors = try read("bad", name).filter { $0.severity == .error }

        let code = try #require(Self.expected[name])
        #expect(code.hasPrefix("MW1"))
        #expect(Set(errors.map(\.rule.code)) == [code], "\(TextRenderer().render(errors))")
    }

    @Test(arguments: names("beyond"))
    func `that it cannot refuse are refused here`(name: String) throws {
        let errors = try read("beyond", name).filter { $0.severity == .error }

        #expect(!errors.isEmpty)
    }

    @Test(arguments: names("good"))
    func `that it accepts have none`(name: String) throws {
        let findings = try read("good", name).filter { $0.severity == .error }

        #expect(findings.isEmpty, "\(TextRenderer().render(findings))")
    }
}

@Suite("The examples of the editors' schema of scenarios")
struct ScenarioSchemaAgreementTests {
    static let folder = TestFiles.package.appending(path: "Tests/Examples/scenarios-schema")

    static func names(_ kind: String) -> [String] {
        TestFiles.names(in: folder.appending(path: kind), ending: ".json")
    }

    private func read(_ kind: String, _ name: String) throws -> [Finding] {
        let url = Self.folder.appending(path: kind).appending(path: name)
        return ScenarioReader().read(.init(file: name, bytes: try TestFiles.bytes(url))).findings
    }

    /// The code that each file is said to have, by its name.
    static let expected: [String: String] = {
        let bytes = try? TestFiles.bytes(folder.appending(path: "expected.json"))
        return (try? JSONDecoder().decode([String: String].self, from: Data(bytes ?? []))) ?? [:]
    }()

    @Test(arguments: names("bad"))
    func `that it refuses have the error of shape that they are made for`(name: String) throws {
        let findings = try read("bad", name)

        let code = try #require(Self.expected[name])
        #expect(findings.map(\.rule.code) == [code], "\(TextRenderer().render(findings))")
    }

    @Test(arguments: names("good"))
    func `that it accepts have none`(name: String) throws {
        let findings = try read("good", name)

        #expect(findings.isEmpty, "\(TextRenderer().render(findings))")
    }
}
