// Keeps the definitions of an engine as the files and the other engines of its store have them.
//
//   files ─▶ read ─▶ check ─▶ publish ─┐
//                                      ▼
//   other engines ────────────────▶ shelf ─▶ compile ─▶ catalog ─▶ engine, between two steps
//
// What was published decides what is active, so that all engines of a store agree: a file only
// publishes. A file that can not be taken changes nothing, and is told.
package import MinkDefinition
package import MinkStore

/// Reloads the definitions of an engine.
package struct DefinitionKeeper: Sendable {
    /// What a keeper can be told.
    package struct Options: Sendable {
        /// Why a workflow can not be run here, each reason with its place; nothing unless told.
        package var objections: @Sendable (Definition) -> [(SourcePlace, String)] = { _ in [] }
        /// Takes what operators should read.
        package var log: @Sendable (_ message: String, _ fields: [String: String]) -> Void =
            { _, _ in }
        /// Tells the other engines of the store that there is something new.
        package var announce: @Sendable () -> Void = {}

        package init() {}
    }

    private var folder: DefinitionFolder
    private let store: any DefinitionStore
    let control: EngineControl
    private let clock: any WorkflowClock
    let options: Options
    let watch: FolderWatch
    private var shelf = DefinitionShelf(number: -1, versions: [])
    /// Definitions by their fingerprints.
    private var compiled: [String: Definition] = [:]
    /// What could not be loaded.
    package private(set) var failures: [LoadFailure] = []

    /// A keeper that has read nothing yet.
    package init(
        _ folder: DefinitionFolder, store: any DefinitionStore, control: EngineControl,
        watch: FolderWatch = FolderWatch([]), clock: any WorkflowClock = SystemClock(),
        options: Options = Options()
    ) {
        self.folder = folder
        self.store = store
        self.control = control
        self.watch = watch
        self.clock = clock
        self.options = options
    }

    /// Begins with what the store keeps and what the files say.
    ///
    /// A store that keeps nothing yet begins with good files only; later a bad one keeps none
    /// from running.
    ///
    /// - Returns: Whether the engine can run; if not, nothing was published, and ``failures`` says
    ///   why.
    /// - Throws: ``StoreError`` with code `corrupt` if a kept text can not be compiled any more.
    package mutating func begin() async throws(StoreError) -> Bool {
        // First of all: also when the store is away now, no later change is to be missed.
        watchFiles()
        try await takeStock()
        let isFirst = shelf.versions.isEmpty
        let review = try await review()
        watchFiles()  // Also what the files have led to.
        if isFirst, !review.failures.isEmpty {
            failures = review.failures
            return false
        }
        try await take(review)
        return true
    }

    /// Publishes what the files say, once: nothing while one of them can not be taken.
    ///
    /// - Parameter record: What the record tells of each; `nil` publishes nothing, and only says
    ///   what would be.
    /// - Returns: What was new; nothing when a file can not be taken, which ``failures`` tells.
    /// - Throws: ``StoreError`` if the store fails; what was published until then stays.
    package mutating func publish(
        recording record: ((Definition.Identity) -> AuditEntry)?
    ) async throws(StoreError) -> [StoredDefinition] {
        try await takeStock()
        let review = try await review()
        failures = review.failures
        guard failures.isEmpty else { return [] }
        let new = review.publications.map(\.0)
        guard let record else { return new }
        for definition in new {
            try await store.publish(definition, recording: record(definition.identity))
        }
        return new
    }

    /// Compiles what the store keeps.
    private mutating func takeStock() async throws(StoreError) {
        for stored in try await store.definitions() {
            compiled[stored.identity.fingerprint] = try DefinitionLoader.compile(stored)
        }
        try await refresh()
    }

    /// Reads the files, publishes what is good and new, and has the engine work by it.
    ///
    /// - Throws: ``StoreError`` if the store fails; what was published until then stays.
    package mutating func reload() async throws(StoreError) {
        watchFiles()
        await folder.settle()
        try await take(try await review())
        watchFiles()
    }

    /// Has the engine work by what the store keeps, if that has changed.
    package mutating func refreshIfChanged() async throws(StoreError) {
        if try await store.shelfNumber() != shelf.number { try await refresh() }
    }

    /// Watches the folders, and what links and includes lead to.
    private func watchFiles() {
        let linked = folder.watched.compactMap { FileSystem.realPath($0) }
        watch.watch(folder.paths + folder.watched + linked)
    }
}

// MARK: - Files

extension DefinitionKeeper {
    /// What is good and new, and what can not be taken.
    private struct Review {
        var publications: [(StoredDefinition, Definition)] = []
        var failures: [LoadFailure] = []
    }

    private mutating func review() async throws(StoreError) -> Review {
        let reading = folder.read()
        let now = clock.now()
        var review = Review()
        if let problem = reading.problem {
            review.failures.append(
                LoadFailure(
                    file: folder.paths.joined(separator: ", "), message: problem, at: now))
        }
        for file in reading.files {
            let input = file.file.input
            var errors = file.errors
            if let definition = file.result.definition, errors.isEmpty {
                if shelf.contains(definition.identity) { continue }
                errors = DefinitionReader.refusals(
                    of: file.result, in: input.file, against: try await rivals(of: definition))
                let objections = options.objections(definition)
                if errors.isEmpty, objections.isEmpty {
                    let stored = DefinitionLoader.stored(definition, file.result, input)
                    review.publications.append((stored, definition))
                }
                review.failures += objections.map { LoadFailure($0.0, $0.1, at: now) }
            }
            review.failures += errors.map { LoadFailure($0, at: now) }
        }
        return review
    }

    /// The versions that a new one must not contradict: the one under its number, and those by
    /// which sagas run that would not be found any more.
    private func rivals(
        of definition: Definition
    ) async throws(StoreError) -> [PublishedVersion] {
        let name = definition.identity.workflow
        let others = compiled.values.filter { $0.identity.workflow == name }
        let same = others.filter { $0.identity.version == definition.identity.version }
        let moved = others.filter { other in
            DefinitionDiff(from: other, to: definition).changes
                .contains { $0.rule == .correlationChanged }
        }
        guard !moved.isEmpty else { return same.map(Self.published) }
        let uses = try await store.definitionUses()
        let needed = moved.filter { other in
            uses.contains {
                $0.workflow == name && $0.version == other.identity.version && $0.running > 0
            }
        }
        return (same + needed).map(Self.published)
    }

    private static func published(_ definition: Definition) -> PublishedVersion {
        PublishedVersion(definition, name: "version \(definition.identity.version)")
    }

    /// Publishes what is good, and tells what is not.
    private mutating func take(_ review: Review) async throws(StoreError) {
        var failures = review.failures
        for (stored, definition) in review.publications {
            do throws(StoreError) {
                try await store.save(stored, at: clock.now())
                compiled[stored.identity.fingerprint] = definition
            } catch {
                // Another engine was faster, with another text.
                guard error.code == .conflict else { throw error }
                failures.append(
                    LoadFailure(file: stored.file, message: error.message, at: clock.now()))
            }
        }
        // Active first: what is wrong with other files can wait.
        try await refreshIfChanged()
        if !review.publications.isEmpty { options.announce() }
        try await tell(failures)
    }

    private mutating func tell(_ failures: [LoadFailure]) async throws(StoreError) {
        let new = failures.filter { failure in
            !self.failures.contains { $0.saysTheSame(as: failure) }
        }
        control.didLoad(failing: Set(failures.map(\.file)).count, new: new.count)
        guard !new.isEmpty || failures.count != self.failures.count else { return }
        for failure in new {
            options.log("a definition was not loaded; the version before stays", failure.fields)
        }
        let folder = folder.paths.map(Project.absolutePath).joined(separator: ", ")
        try await store.keepLoadFailures(failures, of: folder)
        self.failures = failures
    }
}

// MARK: - The shelf

extension DefinitionKeeper {
    private mutating func refresh() async throws(StoreError) {
        let next = try await store.shelf()
        for version in next.versions where !version.isRetired {
            let identity = version.identity
            guard compiled[identity.fingerprint] == nil,
                let stored = try await store.definition(
                    of: identity.workflow, version: identity.version)
            else { continue }
            do throws(StoreError) {
                compiled[identity.fingerprint] = try DefinitionLoader.compile(stored)
            } catch {
                options.log("a published definition can not be used here", ["error": error.message])
            }
        }
        let before = shelf
        shelf = next
        CrashPoint.definitionsBeforeSwap.reach()
        control.offer(Catalog(next, compiled))
        tell(changedFrom: before)
    }

    private func tell(changedFrom before: DefinitionShelf) {
        for version in shelf.versions {
            let identity = version.identity
            let fields = ["workflow": identity.workflow, "version": String(identity.version)]
            let isActive = shelf.active(identity.workflow) == version
            let was = before.active(identity.workflow)?.identity
            if isActive, was != identity, before.number >= 0 {
                options.log("new sagas take this version", fields)
            } else if !isActive, !version.isRetired, before.number >= 0,
                !before.contains(identity)
            {
                options.log("a version was published that new sagas do not take", fields)
            }
        }
    }
}

extension Catalog {
    /// The definitions of a shelf.
    ///
    /// What is retired, or not compiled here, is left out; a saga that runs by it has it looked up.
    init(_ shelf: DefinitionShelf, _ compiled: [String: Definition]) {
        self.init()
        for version in shelf.versions where !version.isRetired {
            if let definition = compiled[version.identity.fingerprint] { add(definition) }
        }
        for version in shelf.versions where version.isChosen && !version.isRetired {
            if let definition = compiled[version.identity.fingerprint] { choose(definition) }
        }
    }
}

extension DefinitionShelf {
    /// Whether this very text is kept.
    func contains(_ identity: Definition.Identity) -> Bool {
        versions.contains { $0.identity == identity }
    }
}
