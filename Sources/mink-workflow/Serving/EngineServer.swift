// An engine as the process of a command line: from its arguments to a receiver that takes its
// commands, and until a signal ends it.
import MinkDefinition
import MinkExpression
import MinkStore
import MinkWorkflow

/// Serves an engine on an open store.
struct EngineServer {
    let store: any AnyStore
    let log: ServeLog
    let watch = FolderWatch([])

    /// Works until a signal comes, then hands the work back.
    ///
    /// - Parameters:
    ///   - loaded: The definitions of the files.
    ///   - receiver: Takes the commands; it is made once the definitions are known.
    /// - Returns: How the process ends.
    /// - Throws: ``MinkStore/StoreError`` when the store fails for good.
    func run(
        _ loaded: DefinitionLoader.Loaded,
        receiver: (EngineControl) -> any CommandReceiver
    ) async throws(StoreError) -> ExitCode {
        ProcessSignals.listen(ringing: watch)
        for definition in loaded.stored {
            try await store.save(definition, at: SystemClock().now())
        }
        CrashPoint.definitionsKept.reach()
        var catalog = loaded.catalog
        try DefinitionLoader.add(try await store.definitions(), to: &catalog)
        let control = EngineControl(catalog)
        var options = WorkflowEngine.Options()
        options.log = { [log] in log.tell($0, $1) }
        let engine = WorkflowEngine(
            store: EngineStore(store), control: control, receiver: receiver(control),
            options: options)
        return try await serve(engine)
    }

    private func serve(_ engine: WorkflowEngine) async throws(StoreError) -> ExitCode {
        do {
            try await withThrowingTaskGroup { group in
                group.addTask { try await engine.serve() }
                group.addTask { [log] in
                    await HealthTeller(control: engine.control, log: log).run()
                }
                group.addTask { [watch] in
                    while !ProcessSignals.isStopped {
                        _ = await watch.change(atMost: .seconds(3600))
                    }
                }
                try await group.next()
                group.cancelAll()
                try await group.waitForAll()
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(code: .corrupt, message: "\(error)")
        }
        log.tell("stopped; the work is handed back")
        return .ok
    }
}
