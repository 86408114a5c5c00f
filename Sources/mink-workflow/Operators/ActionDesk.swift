// Takes actions to those who judge them, tells what follows, and says what was refused.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

/// Carries out actions of the command line, or shows what they would do.
struct ActionDesk {
    let store: any AnyStore
    let catalog: Catalog
    let arguments: Arguments

    private var isJSON: Bool { arguments.value("--format") == "jsonl" }

    var recorder: TranscriptRecorder {
        TranscriptRecorder(catalog: catalog, showsPersonal: arguments.has("--show-personal"))
    }

    private var desk: OperatorDesk { OperatorDesk(store, catalog: catalog) }

    /// Does to sagas what a person decided.
    func act(_ requests: [ActionRequest]) async throws(StoreError) -> ExitCode {
        if arguments.has("--dry-run") { return try await preview(requests) }
        let outcomes = try await desk.carryOut(requests, by: arguments.person) { observation in
            if case .turn(let turn) = observation { tell(turn) }
        }
        return told(zip(requests, outcomes).map { ($0, $1) })
    }

    /// Has a dead letter judged again.
    func requeue(
        _ letter: LetterRow, as requests: [ActionRequest]
    ) async throws(StoreError) -> ExitCode {
        if arguments.has("--dry-run") { return try await preview(requests) }
        let outcomes = try await desk.requeue(
            letter: letter.number, as: requests, by: arguments.person
        ) { observation in
            if case .turn(let turn) = observation { tell(turn) }
        }
        guard let outcomes else {
            return refuse("dead letter \(letter.number) was settled by somebody else just now")
        }
        return told(zip(requests, outcomes).map { ($0, $1) })
    }

    private func preview(_ requests: [ActionRequest]) async throws(StoreError) -> ExitCode {
        var code = ExitCode.ok
        for request in requests {
            guard let decision = try await desk.preview(request) else {
                Output.message(
                    "mink-workflow: \(request.instance.key) runs by a definition that is not kept")
                code = .notFound
                continue
            }
            if let refusal = decision.refusal {
                code = refuse(refusal, of: requests.count == 1 ? nil : request.instance)
                continue
            }
            tell(
                Turn(
                    id: request.instance, expectedVersion: 0, input: .action(request.action),
                    decision: decision, at: SystemClock().now()))
        }
        return code
    }

    private func told(_ outcomes: [(ActionRequest, OperatorDesk.Outcome)]) -> ExitCode {
        var code = ExitCode.ok
        var waiting = 0
        for (request, outcome) in outcomes {
            switch outcome {
            case .carriedOut: continue
            case .refused(let why):
                code = refuse(why, of: outcomes.count == 1 ? nil : request.instance)
            case .handedIn: waiting += 1
            }
        }
        if waiting > 0 {
            let what = outcomes.count == 1 ? "it is" : "\(waiting) are"
            Output.message(
                "mink-workflow: \(what) handed in; the engine has not judged it yet, and will")
        }
        return code
    }

    func refuse(_ why: String, of instance: InstanceID? = nil) -> ExitCode {
        let whose = instance.map { "\($0.workflow) \($0.key): " } ?? ""
        Output.message("mink-workflow: refused: \(whose)\(why)".withoutControls)
        return .conflict
    }

    func tell(_ turn: Turn) {
        for line in recorder.history(of: turn) { print(line) }
    }

    func print(_ line: TranscriptLine) {
        Output.line(isJSON ? line.json : line.text)
    }
}
