// Answers what is asked of the definitions of a store, and changes which of them are in use.
import MinkDefinition
import MinkExpression
import MinkStore
import MinkWorkflow

/// Answers requests.
struct DefinitionDesk {
    let store: any AnyStore
    let arguments: Arguments

    private var isJSON: Bool { arguments.value("--format") == "jsonl" }
    private var isDry: Bool { arguments.has("--dry-run") }

    func perform(
        _ request: DefinitionRequest, _ folder: DefinitionFolder?
    ) async throws(StoreError) -> ExitCode {
        switch request {
        case .list: return try await list()
        case .show(let workflow, let version): return try await show(workflow, version)
        case .publish: return try await publish(folder)
        case .activate(let workflow, let version): return try await activate(workflow, version)
        case .retire(let workflow, let version): return try await retire(workflow, version)
        }
    }

    private func list() async throws(StoreError) -> ExitCode {
        let shelf = try await store.shelf()
        let uses = try await store.definitionUses()
        let wanted = arguments.value("--workflow")
        for version in shelf.versions {
            let identity = version.identity
            guard wanted == nil || wanted == identity.workflow else { continue }
            let use = uses.first {
                $0.workflow == identity.workflow && $0.version == identity.version
            }
            let line = VersionLine(
                version: version, isActive: shelf.active(identity.workflow) == version, use: use)
            Output.line(isJSON ? line.json.json : line.text)
        }
        for failure in try await store.loadFailures() {
            Output.line(isJSON ? failure.json.json : "not loaded: \(failure.text)".withoutControls)
        }
        return .ok
    }

    private func show(_ workflow: String, _ number: Int?) async throws(StoreError) -> ExitCode {
        let shelf = try await store.shelf()
        guard let version = number ?? shelf.active(workflow)?.identity.version,
            let stored = try await store.definition(of: workflow, version: version)
        else { return notFound(workflow, number, shelf) }
        guard isJSON else {
            Output.write(stored.text.hasSuffix("\n") ? stored.text : stored.text + "\n")
            return .ok
        }
        var includes = ValueMap()
        for (path, text) in stored.includes.sorted(by: { $0.key < $1.key }) {
            includes[path] = .string(text)
        }
        let line: Value = [
            "workflow": .string(workflow), "version": .int(Int64(version)),
            "fingerprint": .string(stored.identity.fingerprint), "file": .string(stored.file),
            "text": .string(stored.text), "includes": .map(includes),
        ]
        Output.line(line.json)
        return .ok
    }

    private func notFound(
        _ workflow: String, _ version: Int?, _ shelf: DefinitionShelf
    ) -> ExitCode {
        let name = version.map { "\(workflow) version \($0)" } ?? workflow
        let known = Set(shelf.versions.map(\.identity.workflow)).sorted()
        let hint = known.contains(workflow) ? nil : NameSuggestions(known).nearest(to: workflow)
        Output.message(
            "mink-workflow: there is no \(name) in this store; "
                + (hint.map { "did you mean \"\($0)\"?" }
                    ?? "\"mink-workflow definitions list\" shows what is"))
        return .notFound
    }

    private func publish(_ folder: DefinitionFolder?) async throws(StoreError) -> ExitCode {
        guard let folder else { return .bug }
        var keeper = DefinitionKeeper(folder, store: store, control: EngineControl(Catalog()))
        let record = { (identity: Definition.Identity) in
            entry("publish", identity.workflow, identity.version)
        }
        let published = try await keeper.publish(recording: isDry ? nil : record)
        if !isDry { store.tell(.definitions) }
        guard keeper.failures.isEmpty else {
            for failure in keeper.failures { Output.message(failure.text) }
            let isConflict = keeper.failures.contains { $0.code?.hasPrefix("MW8") ?? false }
            return isConflict ? .conflict : .negative
        }
        let shelf = try await store.shelf()
        for definition in published {
            let identity = definition.identity
            let active = shelf.active(identity.workflow)
            let isTaken =
                active?.isChosen != true && identity.version >= active?.identity.version ?? 0
            tell(
                identity.workflow, identity.version,
                isTaken
                    ? "is published; new sagas take it"
                    : "is published; new sagas take version "
                        + "\(active?.identity.version ?? 0)")
        }
        if published.isEmpty { Output.message("mink-workflow: all of this is published already") }
        return .ok
    }

    private func activate(
        _ workflow: String, _ version: Int?
    ) async throws(StoreError) -> ExitCode {
        let shelf = try await store.shelf()
        let highest = shelf.versions.last {
            $0.identity.workflow == workflow && !$0.isRetired
        }
        guard let target = version.map({ shelf.version($0, of: workflow) }) ?? highest else {
            return notFound(workflow, version, shelf)
        }
        if !isDry {
            let before = shelf.active(workflow)?.identity.version
            try await store.choose(
                version, of: workflow,
                recording: entry("activate", workflow, target.identity.version, before: before))
            store.tell(.definitions)
        }
        let isPinned = version == nil ? "" : ", whatever is published later"
        tell(workflow, target.identity.version, "is active: new sagas take it\(isPinned)")
        return .ok
    }

    private func retire(_ workflow: String, _ version: Int) async throws(StoreError) -> ExitCode {
        let shelf = try await store.shelf()
        guard shelf.version(version, of: workflow) != nil else {
            return notFound(workflow, version, shelf)
        }
        let use = try await store.definitionUses().first {
            $0.workflow == workflow && $0.version == version
        }
        try shelf.checkRetirement(of: version, of: workflow, use: use)
        if !isDry {
            try await store.retire(
                version, of: workflow, recording: entry("retire", workflow, version))
            store.tell(.definitions)
        }
        tell(workflow, version, "is out of use")
        return .ok
    }

    /// What the record tells of a change.
    private func entry(
        _ verb: String, _ workflow: String, _ version: Int, before: Int? = nil
    ) -> AuditEntry {
        AuditEntry(
            at: SystemClock().now(), person: arguments.value("--by") ?? Environment.person,
            verb: "definitions \(verb)", reason: arguments.value("--reason") ?? "",
            workflow: workflow, subject: "\(workflow) version \(version)",
            before: before.map { .int(Int64($0)) }, after: .int(Int64(version)))
    }

    /// Tells what was done, or would be.
    private func tell(_ workflow: String, _ version: Int, _ what: String) {
        guard isJSON else {
            return Output.line(
                (isDry ? "would be done: " : "") + "\(workflow) version \(version) \(what)")
        }
        let line: Value = [
            "workflow": .string(workflow), "version": .int(Int64(version)),
            "done": .string(what), "dryRun": .bool(isDry),
        ]
        Output.line(line.json)
    }
}

/// A version in a list.
private struct VersionLine {
    let version: DefinitionShelf.Version
    let isActive: Bool
    let use: DefinitionUse?

    private var standing: String {
        if version.isRetired { return "retired" }
        guard isActive else { return "kept" }
        return version.isChosen ? "active, chosen" : "active"
    }

    var text: String {
        let columns = [
            ("\(version.identity.workflow) v\(version.identity.version)", 24), (standing, 14),
            ("\(use?.running ?? 0) running", 14), ("\(use?.ended ?? 0) ended", 12),
            (version.file, 1),
        ]
        return columns.map { $0.0.padded(to: $0.1) }.joined(separator: "  ").withoutControls
    }

    var json: Value {
        [
            "workflow": .string(version.identity.workflow),
            "version": .int(Int64(version.identity.version)),
            "fingerprint": .string(version.identity.fingerprint), "file": .string(version.file),
            "savedAt": .string(version.savedAt.description), "active": .bool(isActive),
            "chosen": .bool(version.isChosen), "retired": .bool(version.isRetired),
            "running": .int(Int64(use?.running ?? 0)), "ended": .int(Int64(use?.ended ?? 0)),
        ]
    }
}

extension LoadFailure {
    fileprivate var json: Value {
        [
            "notLoaded": .string(file), "line": .int(Int64(line)), "column": .int(Int64(column)),
            "code": code.map(Value.string) ?? .null, "message": .string(message),
            "at": .string(at.description),
        ]
    }
}
