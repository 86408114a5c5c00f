// `serve`: the engine as a process of its own, on a store, until a signal ends it.
import MinkDefinition
import MinkExpression
import MinkPublishers
import MinkStore
import MinkTesting
import MinkWorkflow

extension Verb {
    static let serve = Verb(
        name: "serve",
        summary: "runs the engine on a store until it is stopped",
        operands: "",
        details: """
            Works on the sagas of a store: judges events, fires timers, sends commands. SIGTERM or
            SIGINT ends it cleanly: what is decided is written, and the next engine has the work at
            once. Standard error has a line about its health at the start, on a change, and every
            ten seconds.

            With --simulate every command succeeds and is answered by the first event under
            "answers.done" of its workflow. Without it each command that a workflow sends needs
            someone who takes it: one of the destinations of mink-workflow.json.

            A workflow file that is saved under a new version is taken for new sagas at once, and
            so is what another engine of the same store has published; running sagas keep their
            version. A file with a mistake changes nothing and is told. SIGHUP reads all files.
            """,
        options: [
            Option(
                name: "--definitions", value: "DIR",
                summary: "the folder of workflow files; that of mink-workflow.json unless told")
        ] + Option.store + [
            Option(name: "--simulate", value: nil, summary: "stands for all handlers"),
            Option(
                name: "--lease", value: "TIME",
                summary: "how long a silent engine keeps its work in a database; 10s unless told"),
            Option(name: "--config", value: "FILE", summary: "the operator's file"),
            Option(
                name: "--format", value: "FORMAT",
                summary: "of the lines on standard error: text (default) or jsonl",
                choices: ["text", "jsonl"]),
        ],
        perform: { arguments throws(UsageError) in
            try arguments.takesNoOperand("serve")
            guard !arguments.has("--simulate") else {
                return try await serveEngine(arguments) { _ in
                    true
                } receiver: { control in
                    SimulatedReceiver { control.catalog.active($0) }
                }
            }
            let destinations = try arguments.settings()?.destinations ?? [:]
            let publishers = try DestinationBuilder.ofProcess().publishers(destinations)
            let receiver = DestinationReceiver(publishers)
            let code = try await serveEngine(arguments) { command in
                guard case .named(let name) = command.destination else { return false }
                return publishers[name] != nil
            } receiver: { _ in
                receiver
            }
            await receiver.stop()
            return code
        })
}

/// Serves the engine that a command line describes.
///
/// - Parameters:
///   - arguments: The options of `serve`.
///   - takes: Whether someone here takes the commands of a template.
///   - receiver: Takes the commands; made once the definitions are known.
/// - Returns: How the process ends.
/// - Throws: ``UsageError`` if the engine can not begin, or its store fails for good.
func serveEngine(
    _ arguments: Arguments, takes: @escaping @Sendable (CommandTemplate) -> Bool,
    receiver: @Sendable (EngineControl) -> any CommandReceiver
) async throws(UsageError) -> ExitCode {
    let lease = try arguments.duration("--lease")
    let folder = try arguments.definitionFolder(arguments.values("--definitions"))
    let store = try await arguments.storeOfServe(lease: lease)
    return try await withStore(store) { store throws(StoreError) in
        let log = ServeLog(isJSON: arguments.value("--format") == "jsonl")
        let server = EngineServer(store: store, log: log)
        return try await server.run(folder, takes: takes, receiver: receiver)
    }
}
