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
    ///   - folder: The workflow files.
    ///   - takes: Whether someone here takes the commands of a template.
    ///   - receiver: Takes the commands; it is made once the definitions are known.
    /// - Returns: How the process ends.
    /// - Throws: ``MinkStore/StoreError`` when the store fails for good.
    func run(
        _ folder: DefinitionFolder, takes: @escaping @Sendable (CommandTemplate) -> Bool,
        receiver: (EngineControl) -> any CommandReceiver
    ) async throws(StoreError) -> ExitCode {
        ProcessSignals.listen(ringing: watch)
        let control = EngineControl(Catalog())
        var keeping = DefinitionKeeper.Options()
        keeping.log = { [log] in log.tell($0, $1) }
        keeping.announce = { [store] in store.tell(.definitions) }
        keeping.objections = { UntakenCommands(of: $0, takes: takes).reasons }
        var keeper = DefinitionKeeper(
            folder, store: store, control: control, watch: watch, options: keeping)
        guard try await keeper.begin(), !hasUntaken(control.catalog, takes) else {
            for failure in keeper.failures { Output.message(failure.text) }
            return .usage
        }
        CrashPoint.definitionsKept.reach()
        var options = WorkflowEngine.Options()
        options.log = keeping.log
        let engine = WorkflowEngine(
            store: EngineStore(store), control: control, receiver: receiver(control),
            options: options)
        return try await serve(engine, keeper)
    }

    /// Whether a version that new sagas take sends a command that nobody takes; says which.
    private func hasUntaken(_ catalog: Catalog, _ takes: (CommandTemplate) -> Bool) -> Bool {
        let reasons = catalog.workflows.compactMap(catalog.active).flatMap {
            UntakenCommands(of: $0, takes: takes).reasons
        }
        for (place, reason) in reasons { Output.message("\(place): error: \(reason)") }
        return !reasons.isEmpty
    }

    private func serve(
        _ engine: WorkflowEngine, _ keeper: DefinitionKeeper
    ) async throws(StoreError) -> ExitCode {
        do {
            try await withThrowingTaskGroup { group in
                group.addTask { try await engine.serve() }
                group.addTask { [log, store] in
                    await HealthTeller(control: engine.control, store: store, log: log).run()
                }
                group.addTask {
                    var keeper = keeper
                    await keeper.run {
                        ProcessSignals.isStopped
                    } reloadingWhen: {
                        ProcessSignals.takeReload()
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
