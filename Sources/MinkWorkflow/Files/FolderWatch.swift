// Sees that files changed as soon as the kernel says so.
//
//   inotify ──▶ FolderWatch ──next(atMost:)──▶ "look again"
//
// Editors write a file in several steps, and many write another one and rename it; folders are
// deleted and replaced as a whole. So watches stand on folders, never on files, and on each folder
// above them for the one name that leads on: whatever takes the place of a folder is seen. The
// watch says that something may have changed; what it was, the files themselves say.
import Glibc
import Synchronization

/// Watches folders with all that is in them, and single files.
///
/// Where the kernel has no watches to give, each wait ends after ``period``, so that the caller
/// looks by itself. The kernel does not see what another machine changes in a folder of a network.
package final class FolderWatch: Sendable {
    private struct State {
        var paths: [String] = []
        /// What counts in a watched folder, by the number of its watch.
        var interests: [Int32: Interest] = [:]
        /// Whether the kernel watches all that it was asked to.
        var isComplete = true

        func counts(_ event: InotifyEvents.Event) -> Bool {
            if event.isOverflow { return true }
            guard let interest = interests[event.watch] else { return false }
            return event.name.isEmpty || interest.counts(event.name)
        }
    }

    /// What counts in a folder.
    private enum Interest {
        case everything
        case names(Set<String>)

        func counts(_ name: String) -> Bool {
            switch self {
            case .everything: true
            case .names(let names): names.contains(name)
            }
        }

        func adding(_ name: String) -> Interest {
            switch self {
            case .everything: self
            case .names(let names): .names(names.union([name]))
            }
        }
    }

    /// How often a caller looks where the kernel does not watch.
    package static let period = Duration.milliseconds(150)

    private let descriptor: Int32
    private let bells: (read: Int32, write: Int32)
    private let state = Mutex(State())

    /// Begins to watch.
    ///
    /// - Parameters:
    ///   - paths: Folders and files; what does not exist yet is seen when it comes.
    ///   - usesKernel: Whether to ask the kernel at all.
    package init(_ paths: [String], usesKernel: Bool = true) {
        descriptor = usesKernel ? inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC)) : -1
        bells = Self.bells()
        watch(paths)
    }

    /// The two ends of a pipe on which nothing ever waits.
    private static func bells() -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return (-1, -1) }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        return (ends[0], ends[1])
    }

    deinit {
        for file in [descriptor, bells.read, bells.write] where file >= 0 { close(file) }
    }

    /// Whether the kernel watches everything, so that nobody has to look without a reason.
    package var isComplete: Bool { descriptor >= 0 && state.withLock { $0.isComplete } }

    /// Ends a wait from elsewhere.
    package var bell: Bell { Bell(file: bells.write) }

    /// What ends a wait from elsewhere, even from the handler of a signal.
    package struct Bell: Sendable {
        package let file: Int32

        package init(file: Int32) { self.file = file }

        /// Ends the present wait, or the next one.
        package func ring() {
            var byte: UInt8 = 1
            _ = Glibc.write(file, &byte, 1)
        }
    }

    /// Watches these paths from now on, and no others.
    package func watch(_ paths: [String]) {
        state.withLock { state in
            state.paths = Set(paths.map(Project.absolutePath)).sorted()
            scan(&state)
        }
    }

    /// Blocks its thread until something may have changed; the thread must not be one of the
    /// shared pool.
    ///
    /// - Parameter limit: The longest wait.
    /// - Returns: Whether something may have changed; `false` behind the limit, and after a ring.
    package func next(atMost limit: Duration) -> Bool {
        let end = ContinuousClock.now + (isComplete ? limit : min(limit, Self.period))
        while true {
            let rest = max(.zero, end - ContinuousClock.now)
            let milliseconds = rest.milliseconds
            var waiting = [
                pollfd(fd: bells.read, events: Int16(POLLIN), revents: 0),
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&waiting, nfds_t(waiting.count), milliseconds)
            if count < 0, errno != EINTR { return true }
            if count > 0, waiting[0].revents != 0 {
                silence()
                return false
            }
            if count > 0, takeEvents() { return true }
            if ContinuousClock.now >= end { return !isComplete }
        }
    }

    /// Waits until something may have changed, without a thread of the shared pool.
    ///
    /// - Parameter limit: The longest wait.
    /// - Returns: Whether something may have changed; `false` behind the limit, after a ring, and
    ///   when the task ends.
    package func change(atMost limit: Duration) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let hasThread = OwnThread.run {
                    continuation.resume(returning: self.next(atMost: limit))
                }
                if !hasThread { continuation.resume(returning: true) }
            }
        } onCancel: {
            bell.ring()
        }
    }

    private func silence() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(bells.read, &bytes, bytes.count) > 0 {}
    }
}

// MARK: - What the kernel says

extension FolderWatch {
    /// Reads what the kernel has to say; whether some of it counts.
    private func takeEvents() -> Bool {
        state.withLock { state in
            var (isChange, isOther) = (false, false)
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                guard count > 0 else { break }
                buffer.withUnsafeBytes { bytes in
                    for event in InotifyEvents(UnsafeRawBufferPointer(rebasing: bytes[..<count])) {
                        let counts = state.counts(event)
                        isChange = isChange || counts
                        isOther = isOther || counts && event.changesNames
                    }
                }
            }
            // Before the caller looks: what comes after this is an event again.
            if isOther { scan(&state) }
            return isChange
        }
    }
}

// MARK: - What is watched

extension FolderWatch {
    private static let nameEvents = UInt32(IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)
    private static let selfEvents = UInt32(IN_DELETE_SELF | IN_MOVE_SELF)
    private static let contentEvents = UInt32(IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB)
    private static let deepest = 64

    /// Watches what the paths lead to now, and lets go of the rest.
    private func scan(_ state: inout State) {
        guard descriptor >= 0 else { return }
        let before = Set(state.interests.keys)
        state.interests = [:]
        state.isComplete = true
        for path in state.paths {
            watchWay(to: path, &state)
            if FileSystem.kind(of: path) == .folder { watchAll(in: path, depth: 0, &state) }
        }
        for watch in before.subtracting(state.interests.keys) {
            inotify_rm_watch(descriptor, watch)
        }
    }

    /// Watches each folder above a path for the name that leads on.
    private func watchWay(to path: String, _ state: inout State) {
        var folder = "/"
        for step in path.split(separator: "/").map(String.init) {
            let next = folder == "/" ? "/" + step : "\(folder)/\(step)"
            // A file is written below its folder; a folder has a watch of its own.
            let content = next == path ? Self.contentEvents : 0
            if let watch = add(folder, Self.nameEvents | content, &state) {
                state.interests[watch] = state.interests[watch]?.adding(step) ?? .names([step])
            }
            folder = next
        }
    }

    /// Watches a folder and the folders in it; links are followed.
    private func watchAll(in folder: String, depth: Int, _ state: inout State) {
        guard depth < Self.deepest else { return }  // Links may lead in circles.
        let events = Self.nameEvents | Self.selfEvents | Self.contentEvents
        guard let watch = add(folder, events, &state) else { return }
        if case .everything? = state.interests[watch] { return }
        state.interests[watch] = .everything
        guard case .success(let names) = FileSystem.list(folder) else { return }
        for name in names {
            let path = folder == "/" ? "/" + name : "\(folder)/\(name)"
            if FileSystem.kind(of: path) == .folder {
                watchAll(in: path, depth: depth + 1, &state)
            }
        }
    }

    /// The number of a watch; `nil` when there is no such folder, or no watch to be had.
    private func add(_ folder: String, _ events: UInt32, _ state: inout State) -> Int32? {
        let options = UInt32(IN_ONLYDIR) | UInt32(IN_MASK_ADD)
        let watch = inotify_add_watch(descriptor, folder, events | options)
        if watch >= 0 { return watch }
        if errno != ENOENT, errno != ENOTDIR, errno != EACCES { state.isComplete = false }
        return nil
    }
}

extension Duration {
    /// Rounded up: a wait that is too short would turn in a circle.
    fileprivate var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        let (whole, isOver) = seconds.multipliedReportingOverflow(by: 1_000)
        return isOver ? .max : Int32(clamping: whole.addingReportingOverflow(rest).partialValue)
    }
}
