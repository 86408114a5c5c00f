// The check of files that may belong to several projects, by several threads.
import Glibc
import MinkDefinition
import MinkWorkflow
import Synchronization

/// What a check of files found.
struct ProjectValidation {
    private(set) var findings: [Finding] = []
    private(set) var files: [CheckedFile] = []
    private(set) var sources: [String: SourceText] = [:]
    /// Where each text stands, by the name that findings use.
    private(set) var paths: [String: String] = [:]

    /// Checks files as they stand, without the operator's settings.
    init(of files: [Project.File]) {
        for (root, members) in Self.byRoot(files) {
            let reader = DefinitionReader(
                options: .ofThisMachine, files: RootedFiles(root: root))
            add(reader.validate(members.map(\.input)), of: members, root: root)
        }
        findings = findings.inOrder()
    }

    /// Checks files by the settings of a project.
    init(of files: [Project.File], by check: ProjectCheck) async {
        for (root, members) in Self.byRoot(files) {
            let reader = check.reader(root: root)
            let inputs = members.map(\.input)
            let results = await check.read(inputs, by: reader)
            add(
                reader.validate(inputs, workflows: results, against: check.published), of: members,
                root: root)
        }
        if let settings = check.settings {
            findings += settings.findings
            self.files.append(CheckedFile(file: settings.source.file, identity: nil))
            sources[settings.source.file] = settings.source
            paths[settings.source.file] = settings.source.file
        }
        findings = findings.inOrder()
    }

    private static func byRoot(_ files: [Project.File]) -> [(String, [Project.File])] {
        Dictionary(grouping: files, by: \.root).sorted { $0.key < $1.key }
    }

    private mutating func add(
        _ validation: DefinitionReader.Validation, of members: [Project.File], root: String
    ) {
        findings += validation.findings
        files += validation.files
        sources.merge(validation.sources) { first, _ in first }
        for file in members { paths[file.input.file] = file.input.file }
        for name in validation.sources.keys where paths[name] == nil {
            paths[name] = "\(root)/\(name)"
        }
    }
}

/// How files are checked.
struct ProjectCheck {
    /// What the operator's file says; `nil` when there is none.
    var settings: SettingsReader.ReadResult?
    /// The versions to compare with.
    var published: [PublishedVersion] = []
    /// How many threads read.
    var jobs = 1
    /// Whether the fingerprints of the files will be told or compared.
    var needsFingerprints = true
    /// Texts that are about to replace those of files, by their full paths.
    var edited: [String: [UInt8]] = [:]

    /// The threads that this machine runs at once.
    static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// What reads the files below a root.
    func reader(root: String) -> DefinitionReader {
        var options = DefinitionReader.Options.ofThisMachine
        if let settings { options.apply(settings.settings) }
        options.fingerprints = needsFingerprints || !published.isEmpty
        let files = RootedFiles(root: root)
        guard !edited.isEmpty else { return DefinitionReader(options: options, files: files) }
        return DefinitionReader(
            options: options, files: EditedFiles(files: files, root: root, edited: edited))
    }

    /// Reads workflow files; `nil` for the others.
    func read(
        _ inputs: [DefinitionReader.Input], by reader: DefinitionReader
    ) async -> [DefinitionReader.ReadResult?] {
        // Only a comparison needs the workflows; thousands of them take most of the memory.
        let keepsDefinitions = !published.isEmpty
        let jobs = max(1, min(jobs, inputs.count))
        typealias Part = [(Int, DefinitionReader.ReadResult)]
        let queue = WorkQueue(count: inputs.count)
        @Sendable func readPart() -> Part {
            var part: Part = []
            while let number = queue.next() {
                guard !inputs[number].isScenarios else { continue }
                let result = reader.read(inputs[number])
                part.append((number, keepsDefinitions ? result : result.withoutDefinition))
            }
            return part
        }
        return await withTaskGroup(of: Part.self) { group in
            // One of the parts is read here: a file alone needs no further thread.
            for _ in 1..<jobs { group.addTask { readPart() } }
            let own = readPart()
            var results = [DefinitionReader.ReadResult?](repeating: nil, count: inputs.count)
            for (index, result) in own { results[index] = result }
            for await part in group {
                for (index, result) in part { results[index] = result }
            }
            return results
        }
    }
}

/// Hands out numbers to several threads, so that none waits while another has much left.
private final class WorkQueue: Sendable {
    private let count: Int
    private let taken = Atomic(0)

    init(count: Int) { self.count = count }

    /// The next number; `nil` when all are taken.
    func next() -> Int? {
        let number = taken.wrappingAdd(1, ordering: .relaxed).oldValue
        return number < count ? number : nil
    }
}

/// Files of which some are about to be written.
private struct EditedFiles: FileSource {
    let files: RootedFiles
    let root: String
    let edited: [String: [UInt8]]

    func read(_ path: String) -> Result<[UInt8], FileProblem> {
        edited["\(root)/\(path)"].map(Result.success) ?? files.read(path)
    }
}
