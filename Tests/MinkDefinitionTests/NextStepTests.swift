// What is wrong is half of a finding; the other half is what its reader does next.
import Foundation
import Testing

@testable import MinkDefinition

@Suite("A finding")
struct NextStepTests {
    @Test(arguments: RulePageTests.pages)
    func `of a rule's page says what to do next`(name: String) throws {
        let page = try RulePageTests.Page(name)

        expectNextStep(RulePageTests.findings(page.bad, after: page.published))
    }

    @Test(
        .enabled(if: TestFiles.exists(TestFiles.mistakes), "shared/data is not beside the package"),
        arguments: TestFiles.names(in: TestFiles.mistakes, ending: ".workflow.json"))
    func `of a file with mistakes says what to do next`(name: String) throws {
        let bytes = try TestFiles.bytes(TestFiles.mistakes.appending(path: name))

        expectNextStep(DefinitionReader().read(file: name, bytes: bytes).findings)
    }

    @Test(
        arguments: RuleTests.shape + RuleTests.references + RuleTests.expressions
            + RuleTests.meaning)
    func `of one small change says what to do next`(mistake: RuleTests.Mistake) {
        let text = Samples.everything.replacing(mistake.old, with: mistake.new, maxReplacements: 1)

        expectNextStep(Samples.read(text).findings)
    }

    /// Sentences that are orders already, and the words that make them so.
    private static let orders: [Rule: [String]] = [
        .jsonSyntax: ["expected"], .badTextEncoding: ["save"], .numberNotExact: ["write"],
        .missingKey: ["needs"], .wrongType: ["needs"],
        .badValue: ["needs", "write", "expected", " is one of ", " is \"all\""],
        .badName: ["needs", "cannot name"], .exclusiveKeys: ["can have", "cannot have"],
        .keyNotHere: ["needs"], .emptyBlock: ["write"], .noDescription: ["describe"],
        .exprSyntax: ["missing"], .guardNotBoolean: ["Did you mean"],
        .overlappingGuards: ["Reorder"], .notIdempotentHandler: ["add"],
    ]

    private func expectNextStep(_ findings: [Finding]) {
        let silent = findings.filter { finding in
            let orders = Self.orders[finding.rule] ?? []
            return finding.help == nil && finding.fix == nil
                && !orders.contains(where: finding.message.contains)
        }

        #expect(silent.isEmpty, "\(TextRenderer().render(silent))")
    }
}
