// Which files a command line means, and what they may include.
//
// The project's root is the nearest folder above a file that holds `mink-workflow.json` or a
// repository; without one it is the current folder, or the file's own. Nothing that a file
// includes may lie outside, not even through a link.
package import MinkDefinition

/// Finds workflow and scenario files.
package enum Project {
    /// A file and the root it belongs to.
    package struct File: Sendable {
        package let input: DefinitionReader.Input
        package let root: String

        package init(input: DefinitionReader.Input, root: String) {
            self.input = input
            self.root = root
        }

        /// The same file with another text.
        package func holding(_ bytes: [UInt8]) -> File {
            File(
                input: DefinitionReader.Input(file: input.file, path: input.path, bytes: bytes),
                root: root)
        }
    }

    /// How large a file is read; the reader says what is too big.
    private static let readLimit = 4 << 20

    /// The files that paths mean: themselves, or what stands in a folder and the folders in it
    /// under a name that ends so.
    ///
    /// - Parameters:
    ///   - paths: Files and folders; none means the current folder, "-" standard input.
    ///   - endings: How the names of files in folders end.
    ///   - inputName: The path at which the text of standard input is taken to stand.
    /// - Returns: The files, each once.
    /// - Throws: ``ProjectError`` if a path means nothing.
    package static func files(
        _ paths: [String], endings: [String], inputName: String? = nil
    ) throws(ProjectError) -> [File] {
        var files: [File] = []
        var seen: Set<String> = []
        var roots: [String: String] = [:]
        for name in try names(paths, endings: endings) {
            let place = FileSystem.realPath(name) ?? name
            guard seen.insert(place).inserted else { continue }
            files.append(try file(name, at: place, inputName: inputName, roots: &roots))
        }
        return files
    }

    /// The names of the files that paths mean.
    package static func names(
        _ paths: [String], endings: [String]
    ) throws(ProjectError) -> [String] {
        var names: [String] = []
        for path in paths.isEmpty ? ["."] : paths {
            if path == "-" {
                names.append(path)
                continue
            }
            switch FileSystem.kind(of: path) {
            case .file: names.append(path)
            case .folder: try walk(path, endings: endings, depth: 0, into: &names)
            case .other: throw ProjectError(message: "\"\(path)\" is neither a file nor a folder")
            case .missing: throw ProjectError(message: "there is no file or folder \"\(path)\"")
            }
        }
        guard !names.isEmpty else {
            let known = endings.map { "*\($0)" }.joined(separator: " or ")
            throw ProjectError(
                message:
                    "no \(known) in \(paths.isEmpty ? "this folder" : paths.joined(separator: ", "))"
            )
        }
        return names
    }

    private static func walk(
        _ folder: String, endings: [String], depth: Int, into names: inout [String]
    ) throws(ProjectError) {
        guard depth < 64 else { return }  // Links may lead in circles.
        let entries: [String]
        switch FileSystem.list(folder) {
        case .success(let found): entries = found
        case .failure(let error): throw ProjectError(message: error.message)
        }
        for entry in entries {
            let path =
                folder == "."
                ? entry : folder.hasSuffix("/") ? folder + entry : "\(folder)/\(entry)"
            switch FileSystem.kind(of: path) {
            case .folder: try walk(path, endings: endings, depth: depth + 1, into: &names)
            case .file where endings.contains(where: entry.hasSuffix): names.append(path)
            default: break
            }
        }
    }

    /// Reads a file that stands at a place; `roots` keeps the root of each folder.
    private static func file(
        _ name: String, at place: String, inputName: String?, roots: inout [String: String]
    ) throws(ProjectError) -> File {
        let content =
            name == "-"
            ? FileSystem.readStandardInput(limit: readLimit)
            : FileSystem.read(name, limit: readLimit)
        let bytes: [UInt8]
        switch content {
        case .success(let read): bytes = read
        case .failure(let error): throw ProjectError(message: error.message)
        }
        let place = name == "-" ? absolutePath(inputName ?? "stdin") : place
        let folder = place.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(place[..<$0]) } ?? ""
        let root = roots[folder] ?? root(of: place)
        roots[folder] = root
        let path = path(of: place, below: root)
        let shown = name == "-" ? inputName ?? "<stdin>" : name
        return File(
            input: DefinitionReader.Input(file: shown, path: path, bytes: bytes), root: root)
    }

    /// The root of the project that a file belongs to, and its path below that.
    package static func rooted(_ place: String) -> (root: String, path: String) {
        let root = root(of: place)
        return (root, path(of: place, below: root))
    }

    private static func path(of place: String, below root: String) -> String {
        place.hasPrefix(root + "/")
            ? String(place.utf8.dropFirst(root.utf8.count + 1)) ?? place : place
    }

    /// A path from the top of the file system without dots, also of what does not exist.
    package static func absolutePath(_ path: String) -> String {
        let start = path.hasPrefix("/") ? "" : FileSystem.realPath(".") ?? ""
        var steps: [Substring] = []
        for step in (start + "/" + path).split(separator: "/") where step != "." {
            if step == ".." { _ = steps.popLast() } else { steps.append(step) }
        }
        return "/" + steps.joined(separator: "/")
    }

    /// The operator's file that is nearest above a folder; `nil` when there is none.
    package static func settingsFile(above folder: String = ".") -> String? {
        guard var place = FileSystem.realPath(folder) else { return nil }
        var shown = settingsName
        while true {
            let file = place == "/" ? "/" + settingsName : "\(place)/\(settingsName)"
            if FileSystem.kind(of: file) == .file { return folder == "." ? shown : file }
            guard place != "/", let slash = place.lastIndex(of: "/") else { return nil }
            place = slash == place.startIndex ? "/" : String(place[..<slash])
            shown = "../" + shown
        }
    }

    /// What the operator's file is called.
    package static let settingsName = "mink-workflow.json"

    /// The root of the project that a file belongs to.
    package static func root(of file: String) -> String {
        var folder = file
        while let slash = folder.lastIndex(of: "/"), slash > folder.startIndex {
            folder = String(folder[..<slash])
            if FileSystem.kind(of: "\(folder)/\(settingsName)") == .file
                || FileSystem.kind(of: folder + "/.git") != .missing
            {
                return folder
            }
        }
        if let here = FileSystem.realPath("."), file.hasPrefix(here + "/") { return here }
        return file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    }
}

/// Files below a root, for `use` and `$ref`.
package struct RootedFiles: FileSource {
    private let root: String

    package init(root: String) { self.root = root }

    package func read(_ path: String) -> Result<[UInt8], FileProblem> {
        guard let full = FileSystem.realPath("\(root)/\(path)") else { return .failure(.missing) }
        guard full.hasPrefix(root + "/") else { return .failure(.outside) }
        switch FileSystem.read(full, limit: 4 << 20) {
        case .success(let bytes): return .success(bytes)
        case .failure(let error): return .failure(.unreadable(error.reason))
        }
    }
}

/// A path that means no files, in a sentence for people.
package struct ProjectError: Error, Sendable {
    package let message: String
}

extension DefinitionReader.Options {
    /// Options with today's date and the time zones of this machine.
    package static var ofThisMachine: DefinitionReader.Options {
        var options = DefinitionReader.Options()
        options.today = SystemTime.today
        options.timeZones = SystemTime.timeZone
        return options
    }
}
