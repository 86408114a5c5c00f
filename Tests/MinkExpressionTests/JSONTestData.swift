// Reads the data that lies beside the package, where it is there.

import Foundation
import MinkExpression

enum JSONTestData {
    /// The folder `shared/data` beside the package.
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "shared/data")

    static let suite = folder.appending(path: "json-test-suite/test_parsing")
    static let mistakes = folder.appending(path: "mistakes")

    static func exists(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.path)
    }

    static func names(in folder: URL) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).sorted()
    }

    static func bytes(of name: String, in folder: URL) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: folder.appending(path: name)))
    }
}

/// A document of a test.
func document(_ text: String, limits: JSONLimits = .definition) -> JSONDocument {
    JSONDocument(reading: [UInt8](text.utf8), limits: limits)
}
