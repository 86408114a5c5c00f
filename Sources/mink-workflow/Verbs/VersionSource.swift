// Where an older version of workflows comes from: a file, a folder, or a commit (`git:REV[:PATH]`).
import MinkDefinition
import MinkWorkflow

/// A side of a comparison.
enum VersionSource {
    case path(String)
    case revision(String, path: String?)

    init(_ word: String) {
        guard word.hasPrefix("git:") else {
            self = .path(word)
            return
        }
        let parts = word.dropFirst("git:".count)
            .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        self = .revision(parts[0], path: parts.count > 1 ? parts[1] : nil)
    }

    /// A workflow file of a side, and what reads it.
    struct File {
        let input: DefinitionReader.Input
        let reader: DefinitionReader
    }

    /// The paths that it names itself.
    var paths: [String] {
        switch self {
        case .path(let path): [path]
        case .revision(_, let path): path.map { [$0] } ?? []
        }
    }

    /// The workflow files.
    ///
    /// - Parameter paths: The paths of the other side, which a commit without one takes over.
    /// - Returns: The files; none where a commit did not have them yet.
    /// - Throws: ``UsageError`` if the source means nothing.
    func load(beside paths: [String]) throws(UsageError) -> [File] {
        switch self {
        case .path(let path):
            return try projectFiles([path], endings: [Self.ending]).map { file in
                File(
                    input: file.input,
                    reader: DefinitionReader(
                        options: .ofThisMachine, files: RootedFiles(root: file.root)))
            }
        case .revision(let revision, let path?):
            let files = try load(revision, path, takesSiblings: false)
            guard !files.isEmpty else {
                throw UsageError(
                    message: "git:\(revision) has no workflow at \"\(path)\"", code: .notFound)
            }
            return files
        case .revision(let revision, nil):
            var files: [File] = []
            for path in paths.isEmpty ? ["."] : paths where path != "-" {
                files += try load(revision, path, takesSiblings: true)
            }
            var seen: Set<String> = []
            return files.filter { seen.insert($0.input.file).inserted }
        }
    }

    private static let ending = ".workflow.json"

    private func load(
        _ name: String, _ path: String, takesSiblings: Bool
    ) throws(UsageError) -> [File] {
        let place = Project.absolutePath(path)
        let isFolder = FileSystem.kind(of: place) == .folder
        let root = Project.root(of: isFolder ? place + "/-" : place)
        let below = place.hasPrefix(root + "/") ? String(place.dropFirst(root.count + 1)) : ""
        do throws(ProjectError) {
            let revision = try GitRevision(name, root: root)
            var entries = try revision.entries(below: below, ending: Self.ending)
            if entries.isEmpty, takesSiblings, !isFolder {
                // The file may have had another name there.
                entries = try revision.entries(below: below.folder, ending: Self.ending)
            }
            let contents = try revision.contents(of: entries)
            let reader = DefinitionReader(options: .ofThisMachine, files: GitFiles(revision))
            return zip(entries, contents).map { entry, bytes in
                File(
                    input: DefinitionReader.Input(
                        file: "git:\(name):\(entry.path)", path: entry.path, bytes: bytes),
                    reader: reader)
            }
        } catch {
            throw UsageError(message: error.message)
        }
    }
}

extension String {
    /// The folder of a path; empty at the top.
    fileprivate var folder: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "" }
}
