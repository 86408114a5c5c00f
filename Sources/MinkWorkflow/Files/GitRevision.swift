// Reads files of a commit through the `git` program, without touching the working copy.
import Glibc
package import MinkDefinition
import Synchronization

/// A commit, seen from a folder of its repository.
package struct GitRevision: Sendable {
    /// The revision as people wrote it, as in `main` or `HEAD~2`.
    package let name: String
    /// The folder below which files are read.
    private let root: String
    /// The commit.
    private let commit: String

    /// Finds a revision.
    ///
    /// - Parameters:
    ///   - name: A branch, a tag, a commit or `HEAD~2`.
    ///   - root: A folder of the repository.
    /// - Throws: ``ProjectError`` if there is no such revision, or no repository.
    package init(_ name: String, root: String) throws(ProjectError) {
        guard !name.isEmpty, !name.hasPrefix("-") else {
            throw ProjectError(message: "\"\(name)\" is no revision; write git:REV as in git:main")
        }
        self.name = name
        self.root = root
        let words = ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(name)^{commit}"]
        let found = try Self.git(words, in: root)
        guard found.status == 0 else {
            let reason =
                found.message.split(separator: "\n").first.map(String.init)
                ?? "the repository has no such revision"
            throw ProjectError(message: "git:\(name) can not be read: \(reason)")
        }
        commit = String(decoding: found.output, as: UTF8.self).filter { $0 != "\n" }
    }

    /// A file of the commit.
    package struct Entry: Sendable {
        /// The path below the root.
        package let path: String
        fileprivate let object: String
    }

    /// The files below a path that end so; the path itself when it is a file.
    ///
    /// Links are left out.
    ///
    /// - Parameters:
    ///   - path: Below the root; empty for all.
    ///   - ending: How names end.
    /// - Returns: The files, by their paths.
    /// - Throws: ``ProjectError`` if the repository can not be read.
    package func entries(below path: String, ending: String) throws(ProjectError) -> [Entry] {
        let place = path.isEmpty ? "." : path
        let listed = try Self.git(
            ["--literal-pathspecs", "ls-tree", "-r", "-z", commit, "--", place], in: root)
        guard listed.status == 0 else {
            throw ProjectError(message: "git:\(name) can not be read: \(listed.message)")
        }
        return listed.output.split(separator: 0).compactMap { line -> Entry? in
            let parts = line.split(separator: UInt8(ascii: "\t"), maxSplits: 1)
            guard parts.count == 2 else { return nil }
            let facts = parts[0].split(separator: UInt8(ascii: " ")).map {
                String(decoding: $0, as: UTF8.self)
            }
            let path = String(decoding: parts[1], as: UTF8.self)
            guard facts.count == 3, facts[0].hasPrefix("100"), path.hasSuffix(ending) else {
                return nil
            }
            return Entry(path: path, object: facts[2])
        }
    }

    /// The content of files, in their order.
    package func contents(of entries: [Entry]) throws(ProjectError) -> [[UInt8]] {
        guard !entries.isEmpty else { return [] }
        let asked = entries.map { $0.object + "\n" }.joined()
        let found = try Self.git(["cat-file", "--batch"], in: root, input: Array(asked.utf8))
        var rest = found.output[...]
        return try entries.map { entry throws(ProjectError) in
            // "OBJECT blob SIZE", a line break, the content, a line break.
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")),
                let size = Int(
                    String(decoding: rest[..<end], as: UTF8.self).split(separator: " ").last ?? ""),
                size >= 0, size < rest.endIndex - end
            else {
                throw ProjectError(message: "\"\(entry.path)\" of git:\(name) can not be read")
            }
            let content = Array(rest[(end + 1)...].prefix(size))
            rest = rest[(end + 1)...].dropFirst(size + 1)
            return content
        }
    }

    private static func git(
        _ words: [String], in folder: String, input: [UInt8] = []
    ) throws(ProjectError) -> Subprocess {
        do throws(FileError) {
            return try Subprocess.run(
                ["git", "-C", folder] + words, input: input, environment: environment)
        } catch {
            throw ProjectError(message: "the program \"git\" can not be started: \(error.reason)")
        }
    }

    /// What git needs to find itself and its user's settings.
    ///
    /// Variables that would point it to another repository, as hooks have them, are left out.
    private static var environment: [String] {
        let names: [String] = ["PATH", "HOME", "USER", "XDG_CONFIG_HOME", "TMPDIR"]
        let kept = names.compactMap { name in
            getenv(name).map { "\(name)=\(String(cString: $0))" }
        }
        return kept + ["LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0"]
    }
}

/// Files of a commit, for `use` and `$ref`.
package final class GitFiles: FileSource {
    private let revision: GitRevision
    private let known = Mutex<[String: Result<[UInt8], FileProblem>]>([:])

    package init(_ revision: GitRevision) { self.revision = revision }

    package func read(_ path: String) -> Result<[UInt8], FileProblem> {
        if let found = known.withLock({ $0[path] }) { return found }
        let found = load(path)
        known.withLock { $0[path] = found }
        return found
    }

    private func load(_ path: String) -> Result<[UInt8], FileProblem> {
        do throws(ProjectError) {
            let entries = try revision.entries(below: path, ending: "").filter { $0.path == path }
            guard let content = try revision.contents(of: entries).first else {
                return .failure(.missing)
            }
            return .success(content)
        } catch {
            return .failure(.unreadable(error.message))
        }
    }
}

extension Subprocess {
    /// What it wrote to standard error, as a text.
    fileprivate var message: String { String(decoding: errors, as: UTF8.self) }
}
