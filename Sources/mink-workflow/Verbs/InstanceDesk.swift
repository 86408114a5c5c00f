// Answers what is asked of the sagas of a store, and takes actions to the one who judges them.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

/// Answers requests.
struct InstanceDesk {
    let store: any AnyStore
    let catalog: Catalog
    let arguments: Arguments
    /// Which sagas are meant; `nil` means all.
    let condition: Where?

    var isJSON: Bool { arguments.value("--format") == "jsonl" }

    private var actions: ActionDesk {
        ActionDesk(store: store, catalog: catalog, arguments: arguments)
    }

    func perform(_ request: InstanceRequest) async throws(StoreError) -> ExitCode {
        switch request {
        case .list(let filter, let incident):
            return try await register(filter, incident).tell(limit: filter.limit)
        case .show(let id): return try await withInstance(id, show)
        case .explain(let id): return try await withInstance(id, explain)
        case .watch(let id):
            return try await withInstance(id) { row throws(StoreError) in
                try await InstanceWatch(desk: actions).watch(row.instance.id)
            }
        case .migrate(let request):
            guard let id = request.instance else { return try await migrateAll(request) }
            return try await withInstance(id) { row throws(StoreError) in
                try await migrate([row], request)
            }
        case .act(let action, let id):
            return try await withInstance(id) { row throws(StoreError) in
                try await actions.act([ActionRequest(action, on: row.instance.id)])
            }
        case .actOnAll(let action, let filter, let incident):
            let (rows, code) = try await register(filter, incident).chosen([])
            guard !rows.isEmpty else { return code }
            return try await actions.act(rows.map { ActionRequest(action, on: $0.instance.id) })
        }
    }

    private func register(
        _ filter: InstanceFilter, _ incident: String?
    ) -> RegisterDesk<InstanceRegister> {
        RegisterDesk(
            list: InstanceRegister(store: store, filter: filter, incident: incident),
            arguments: arguments, condition: condition)
    }

    private func show(_ row: InstanceRow) async throws(StoreError) {
        let id = row.instance.id
        for turn in try await store.history(of: id) { actions.tell(turn, of: id, row.instance) }
        actions.print(
            actions.recorder.line(for: row, at: row.instance.endedAt ?? SystemClock().now()))
    }

    private func explain(_ row: InstanceRow) async throws(StoreError) {
        let explanation = WaitExplanation(
            of: row.instance, by: catalog.definition(for: row.instance.definition),
            commands: try await store.outbox(of: row.instance.id))
        if isJSON {
            let sentences = explanation.sentences.map(Value.string)
            guard case .map(var members) = InstanceRegister.value(row.instance) else { return }
            members["waits"] = .list(sentences)
            return Output.line(Value.map(members).json)
        }
        for sentence in explanation.sentences {
            Output.line("\(row.instance.id.key) \(sentence)".withoutControls)
        }
    }

    /// Does something with a saga; says so when there is none.
    private func withInstance(
        _ id: InstanceID, _ body: (InstanceRow) async throws(StoreError) -> ExitCode
    ) async throws(StoreError) -> ExitCode {
        for key in [id.key, Int64(id.key.description).map(InstanceKey.int)].compactMap(\.self) {
            var filter = InstanceFilter()
            (filter.tenant, filter.workflow, filter.key) = (id.tenant, id.workflow, key)
            if let row = try await store.instances(filter).first {
                return try await body(row)
            }
        }
        Output.message("mink-workflow: there is no saga \(id.workflow) \(id.key)")
        return .notFound
    }

    private func withInstance(
        _ id: InstanceID, _ body: (InstanceRow) async throws(StoreError) -> Void
    ) async throws(StoreError) -> ExitCode {
        try await withInstance(id) { row throws(StoreError) in
            try await body(row)
            return .ok
        }
    }
}
