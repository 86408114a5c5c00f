// `validate --watch`: looks at the files whenever something stirs, until a signal ends it.
import Glibc
import MinkDefinition
import MinkWorkflow
import Synchronization

/// Sees that files changed.
struct ValidationWatch {
    private let operands: [String]
    private let endings: [String]
    /// Further files that the last check read.
    private var included: Set<String> = []
    private var last: [String: FileSystem.Stamp] = [:]

    private let folders = FolderWatch([])

    /// The longest wait; the kernel ends it earlier.
    private static let longestWait = Duration.seconds(3600)
    /// How long files have to rest: editors write in several steps.
    private static let rest = Duration.milliseconds(50)

    private static let isStopped = Atomic<Bool>(false)
    /// What a signal rings.
    private static let bell = Atomic<Int32>(-1)

    init(_ operands: [String], endings: [String]) {
        self.operands = operands
        self.endings = endings
        // Both have to exist before a signal can come.
        Self.isStopped.store(false, ordering: .relaxed)
        Self.bell.store(folders.bell.file, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                ValidationWatch.isStopped.store(true, ordering: .relaxed)
                let file = ValidationWatch.bell.load(ordering: .relaxed)
                FolderWatch.Bell(file: file).ring()
            }
        }
    }

    /// Remembers how the files are now.
    mutating func remember() {
        // What changes behind this line wakes the next wait.
        watchFolders()
        last = stamps()
    }

    /// Looks at these files from now on too.
    mutating func include(_ names: some Sequence<String>) {
        for name in names where last[name] == nil && included.insert(name).inserted {
            last[name] = FileSystem.stamp(of: name)
        }
        watchFolders()
    }

    /// Has the kernel say when something may have changed.
    private func watchFolders() {
        let names = included.union(names())
        // What a link leads to changes in a folder of its own.
        let linked = names.compactMap { name in
            FileSystem.realPath(name).flatMap { $0 == Project.absolutePath(name) ? nil : $0 }
        }
        folders.watch((operands.isEmpty ? ["."] : operands) + included + linked)
    }

    /// Waits for a change.
    ///
    /// - Returns: The names of the files that changed; `nil` when a signal came.
    mutating func nextChange() async -> [String]? {
        while !Self.isStopped.load(ordering: .relaxed) {
            var now = stamps()
            if now != last {
                let names = Set(now.keys).union(last.keys).filter { now[$0] != last[$0] }
                while true {
                    try? await Task.sleep(for: Self.rest)
                    let next = stamps()
                    if next == now || Self.isStopped.load(ordering: .relaxed) { break }
                    now = next
                }
                last = now
                return names.sorted()
            }
            _ = await folders.change(atMost: Self.longestWait)
        }
        return nil
    }

    /// The files that the operands mean now.
    private func names() -> [String] {
        // Paths may mean nothing for a moment, while a folder is replaced.
        (try? Project.names(operands, endings: endings)) ?? operands
    }

    private func stamps() -> [String: FileSystem.Stamp] {
        var stamps: [String: FileSystem.Stamp] = [:]
        for name in included.union(names()) { stamps[name] = FileSystem.stamp(of: name) }
        return stamps
    }
}
