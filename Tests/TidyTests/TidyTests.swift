// The rules of the house, held by a test instead of by memory.
import Foundation
import Testing

@Suite("The code")
struct TidyTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Which modules of ours a module may import, besides what the toolchain brings.
    private static let table: [String: Set<String>] = {
        let pure = ["MinkExpression", "MinkDefinition", "MinkEngine"]
        let all = Set(
            pure + [
                "MinkStore", "MinkSQLite", "MinkPostgres", "MinkPublishers", "MinkCommands",
                "MinkWorkflow", "MinkTesting", "CDocuments",
            ])
        return [
            "MinkExpression": ["CRE2"],
            "MinkDefinition": ["MinkExpression", "CCrypto"],
            "MinkEngine": ["MinkExpression", "MinkDefinition"],
            "MinkStore": Set(pure),
            "MinkSQLite": Set(pure + ["MinkStore", "CSQLite"]),
            "MinkPostgres": Set(pure + ["MinkStore", "CLibpq"]),
            "MinkPublishers": Set(pure + ["MinkStore", "CRdKafka", "CCurl", "CCrypto"]),
            "MinkCommands": Set(pure + ["MinkStore"]),
            "MinkWorkflow": Set(pure + ["MinkStore", "MinkCommands"]),
            "MinkTesting": all.subtracting([
                "MinkTesting", "MinkPostgres", "MinkPublishers", "CDocuments",
            ]),
            "mink-workflow": all,
        ]
    }()
    private static let pureModules = [
        "MinkExpression", "MinkDefinition", "MinkEngine", "MinkStore",
    ]

    private static func files(of folder: String) -> [(name: String, text: String)] {
        let url = root.appending(path: folder)
        let names = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String }
        return (names ?? []).filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            (try? String(contentsOf: url.appending(path: name), encoding: .utf8))
                .map { ("\(folder)/\(name)", $0) }
        }
    }

    private static func imports(_ text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
                words[..<index].allSatisfy({
                    ["public", "package", "internal", "@_exported", "@testable"].contains($0)
                })
            else { return nil }
            return String(words[index + 1])
        }
    }

    @Test(arguments: table.keys.sorted())
    func `imports what the table of modules allows`(module: String) throws {
        let allowed = try #require(Self.table[module])
        let ours = Self.imports
        for file in Self.files(of: "Sources/\(module)") {
            for name in ours(file.text) where name.hasPrefix("Mink") || name.hasPrefix("C") {
                #expect(allowed.contains(name), "\(file.name) imports \(name)")
            }
        }
    }

    @Test(arguments: pureModules)
    func `of the pure modules reads no clock, no file and no random number`(module: String) {
        let forbidden = [
            "import Foundation", "import Glibc", "import Dispatch", "ContinuousClock",
            "SuspendingClock",
            "SystemRandomNumberGenerator", ".random(", "fopen", "getenv", "clock_gettime",
        ]
        for file in Self.files(of: "Sources/\(module)") {
            for word in forbidden {
                #expect(!file.text.contains(word), "\(file.name) mentions \(word)")
            }
        }
    }

    @Test func `has no file above 400 lines`() {
        for file in Self.files(of: "Sources") + Self.files(of: "Tests") {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(lines <= 401, "\(file.name) has \(lines) lines")
        }
    }

    @Test func `opens each file with a sentence`() {
        for file in Self.files(of: "Sources") {
            #expect(file.text.hasPrefix("// "), "\(file.name)")
        }
    }

    @Test func `traps nowhere without a sentence`() {
        let forbidden = [
            "try" + "!", "as" + "!", "fatalError" + "()", "precondition" + "Failure()",
        ]
        for file in Self.files(of: "Sources") {
            for word in forbidden {
                #expect(!file.text.contains(word), "\(file.name) contains \(word)")
            }
        }
    }

    @Test func `embeds each page of the rule catalog and each schema`() throws {
        let pages = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.path + "/Sources/MinkDefinition/Documentation.docc/Rules")
        let schemas = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.path + "/schemas")
        let documents = try String(
            contentsOf: Self.root.appending(path: "Sources/CDocuments/CDocuments.c"),
            encoding: .utf8)

        for name in pages + schemas {
            #expect(documents.contains("DOCUMENT(\"\(name)\""), "\(name) is not embedded")
        }
    }

    @Test func `depends on no Swift package`() throws {
        let manifest = try String(
            contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)

        #expect(!manifest.contains(".package("))
    }
}
