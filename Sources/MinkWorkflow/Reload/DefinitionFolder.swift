// The workflow files of folders as they stand now. A file that has not changed is not read again, so
// that a save costs the same among thousands.
package import MinkDefinition

/// Reads the workflow files of some folders, again and again.
package struct DefinitionFolder: Sendable {
    /// The folders and files, as the operator named them.
    package let paths: [String]
    private let options: @Sendable () -> DefinitionReader.Options
    /// What the last reading found, by the names of the files.
    private var known: [String: Known] = [:]

    /// Folders and files, and how they are read.
    package init(
        _ paths: [String],
        options: @escaping @Sendable () -> DefinitionReader.Options = { .ofThisMachine }
    ) {
        self.paths = paths
        self.options = options
    }

    /// A file that was read.
    package struct ReadFile: Sendable {
        package let file: Project.File
        package let result: DefinitionReader.ReadResult
        /// The errors that stand against it, also those that only show beside other files.
        package var errors: [Finding]
    }

    /// What a reading finds.
    package struct Reading: Sendable {
        package var files: [ReadFile] = []
        /// Why a path means nothing at this moment.
        package var problem: String?
    }

    private struct Known {
        let read: ReadFile
        /// What the file and all that it includes looked like before they were read.
        let stamps: [String: FileSystem.Stamp?]
        /// Whether every change since then shows in a stamp.
        let isSettled: Bool
    }

    /// The paths of all files that the last reading has read.
    package var watched: [String] { known.values.flatMap(\.stamps.keys) }

    /// Reads what has changed.
    package mutating func read() -> Reading {
        var reading = Reading()
        let names: [String]
        do throws(ProjectError) {
            names = try Project.names(paths, endings: [".workflow.json"])
        } catch {
            // Folders may be gone for a moment, while they are replaced.
            reading.problem = error.message
            return reading
        }
        var next: [String: Known] = [:]
        for name in names {
            do throws(ProjectError) {
                if let same = unchanged(name) {
                    next[name] = same
                } else {
                    next[name] = try read(name)
                }
            } catch {
                reading.problem = error.message
            }
        }
        known = next
        reading.files = names.compactMap { next[$0]?.read }
        addClashes(to: &reading)
        return reading
    }

    /// What is known of a file; `nil` when it has to be read.
    private func unchanged(_ name: String) -> Known? {
        guard let known = known[name], known.isSettled,
            known.stamps.allSatisfy({ FileSystem.stamp(of: $0.key) == $0.value })
        else { return nil }
        return known
    }

    private func read(_ name: String) throws(ProjectError) -> Known? {
        let before = FileSystem.stamp(of: name)
        guard let file = try Project.files([name], endings: []).first else { return nil }
        let reader = DefinitionReader(options: options(), files: RootedFiles(root: file.root))
        let result = reader.read(file.input)
        var stamps: [String: FileSystem.Stamp?] = [name: before]
        for source in result.sources.keys where source != file.input.file {
            stamps["\(file.root)/\(source)"] = FileSystem.stamp(of: "\(file.root)/\(source)")
        }
        // A file that is missing, or was written just now, may change without another stamp.
        let isSettled =
            result.definition != nil
            && stamps.values.allSatisfy { $0?.isOlder(than: .milliseconds(100)) ?? false }
        let errors = result.findings.filter { $0.severity == .error }
        return Known(
            read: ReadFile(file: file, result: result, errors: errors), stamps: stamps,
            isSettled: isSettled)
    }

    /// The same workflow in two files, and the like.
    private func addClashes(to reading: inout Reading) {
        let files = reading.files
        let together = DefinitionReader(options: options()).validate(
            files.map(\.file.input), workflows: files.map(\.result)
        ).findings.filter { $0.severity == .error }
        for index in reading.files.indices {
            let file = reading.files[index]
            let own = Set(file.errors)
            reading.files[index].errors += together.filter {
                $0.span.file == file.file.input.file && !own.contains($0)
            }
        }
    }
}
