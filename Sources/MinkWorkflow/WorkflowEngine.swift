// The engine as a service uses it: definitions, a store, and a bus with the handlers.
import MinkDefinition
import MinkEngine
import MinkExpression
public import MinkStore

/// Runs sagas inside a service.
///
/// ```swift
/// let engine = try await WorkflowEngine(
///     definitions: ["workflows"], store: .sqlite("orders.sqlite"), bus: bus)
/// try await engine.send("OrderCreated", ["orderId": "o1"], id: "e1")
/// try await engine.run()
/// ```
public final class WorkflowEngine: Sendable {
    /// What an engine can be told.
    public struct Options: Sendable {
        /// The most commands that are with handlers at once.
        public var maxConcurrentCommands = 64
        /// The most events that are judged in one transaction.
        public var batchLimit = 500
        /// The longest rest between two looks at the store.
        public var restMax: Duration = .seconds(1)
        /// Whether files are read again when they change; so they are unless told.
        public var reloadsDefinitions = true
        /// Takes what operators should read; silent unless told.
        public var log: @Sendable (_ message: String, _ fields: [String: String]) -> Void =
            { _, _ in }

        /// The defaults.
        public init() {}
    }

    let store: EngineStore
    private let receiver: any CommandReceiver
    let clock: any WorkflowClock
    let options: Options
    /// The definitions, and how the engine stands.
    package let control: EngineControl
    /// The files and folders of the definitions; none where somebody else keeps them up to date.
    private let paths: [String]

    /// Reads definitions and keeps their texts in the store.
    ///
    /// - Parameters:
    ///   - definitions: Workflow files, and folders with `*.workflow.json`.
    ///   - store: Where events, sagas and commands are kept.
    ///   - bus: The handlers of the commands.
    ///   - publishers: The destinations of the commands that have one, by the names in workflows.
    ///   - clock: The time; the store's unless told, or the machine's where the store has none.
    ///   - options: What else can be told.
    /// - Throws: ``WorkflowEngineError`` if a file has mistakes; ``MinkStore/StoreError`` if the
    ///   store has another text under a version that a file publishes.
    public convenience init(
        definitions: [String], store: EngineStore, bus: CommandBus,
        publishers: [String: any Publisher] = [:], clock: (any WorkflowClock)? = nil,
        options: Options = Options()
    ) async throws {
        let clock = clock ?? StoreClock(store: store.workflow)
        let files: [Project.File]
        do throws(ProjectError) {
            files = try Project.files(definitions, endings: [".workflow.json"])
        } catch {
            throw WorkflowEngineError(message: error.message)
        }
        try await self.init(
            files: files, paths: definitions, store: store, bus: bus, publishers: publishers,
            clock: clock,
            options: options)
    }

    /// Takes definitions that were read before, and keeps their texts in the store.
    package init(
        files: [Project.File], paths: [String] = [], store: EngineStore, bus: CommandBus,
        publishers: [String: any Publisher] = [:], clock: any WorkflowClock = SystemClock(),
        options: Options = Options()
    ) async throws {
        let loaded = DefinitionLoader.load(files)
        let errors = loaded.findings.filter { $0.severity == .error }
        guard errors.isEmpty else {
            throw WorkflowEngineError(message: TextRenderer().render(errors))
        }
        for definition in loaded.stored {
            try await store.definitions.save(definition, at: clock.now())
        }
        CrashPoint.definitionsKept.reach()
        var catalog = loaded.catalog
        try DefinitionLoader.add(try await store.definitions.definitions(), to: &catalog)
        self.store = store
        let handlers = BusReceiver(bus: bus)
        receiver = DestinationReceiver(publishers, others: handlers)
        self.clock = clock
        self.options = options
        control = EngineControl(catalog)
        self.paths = paths
    }

    /// An engine by definitions that are kept already, whose commands go to a receiver.
    package init(
        store: EngineStore, control: EngineControl, receiver: any CommandReceiver,
        clock: (any WorkflowClock)? = nil, options: Options = Options()
    ) {
        self.store = store
        self.receiver = receiver
        self.clock = clock ?? StoreClock(store: store.workflow)
        self.options = options
        self.control = control
        paths = []
    }

    /// The commands that a workflow can send and nobody here handles, in order.
    public var unhandledCommands: [String] {
        let catalog = control.catalog
        let names = catalog.workflows.compactMap(catalog.active).flatMap { definition in
            definition.commands.values.filter { $0.destination == .handler }.map(\.name)
        }
        return Set(names).filter { !receiver.handles($0) }.sorted()
    }

    /// Works until the task is cancelled.
    ///
    /// A workflow file that is saved under a new version is taken for new sagas while the engine
    /// runs, and so is a version that another engine of the store has published.
    ///
    /// Engines on one database share the work. While another process has all of it this one stands
    /// by, and while the store is away it tries again; the log of the options tells so.
    ///
    /// - Throws: ``MinkStore/StoreError`` with code `corrupt` when a person has to look; nothing
    ///   that was acknowledged is lost, and running again goes on.
    public func run() async throws {
        for name in unhandledCommands {
            options.log("no handler is registered for a command", ["command": name])
        }
        guard options.reloadsDefinitions, !paths.isEmpty else { return try await serve() }
        var keeping = DefinitionKeeper.Options()
        keeping.log = options.log
        keeping.announce = { [workflow = store.workflow] in workflow.tell(.definitions) }
        let keeper = DefinitionKeeper(
            DefinitionFolder(paths), store: store.definitions, control: control, clock: clock,
            options: keeping)
        try await withThrowingTaskGroup { group in
            group.addTask { [options] in
                var keeper = keeper
                do throws(StoreError) {
                    _ = try await keeper.begin()
                } catch {
                    options.log("definitions can not be compared", ["error": error.message])
                }
                await keeper.run()
            }
            defer { group.cancelAll() }
            try await serve()
        }
    }

    /// Takes possession of a share of the work and does it.
    func work() async throws {
        let log = options.log
        await store.workflow.listen { [control] signal in
            switch signal {
            case .work: control.wakeUp.signal()
            case .definitions: control.definitionsChanged()
            case .owners: control.wakeUp.signalOwners()
            }
        }
        var loop = try await EngineLoop(
            store: store.workflow, catalog: control.catalog, clock: clock, claiming: .share
        ) {
            $0.report(to: log)
        }
        loop.lookUp = { [definitions = store.definitions] reference throws(StoreError) in
            try await definitions.find(reference)
        }
        var engine = ConcurrentEngine(
            loop: loop, receiver: receiver, wakeUp: control.wakeUp, options: options,
            control: control)
        try await engine.run()
    }
}

/// An engine that could not be made, in words for people.
public struct WorkflowEngineError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, with places.
    public let message: String

    /// What is wrong, with places.
    public var description: String { message }
}

extension Observation {
    /// Tells operators what they have to know; the rest is silence.
    fileprivate func report(to log: (String, [String: String]) -> Void) {
        switch self {
        case .turn(let turn):
            for case .incident(let code, let message, _) in turn.decision.facts {
                log(
                    "an incident was opened",
                    [
                        "workflow": turn.id.workflow, "key": turn.id.key.description,
                        "code": code.rawValue, "message": message,
                    ])
            }
        case .deadLetter(let letter):
            log(
                "an event was set aside",
                ["event": letter.event.id, "reason": letter.reason, "message": letter.message])
        case .noReceiver(let command):
            log(
                "a command waits because nobody here handles it",
                ["command": command.name, "id": command.id])
        case .delivered, .notListed, .notAppended:
            break
        }
    }
}
