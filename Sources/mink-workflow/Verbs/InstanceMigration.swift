// `instances migrate`: moves sagas to another version of their workflow. Nothing else does.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

/// Which sagas are to be moved, and where.
struct MigrationRequest {
    let workflow: String
    /// The only saga that is meant; `nil` means all of the workflow.
    let instance: InstanceID?
    let version: Int
    let reason: String
    let tenant: String?

    init(_ arguments: Arguments) throws(UsageError) {
        let words = arguments.operands
        guard words.count == 2 || words.count == 3 else {
            throw UsageError(message: "say which sagas: migrate WORKFLOW [KEY] --to N")
        }
        guard let version = try arguments.wholeNumber("--to") else {
            throw UsageError(message: "migrate needs --to N, the version to go to")
        }
        guard let reason = arguments.value("--reason"), !reason.isEmpty else {
            throw UsageError(message: "migrate needs --reason TEXT, for the record")
        }
        workflow = words[1]
        tenant = arguments.value("--tenant")
        instance =
            words.count == 3
            ? InstanceID(tenant: tenant ?? "", workflow: words[1], key: .string(words[2])) : nil
        self.version = version
        self.reason = reason
    }
}

extension InstanceDesk {
    /// How many sagas are moved together.
    private static let page = 500

    /// Moves all sagas of a workflow that have not ended, and run by another version.
    func migrateAll(_ request: MigrationRequest) async throws(StoreError) -> ExitCode {
        var filter = InstanceFilter()
        filter.workflow = request.workflow
        filter.tenant = request.tenant
        filter.statuses = [.started, .running, .compensating]
        filter.limit = Self.page
        var code = ExitCode.ok
        while true {
            let rows = try await store.instances(filter)
            let others = rows.filter { $0.instance.definition.version != request.version }
            let next = try await migrate(others, request)
            if next == .notFound { return next }
            // That some stay is an answer, not a mistake.
            if next != .ok { code = .negative }
            guard let last = rows.last, rows.count == filter.limit else { return code }
            filter.after = last.sequence
        }
    }

    /// Moves some sagas, or says what would become of them.
    func migrate(
        _ rows: [InstanceRow], _ request: MigrationRequest
    ) async throws(StoreError) -> ExitCode {
        guard let kept = try await store.shelf().version(request.version, of: request.workflow)
        else {
            Output.message(
                "mink-workflow: there is no \(request.workflow) version \(request.version) in this "
                    + "store; \"mink-workflow definitions list\" shows what is")
            return .notFound
        }
        let target = DefinitionReference(kept.identity)
        let action = OperatorAction(verb: .migrate, reason: request.reason, to: target)
        let desk = OperatorDesk(store, catalog: try await catalog(with: kept))
        var obstacles: [String?] = []
        if arguments.has("--dry-run") {
            for row in rows {
                let decision = try await desk.preview(ActionRequest(action, on: row.instance.id))
                obstacles.append(decision.map(\.refusal) ?? "it is gone")
            }
        } else {
            let outcomes = try await desk.carryOut(
                rows.map { ActionRequest(action, on: $0.instance.id) },
                by: arguments.value("--by") ?? Environment.person)
            obstacles = outcomes.map(\.obstacle)
        }
        for (row, obstacle) in zip(rows, obstacles) { tell(row.instance, obstacle, request) }
        return obstacles.contains { $0 != nil } ? .conflict : .ok
    }

    /// The definitions with one that may be out of use.
    private func catalog(
        with kept: DefinitionShelf.Version
    ) async throws(StoreError) -> Catalog {
        var all = catalog
        guard all.definition(for: DefinitionReference(kept.identity)) == nil,
            let stored = try await store.definition(
                of: kept.identity.workflow, version: kept.identity.version)
        else { return all }
        try DefinitionLoader.add([stored], to: &all)
        return all
    }

    private func tell(_ instance: Instance, _ obstacle: String?, _ request: MigrationRequest) {
        let old = instance.definition.version
        guard !isJSON else {
            let line: Value = [
                "workflow": .string(request.workflow), "key": instance.id.key.value,
                "tenant": .string(instance.id.tenant), "from": .int(Int64(old)),
                "to": .int(Int64(request.version)), "moved": .bool(obstacle == nil),
                "why": obstacle.map(Value.string) ?? .null,
                "dryRun": .bool(arguments.has("--dry-run")),
            ]
            return Output.line(line.json)
        }
        let name = "\(request.workflow) \(instance.id.key)"
        let verb = arguments.has("--dry-run") ? "would move" : "moved"
        let text =
            obstacle.map { "\(name) stays on version \(old): \($0)" }
            ?? "\(name) \(verb) from version \(old) to version \(request.version)"
        Output.line(text.withoutControls)
    }
}

extension OperatorDesk.Outcome {
    /// Why the action has done nothing yet; `nil` when it was carried out.
    fileprivate var obstacle: String? {
        switch self {
        case .carriedOut: nil
        case .refused(let why): why
        case .handedIn: "it is handed in; the engine has not judged it yet"
        }
    }
}
