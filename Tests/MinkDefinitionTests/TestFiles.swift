// Files that tests read: below the package, and the shared data beside it.
import Foundation
import MinkDefinition

enum TestFiles {
    /// The root of the package.
    static let package = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of workflow files with mistakes.
    static let mistakes = shared("mistakes")

    private static func shared(_ name: String) -> URL {
        package.deletingLastPathComponent().appending(path: "shared/data/\(name)")
    }

    static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

    /// The names of the files of a folder that end so, sorted; none when there is no folder.
    static func names(in folder: URL, ending: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).filter { $0.hasSuffix(ending) }.sorted()
    }

    static func bytes(_ url: URL) throws -> [UInt8] { Array(try Data(contentsOf: url)) }

    static func text(_ url: URL) throws -> String {
        String(decoding: try bytes(url), as: UTF8.self)
    }
}

/// Files that are held in memory, by their paths.
struct MemoryFiles: FileSource {
    var files: [String: String] = [:]

    func read(_ path: String) -> Result<[UInt8], FileProblem> {
        files[path].map { .success(Array($0.utf8)) } ?? .failure(.missing)
    }
}

/// Files below a folder, as tests read them.
struct FolderFiles: FileSource {
    let root: URL

    func read(_ path: String) -> Result<[UInt8], FileProblem> {
        guard let bytes = try? TestFiles.bytes(root.appending(path: path)) else {
            return .failure(.missing)
        }
        return .success(bytes)
    }
}
