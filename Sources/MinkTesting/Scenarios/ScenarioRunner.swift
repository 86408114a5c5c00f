// Runs scenarios on the real engine and the real store, with time that is moved by hand.
package import MinkDefinition
import MinkEngine
import MinkExpression
import MinkSQLite
import MinkStore
import MinkWorkflow
import Synchronization

/// What became of a scenario.
package struct ScenarioResult: Sendable {
    package let name: String
    /// Why it failed, and where; `nil` when all its expectations held.
    package let failure: Failure?

    /// The first expectation that did not hold.
    package struct Failure: Error, Sendable {
        package let place: SourcePlace
        /// What was expected and what was found, for people; may have several lines.
        package let message: String
    }
}

/// Runs scenarios of one workflow.
package struct ScenarioRunner {
    private let definition: Definition
    private let coverage: CoverageRecorder?

    package init(of definition: Definition, coverage: CoverageRecorder? = nil) {
        self.definition = definition
        self.coverage = coverage
    }

    /// Runs a scenario from the beginning, in a store of its own.
    ///
    /// Besides what the scenario expects, the rules of every run have to hold.
    package func run(_ scenario: Scenario) async -> ScenarioResult {
        do {
            let watch = RunWatch(of: definition, coverage: coverage)
            var stage = try await ScenarioStage(definition, watch: watch)
            for step in scenario.steps {
                try await stage.play(step)
                guard let problem = watch.problem else { continue }
                throw ScenarioResult.Failure(
                    place: step.place, message: "a rule of every run is broken: \(problem)")
            }
            return ScenarioResult(name: scenario.name, failure: nil)
        } catch let failure as ScenarioResult.Failure {
            return ScenarioResult(name: scenario.name, failure: failure)
        } catch {
            let failure = ScenarioResult.Failure(
                place: scenario.place,
                message: (error as? StoreError)?.message ?? "\(error)")
            return ScenarioResult(name: scenario.name, failure: failure)
        }
    }
}

/// A scenario while it runs.
struct ScenarioStage {
    let definition: Definition
    let store: SQLiteStore
    let clock: ManualClock
    let receiver = ScriptedReceiver()
    var engine: SteppedEngine
    /// The commands that were delivered, in order.
    private let delivered: DeliveredCommands
    /// How many of them were expected so far.
    var expected = 0
    private var events = 0
    private var script = 0
    /// The instance that the last event was about.
    var subject: InstanceID?

    init(_ definition: Definition, watch: RunWatch? = nil) async throws {
        self.definition = definition
        store = try SQLiteStore(file: ":memory:")
        clock = ManualClock(at: Playback.start)
        let delivered = DeliveredCommands()
        self.delivered = delivered
        var catalog = Catalog()
        catalog.add(definition)
        let workflow = definition.identity.workflow
        let loop = try await EngineLoop(store: store, catalog: catalog, clock: clock) {
            watch?.observe($0)
            guard case .delivered(let command, attempt: 1, _, _) = $0,
                command.instance.workflow == workflow
            else { return }
            delivered.append(command)
        }
        engine = SteppedEngine(loop: loop, clock: clock, receiver: receiver)
    }

    /// The commands that were delivered so far, each once.
    var commands: [CommandRecord] { delivered.all }

    mutating func play(_ step: ScenarioStep) async throws {
        switch step.action {
        case .event(let event): try await send(event)
        case .wait(let duration):
            try await engine.advance(to: clock.now().adding(duration) ?? .latest)
        case .script(let script): follow(script)
        case .act(let action): try await act(action, at: step.place)
        case .expectCommand(let name, let arguments):
            try expectCommand(name, with: arguments, at: step.place)
        case .expectCommands(let names): try expectCommands(names, at: step.place)
        case .expect(let expectation): try await expect(expectation, at: step.place)
        }
    }

    private mutating func send(_ step: ScenarioStep.EventStep) async throws {
        try await send(
            type: step.type, payload: step.payload?.source ?? "{}", id: step.id,
            times: step.times)
    }

    mutating func send(type: String, payload: String, id: String?, times: Int) async throws {
        events += 1
        let event = EventRecord(
            id: id ?? "event-\(events)", type: type, data: payload, time: clock.now())
        if case .instance(let id, _, _) = route(event, by: definition) { subject = id }
        for _ in 0..<max(1, times) {
            _ = try await store.append([event], at: clock.now(), notes: [:])
            try await engine.settle()
        }
    }

    private mutating func follow(_ step: ScenarioStep.ScriptStep) {
        follow(HandlerScript(step))
    }

    mutating func follow(_ handler: HandlerScript) {
        script += 1
        receiver.follow(handler, name: "script-\(script)")
    }

    private mutating func act(
        _ step: ScenarioStep.OperatorStep, at place: SourcePlace
    ) async throws {
        let subject = try subject(at: place)
        let instance = try await instance(at: place)
        let incident = step.incident.flatMap { code in
            instance.incidents.last { $0.code == code }?.number
        }
        let action = OperatorAction(
            verb: step.action, reason: step.reason ?? "scenario", arguments: step.arguments?.value,
            incident: incident, endIn: step.endIn)
        let number = try await store.request(
            action, on: subject, by: "scenario", at: clock.now(), notes: [:])
        let refusal = try await engine.loop.judge(
            PendingAction(number: number, instance: subject, person: "scenario", action: action))
        if let refusal {
            throw ScenarioResult.Failure(place: place, message: "refused: \(refusal)")
        }
        try await engine.settle()
    }

    func subject(at place: SourcePlace) throws -> InstanceID {
        guard let subject else {
            throw ScenarioResult.Failure(
                place: place, message: "no event has named a saga before this step")
        }
        return subject
    }

    func instance(at place: SourcePlace) async throws -> Instance {
        let subject = try subject(at: place)
        guard let stored = try await store.load([subject])[subject] else {
            throw ScenarioResult.Failure(
                place: place,
                message: "there is no \(definition.identity.workflow) \(subject.key)")
        }
        return stored.instance
    }
}

/// The commands that were delivered, collected where the engine tells of them.
private final class DeliveredCommands: Sendable {
    private let commands = Mutex<[CommandRecord]>([])

    var all: [CommandRecord] { commands.withLock { $0 } }

    /// Adds a command; one that a person had delivered again is there already.
    func append(_ command: CommandRecord) {
        commands.withLock { commands in
            guard !commands.contains(where: { $0.id == command.id }) else { return }
            commands.append(command)
        }
    }
}
