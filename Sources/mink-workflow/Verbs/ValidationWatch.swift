// `validate --watch`: looks at the files again and again, until a signal ends it.
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

    /// How often the files are looked at.
    private static let period = Duration.milliseconds(150)
    /// How long files have to rest: editors write in several steps.
    private static let rest = Duration.milliseconds(50)

    private static let isStopped = Atomic<Bool>(false)

    init(_ operands: [String], endings: [String]) {
        self.operands = operands
        self.endings = endings
        // The flag has to exist before a signal can come.
        Self.isStopped.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in ValidationWatch.isStopped.store(true, ordering: .relaxed) }
        }
    }

    /// Remembers how the files are now.
    mutating func remember() { last = stamps() }

    /// Looks at these files from now on too.
    mutating func include(_ names: some Sequence<String>) {
        for name in names where last[name] == nil && included.insert(name).inserted {
            last[name] = FileSystem.stamp(of: name)
        }
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
            try? await Task.sleep(for: Self.period)
        }
        return nil
    }

    private func stamps() -> [String: FileSystem.Stamp] {
        // Paths may mean nothing for a moment, while a folder is replaced.
        let names = (try? Project.names(operands, endings: endings)) ?? operands
        var stamps: [String: FileSystem.Stamp] = [:]
        for name in included.union(names) { stamps[name] = FileSystem.stamp(of: name) }
        return stamps
    }
}
