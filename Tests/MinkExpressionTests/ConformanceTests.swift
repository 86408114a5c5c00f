import Foundation
import Testing

@testable import MinkExpression

@Suite(
    "CEL conformance",
    .enabled(if: ConformanceData.exists, "shared/data/cel is not beside the package"))
struct ConformanceTests {
    @Test func `passes every test that is not listed as a known failure`() throws {
        let cases = try ConformanceData.cases()
        var passed: [String: Int] = [:]
        var all: [String: Int] = [:]
        for test in cases {
            let failure = test.failure()
            all[test.file, default: 0] += 1
            if failure == nil { passed[test.file, default: 0] += 1 }
            switch (failure, KnownFailures.reasons[test.id]) {
            case (nil, nil), (_?, _?): break
            case (let failure?, nil):
                Issue.record("\(test.id): \(test.expression) gave \(failure)")
            case (nil, _?):
                Issue.record("\(test.id) passes now; take it off the list")
            }
        }
        for file in all.keys.sorted() {
            print("\(file): \(passed[file] ?? 0) of \(all[file] ?? 0)")
        }
        print("all: \(passed.values.reduce(0, +)) of \(cases.count)")
        #expect(cases.count == 1649)
        let ids = Set(cases.map(\.id))
        for id in KnownFailures.reasons.keys.sorted() {
            #expect(ids.contains(id), "\(id) is no test of the suite")
        }
    }
}

@Suite("The expression reference")
struct ExpressionReferenceTests {
    @Test func `lists the known failures of the conformance suite, and no other`() throws {
        let page = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/MinkExpression/Documentation.docc/Expressions.md")
        let rows = try String(contentsOf: page, encoding: .utf8)
            .split(separator: "\n")
            .filter { $0.hasPrefix("| `") && $0.contains("/") && $0.hasSuffix(" profile |") }

        let listed = KnownFailures.reasons.map { "| `\($0.key)` | \($0.value) |" }

        #expect(rows.map(String.init).sorted() == listed.sorted())
    }
}

/// The conformance data beside the package.
enum ConformanceData {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "shared/data/cel/conformance.jsonl")

    static var exists: Bool { FileManager.default.fileExists(atPath: file.path) }

    static func cases() throws -> [ConformanceCase] {
        try [UInt8](Data(contentsOf: file)).split(separator: 0x0A).map { line in
            let document = JSONDocument(reading: Array(line), limits: .event)
            return ConformanceCase(try #require(document.root))
        }
    }
}
