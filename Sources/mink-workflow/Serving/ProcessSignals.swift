// Signals, as flags that somebody asks for: the handler of a signal may do nearly nothing.
import Glibc
import MinkWorkflow
import Synchronization

/// What signals have told the process.
enum ProcessSignals {
    private static let stopped = Atomic<Bool>(false)
    private static let reload = Atomic<Bool>(false)
    /// What a signal rings.
    private static let bell = Atomic<Int32>(-1)

    /// Whether the process was asked to stop.
    static var isStopped: Bool { stopped.load(ordering: .relaxed) }

    /// Whether the process was asked to reload since this was asked last.
    static func takeReload() -> Bool { reload.exchange(false, ordering: .relaxed) }

    /// Takes note of SIGINT, SIGTERM and SIGHUP from now on, each of which rings a bell.
    ///
    /// A second SIGINT or SIGTERM ends the process at once.
    static func listen(ringing watch: FolderWatch) {
        // Both have to exist before a signal can come.
        stopped.store(false, ordering: .relaxed)
        bell.store(watch.bell.file, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                ProcessSignals.stopped.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
                ProcessSignals.ring()
            }
        }
        signal(SIGHUP) { _ in
            ProcessSignals.reload.store(true, ordering: .relaxed)
            ProcessSignals.ring()
        }
    }

    private static func ring() {
        FolderWatch.Bell(file: bell.load(ordering: .relaxed)).ring()
    }
}
