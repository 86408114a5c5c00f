// Sagas in tests of a service, in the given/then form:
//
//   try await SagaFixture("workflows/order-fulfillment.workflow.json")
//       .given(.event("OrderCreated", […]), .event("PaymentReceived", […]))
//       .thenCompleted()
//       .thenCommands("RequestPayment", "ReserveInventory")
//
// Fixtures throw, so they work under every test framework.
import MinkDefinition
import MinkEngine
public import MinkExpression
import MinkSQLite
import MinkStore
import MinkWorkflow
import Synchronization

/// A workflow under test, in a store of its own, with time that stands still.
public struct SagaFixture: Sendable {
    private let definition: Definition

    /// A workflow of a file.
    ///
    /// - Parameter file: The path of a `*.workflow.json` file.
    /// - Throws: ``SagaFixtureError`` with all that is wrong with the file.
    public init(_ file: String) throws {
        let files: [Project.File]
        do throws(ProjectError) {
            files = try Project.files([file], endings: [".workflow.json"])
        } catch {
            throw SagaFixtureError(error.message)
        }
        let loaded = DefinitionLoader.load(files)
        guard let workflow = loaded.catalog.workflows.first,
            let definition = loaded.catalog.active(workflow)
        else {
            throw SagaFixtureError(
                TextRenderer().render(loaded.findings.filter { $0.severity == .error }))
        }
        self.definition = definition
    }

    /// Lets things happen to a new saga, one after the other, each to rest.
    ///
    /// - Parameter steps: What happens.
    /// - Returns: What came of it.
    /// - Throws: ``SagaFixtureError`` if a step can not happen.
    public func given(_ steps: SagaStep...) async throws -> SagaOutcome {
        try await play(steps)
    }

    /// Lets a saga go as far as its first failure: the last step is what makes it fail.
    ///
    /// - Parameter steps: What happens; after the last one the saga must have been given up.
    /// - Returns: What came of it; commands are counted from the failure on.
    /// - Throws: ``SagaFixtureError`` if the saga was given up before the last step, or not at all.
    public func given(failureAfter steps: SagaStep...) async throws -> SagaOutcome {
        let before = try await play(steps.dropLast())
        guard before.failureReason == nil else {
            throw SagaFixtureError("the saga had failed before the last step")
        }
        let after = try await play(steps)
        guard after.failureReason != nil else {
            throw SagaFixtureError("the saga did not fail; it is \(after.description)")
        }
        return after.counted(from: before.commands.count)
    }

    private func play(_ steps: some Collection<SagaStep>) async throws -> SagaOutcome {
        var stage = try await ScenarioStage(definition)
        for step in steps { try await stage.play(step) }
        return try await SagaOutcome(of: stage)
    }
}

/// A saga that is not as it should be, in words for people.
public struct SagaFixtureError: Error, Sendable, CustomStringConvertible {
    /// What was expected and what was found.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// One thing that happens to a saga.
public enum SagaStep: Sendable {
    /// An event arrives, with these fields.
    case event(String, Value)
    /// Time passes.
    case wait(Duration)
    /// From here on the handler of a command fails, with a message.
    case fails(String, String)
    /// From here on the handler of a command answers with events.
    case returns(String, [(name: String, fields: Value)])
}

extension ScenarioStage {
    fileprivate mutating func play(_ step: SagaStep) async throws {
        switch step {
        case .event(let type, let fields):
            try await send(type: type, payload: fields.json, id: nil, times: 1)
        case .wait(let duration):
            try await engine.advance(to: clock.now().adding(duration) ?? .latest)
        case .fails(let command, let message):
            receiver.follow(HandlerScript(command: command, behavior: .fails(message)))
        case .returns(let command, let events):
            let answers = events.map { AnswerEvent(type: $0.name, data: $0.fields.json) }
            receiver.follow(HandlerScript(command: command, behavior: .returns(answers)))
        }
    }
}
