// The files that are given to both the schemas and the reader, and the program that checks them.
import Foundation
import Testing

@testable import MinkDefinition

/// A file that is an example of something.
struct ExampleFile: Sendable, CustomStringConvertible {
    let name: String
    let text: String
    /// What was changed in it.
    var change = ""

    var description: String { "\(name) \(change)" }

    /// All examples of a kind, right and wrong.
    static func all(of kind: SchemaCheckTests.Kind) throws -> [ExampleFile] {
        var files = try ["good", "bad", "beyond"].flatMap { group in
            try read(kind.folder.appending(path: group), ".json", lead: "\(group)/")
        }
        let package = TestFiles.package
        files += try read(
            package.appending(path: "workflows"), ".\(kind.rawValue).json", lead: "workflows/")
        guard kind == .workflow else { return files }
        files += try read(TestFiles.mistakes, ".workflow.json", lead: "mistakes/")
        files += try read(
            package.appending(path: "Tests/Examples/other-languages"), ".json", lead: "others/")
        for page in RulePageTests.pages {
            let page = try RulePageTests.Page(page)
            files.append(ExampleFile(name: "\(page.code)-bad.json", text: page.bad))
            files.append(ExampleFile(name: "\(page.code)-good.json", text: page.good))
        }
        return files
    }

    private static func read(_ folder: URL, _ ending: String, lead: String) throws -> [ExampleFile]
    {
        try TestFiles.names(in: folder, ending: ending).map { name in
            ExampleFile(
                name: lead + name, text: try TestFiles.text(folder.appending(path: name)))
        }
    }

    /// The right examples, each with one thing left out, put in, or put in place of another.
    static func changed(of kind: SchemaCheckTests.Kind) throws -> [ExampleFile] {
        let examples = try read(kind.folder.appending(path: "good"), ".json", lead: "")
        var files: [ExampleFile] = []
        for (index, example) in examples.enumerated() {
            let root = try JSONSerialization.jsonObject(with: Data(example.text.utf8))
            // Of so many changes some are enough.
            let step = kind == .workflow ? 29 : 3
            for (number, variant) in variants(of: root, at: "").enumerated()
            where number % step == index % step {
                let bytes = try JSONSerialization.data(
                    withJSONObject: variant.value, options: [.fragmentsAllowed])
                files.append(
                    ExampleFile(
                        name: "\(index)-\(number).json",
                        text: String(decoding: bytes, as: UTF8.self),
                        change: "\(example.name) \(variant.change)"))
            }
        }
        return files
    }

    private static var others: [Any] {
        [NSNull(), true, 0, 7, "", "x y", "30", [Any](), ["A", "B"], [String: Any](), ["zzz": 1]]
    }

    private static func variants(of value: Any, at path: String) -> [(value: Any, change: String)] {
        var variants: [(value: Any, change: String)] = []
        if let object = value as? [String: Any] {
            variants.append((object.merging(["zzz": 1]) { $1 }, "\(path) with zzz"))
            variants.append((object.merging(["allow": [:]]) { $1 }, "\(path) with allow"))
            for (key, inner) in object.sorted(by: { $0.key < $1.key }) {
                let place = "\(path)/\(key)"
                variants.append((object.filter { $0.key != key }, "without \(place)"))
                variants += (others.map { ($0, "\(place) = \($0)") } + nested(inner, place))
                    .map { (object.merging([key: $0.0]) { $1 }, $0.1) }
            }
        } else if let list = value as? [Any] {
            for (index, inner) in list.enumerated() {
                variants +=
                    (others.map { ($0, "\(path)/\(index) = \($0)") }
                    + nested(inner, "\(path)/\(index)")).map { replacement, change in
                        var list = list
                        list[index] = replacement
                        return (list, change)
                    }
            }
        }
        return variants
    }

    /// Changes inside a value; what arguments hold is free.
    private static func nested(_ value: Any, _ path: String) -> [(Any, String)] {
        path.hasSuffix("/with") || path.hasSuffix("$comment") ? [] : variants(of: value, at: path)
    }
}

/// The checker of JSON Schemas that stands in for editors.
enum SchemaChecker {
    /// Where it is; `nil` when it is not in the path.
    static let url: URL? = (ProcessInfo.processInfo.environment["PATH"] ?? "")
        .split(separator: ":").map { URL(filePath: String($0)).appending(path: "check-jsonschema") }
        .first { FileManager.default.isExecutableFile(atPath: $0.path) }

    /// The names of the files that a schema refuses.
    static func refused(_ files: [ExampleFile], by schema: String) throws -> Set<String> {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "mink-schema-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for file in files {
            let url = folder.appending(path: file.name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try file.text.write(to: url, atomically: false, encoding: .utf8)
        }
        let path = TestFiles.package.appending(path: "schemas/\(schema).schema.json").path
        let report = folder.appending(path: "report.txt")
        try Data().write(to: report)
        let process = Process()
        process.executableURL = url
        process.arguments = ["--output-format", "json", "--schemafile", path] + files.map(\.name)
        process.currentDirectoryURL = folder
        process.standardOutput = try FileHandle(forWritingTo: report)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let answer = try JSONSerialization.jsonObject(with: Data(contentsOf: report))
        let root = try #require(answer as? [String: Any])
        let refused = ["errors", "parse_errors"].flatMap { root[$0] as? [[String: Any]] ?? [] }
        return Set(refused.compactMap { $0["filename"] as? String })
    }
}
