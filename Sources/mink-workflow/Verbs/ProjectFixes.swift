// `validate --fix`: carries out what is sure among the fixes, round by round, because a text that
// reads again shows what it hid before.
import MinkDefinition
import MinkExpression
import MinkWorkflow

/// Files with their fixes.
struct ProjectFixes {
    /// A file that changes.
    struct ChangedFile {
        /// The name that findings use.
        let name: String
        let path: String
        let old: [UInt8]
        var new: [UInt8]
        var fixes: Int
    }

    /// The files with their new texts.
    private(set) var files: [Project.File]
    /// The check that sees the new texts.
    private(set) var check: ProjectCheck
    private(set) var changed: [String: ChangedFile] = [:]
    /// Files whose fixes would leave them worse, which are not changed.
    private(set) var refused: Set<String> = []

    /// More rounds than a file can have reports of its mistakes.
    private static let mostRounds = 100

    /// Fixes files, in memory.
    init(_ files: [Project.File], by check: ProjectCheck) async {
        self.files = files
        self.check = check
        for _ in 0..<Self.mostRounds {
            let validation = await ProjectValidation(of: self.files, by: self.check)
            guard fix(validation) else { return }
        }
    }

    /// One round; whether something changed.
    private mutating func fix(_ validation: ProjectValidation) -> Bool {
        var hasChanged = false
        for (name, source) in validation.sources.sorted(by: { $0.key < $1.key })
        where !refused.contains(name) {
            let text = FixedText(source, fixing: validation.findings)
            guard text.bytes != source.bytes, let path = validation.paths[name] else { continue }
            guard mistakes(in: text.bytes) <= mistakes(in: source.bytes) else {
                refused.insert(name)
                continue
            }
            var file =
                changed[name]
                ?? ChangedFile(name: name, path: path, old: source.bytes, new: [], fixes: 0)
            file.new = text.bytes
            file.fixes += text.fixed.count
            changed[name] = file
            take(file)
            hasChanged = true
        }
        return hasChanged
    }

    /// How many mistakes keep a text from being JSON.
    private func mistakes(in bytes: [UInt8]) -> Int {
        JSONDocument(reading: bytes).problems.count { $0.severity == .error }
    }

    private mutating func take(_ file: ChangedFile) {
        if file.name == check.settings?.source.file {
            check.settings = SettingsReader().read(
                DefinitionReader.Input(file: file.name, bytes: file.new))
        }
        for index in files.indices where files[index].input.file == file.name {
            files[index] = files[index].holding(file.new)
        }
        check.edited[Project.absolutePath(file.path)] = file.new
    }

    /// Writes the files, each whole.
    func write() throws(UsageError) {
        for file in changed.values.sorted(by: { $0.name < $1.name }) {
            do throws(FileError) {
                try FileSystem.write(file.new, to: FileSystem.realPath(file.path) ?? file.path)
            } catch {
                throw UsageError(message: error.message)
            }
        }
    }

    /// What would be written, as `diff -u` shows it.
    var diff: String {
        changed.values.sorted { $0.name < $1.name }
            .map { LineDiff(file: $0.name, old: $0.old, new: $0.new).text }.joined()
    }

    /// What was done, in a sentence.
    func summary(isDry: Bool) -> String {
        let fixes = changed.values.reduce(0) { $0 + $1.fixes }
        let (things, places) = (counted(fixes, "finding"), counted(changed.count, "file"))
        var text = isDry ? "would fix \(things) in \(places)" : "fixed \(things) in \(places)"
        for name in refused.sorted() {
            text += "\n\"\(name)\" is left as it is: its fixes would break it"
        }
        return text
    }

    private func counted(_ count: Int, _ one: String) -> String {
        "\(count) \(one)\(count == 1 ? "" : "s")"
    }
}
