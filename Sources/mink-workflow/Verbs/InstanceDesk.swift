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

    var isJSON: Bool { arguments.value("--format") == "jsonl" }

    private var recorder: TranscriptRecorder {
        TranscriptRecorder(catalog: catalog, showsPersonal: arguments.has("--show-personal"))
    }

    func perform(_ request: InstanceRequest) async throws(StoreError) -> ExitCode {
        switch request {
        case .list(let filter, let incident): return try await list(filter, incident)
        case .show(let id): return try await withInstance(id, show)
        case .explain(let id): return try await withInstance(id, explain)
        case .migrate(let request):
            guard let id = request.instance else { return try await migrateAll(request) }
            return try await withInstance(id) { row throws(StoreError) in
                try await migrate([row], request)
            }
        case .act(let action, let id):
            return try await withInstance(id) { row throws(StoreError) in
                try await act(action, on: row.instance.id)
            }
        }
    }

    private func list(
        _ filter: InstanceFilter, _ incident: String?
    ) async throws(StoreError) -> ExitCode {
        var (page, left) = (filter, filter.limit)
        page.limit = 1_000
        while left > 0 {
            let rows = try await store.instances(page)
            let fitting = rows.lazy.map(InstanceLine.init).filter { $0.has(incident) }
            for line in fitting.prefix(left) {
                Output.line(isJSON ? line.json.json : line.text)
                left -= 1
            }
            guard let last = rows.last, rows.count == page.limit else { break }
            page.after = last.sequence
        }
        return .ok
    }

    private func show(_ row: InstanceRow) async throws(StoreError) {
        let id = row.instance.id
        for turn in try await store.history(of: id) {
            var decision = Decision(instance: row.instance)
            decision.facts = turn.facts
            let past = Turn(
                id: id, expectedVersion: turn.version - 1, input: turn.input, decision: decision,
                at: turn.at)
            tell(past)
        }
        print(recorder.line(for: row, at: row.instance.endedAt ?? SystemClock().now()))
    }

    private func explain(_ row: InstanceRow) async throws(StoreError) {
        let explanation = WaitExplanation(
            of: row.instance, by: catalog.definition(for: row.instance.definition),
            commands: try await store.outbox(of: row.instance.id))
        if isJSON {
            let sentences = explanation.sentences.map(Value.string)
            let line = InstanceLine(row).json
            guard case .map(var members) = line else { return }
            members["waits"] = .list(sentences)
            return Output.line(Value.map(members).json)
        }
        for sentence in explanation.sentences {
            Output.line("\(row.instance.id.key) \(sentence)".withoutControls)
        }
    }

    private func act(
        _ action: OperatorAction, on id: InstanceID
    ) async throws(StoreError) -> ExitCode {
        let desk = OperatorDesk(store, store, catalog: catalog)
        if arguments.has("--dry-run") {
            guard let decision = try await desk.preview(action, on: id) else {
                Output.message("mink-workflow: \(id.key) runs by a definition that is not kept")
                return .notFound
            }
            if let refusal = decision.refusal { return refuse(refusal) }
            tell(
                Turn(
                    id: id, expectedVersion: 0, input: .action(action), decision: decision,
                    at: SystemClock().now()))
            return .ok
        }
        let outcome = try await desk.carryOut(
            action, on: id, by: arguments.value("--by") ?? Environment.person
        ) { observation in
            if case .turn(let turn) = observation { tell(turn) }
        }
        switch outcome {
        case .carriedOut: return .ok
        case .refused(let why): return refuse(why)
        case .handedIn:
            Output.message("mink-workflow: it is handed in; the engine has not judged it yet")
            return .ok
        }
    }

    func refuse(_ why: String) -> ExitCode {
        Output.message("mink-workflow: refused: \(why)")
        return .conflict
    }

    private func tell(_ turn: Turn) {
        recorder.history(of: turn).forEach(print)
    }

    private func print(_ line: TranscriptLine) {
        Output.line(isJSON ? line.json : line.text)
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

/// A saga in a list.
private struct InstanceLine {
    let instance: Instance
    let codes: [String]

    init(_ row: InstanceRow) {
        instance = row.instance
        codes = row.instance.incidents.map(\.code.rawValue)
    }

    /// Whether an incident is open: this one, or any; without a name every saga fits.
    func has(_ incident: String?) -> Bool {
        switch incident {
        case nil: true
        case "any": !codes.isEmpty
        case let code?: codes.contains(code)
        }
    }

    var text: String {
        let key =
            instance.id.tenant.isEmpty
            ? instance.id.key.description : "\(instance.id.tenant)/\(instance.id.key)"
        let began = instance.startedAt.map(\.description) ?? "-"
        let columns = [
            (began, 20), ("\(instance.id.workflow) v\(instance.definition.version)", 24),
            (key, 12), (instance.status?.rawValue ?? "held", 12), (instance.state ?? "-", 1),
        ]
        let line = columns.map { $0.0.padded(to: $0.1) }.joined(separator: "  ")
        let incidents = codes.isEmpty ? "" : "  incident \(codes.joined(separator: ", "))"
        return (line + incidents).withoutControls
    }

    var json: Value {
        [
            "workflow": .string(instance.id.workflow), "key": instance.id.key.value,
            "tenant": .string(instance.id.tenant),
            "version": .int(Int64(instance.definition.version)),
            "status": instance.status.map { .string($0.rawValue) } ?? .null,
            "state": instance.state.map(Value.string) ?? .null,
            "startedAt": instance.startedAt.map { .string($0.description) } ?? .null,
            "endedAt": instance.endedAt.map { .string($0.description) } ?? .null,
            "incidents": .list(codes.map(Value.string)),
        ]
    }
}
