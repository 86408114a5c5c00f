// When definitions are looked at again: when the kernel says that a file changed, when somebody
// asks, and when another engine has published something.

extension DefinitionKeeper {
    /// How often the store is asked whether another engine has published something.
    static let look = Duration.milliseconds(250)

    /// Keeps the definitions up to date until it is told to stop, or its task is cancelled.
    ///
    /// Ringing the bell of the watch has it look at once.
    ///
    /// - Parameters:
    ///   - isStopped: Whether to stop.
    ///   - isAsked: Whether somebody has asked for a reload since the last call.
    package mutating func run(
        until isStopped: @Sendable () -> Bool = { false },
        reloadingWhen isAsked: @Sendable () -> Bool = { false }
    ) async {
        var hasToReload = false
        var isStoreAway = false
        control.ringWhenDefinitionsChange(watch.bell)
        defer { control.ringWhenDefinitionsChange(nil) }
        while !isStopped(), !Task.isCancelled {
            let hasChanged = await watch.change(atMost: Self.look)
            if isStopped() || Task.isCancelled { return }
            hasToReload = isAsked() || hasChanged || hasToReload
            do {
                if hasToReload { try await reload() }
                hasToReload = false
                try await refreshIfChanged()
                isStoreAway = false
            } catch {
                // Tried again at the next look; until then the engine works as before.
                if !isStoreAway {
                    options.log("definitions can not be compared", ["error": "\(error.message)"])
                }
                isStoreAway = true
            }
        }
    }
}

extension DefinitionFolder {
    /// How long files have to rest: editors write in several steps.
    private static let rest = Duration.milliseconds(20)
    /// A file that never rests must not hold up the others.
    private static let patience = 25

    /// Waits until the files rest.
    func settle() async {
        var last = stamps()
        for _ in 0..<Self.patience {
            try? await Task.sleep(for: Self.rest)
            let next = stamps()
            if next == last || Task.isCancelled { return }
            last = next
        }
    }

    private func stamps() -> [String: FileSystem.Stamp] {
        let names = (try? Project.names(paths, endings: [".workflow.json"])) ?? []
        var stamps: [String: FileSystem.Stamp] = [:]
        for name in names + watched { stamps[name] = FileSystem.stamp(of: name) }
        return stamps
    }
}
