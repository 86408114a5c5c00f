// What a run led to, so that two definitions can be compared by what they do.
package import MinkDefinition
import MinkEngine
import MinkExpression
import MinkSQLite
import MinkStore

/// What was sent in a run, and how each saga ended.
package struct RunOutcome: Hashable, Sendable {
    /// The commands in order of delivery, with their arguments.
    package let commands: [String]
    /// Status, state and open incidents of each saga, in order of start.
    package let ends: [String]
    package let deadLetters: Int

    /// Lets some steps happen to a definition, and waits until nothing is due any more.
    ///
    /// - Parameters:
    ///   - steps: What happens.
    ///   - definition: What decides.
    /// - Throws: ``StoreError`` if the store can not go on.
    package init(of steps: [ShuffleStep], by definition: Definition) async throws {
        var stage = try await ScenarioStage(definition)
        for step in steps + [Shuffle.longWait] { try await stage.play(step) }
        commands = stage.commands.map { "\($0.name) \($0.arguments.json)" }
        ends = try await stage.store.instances(InstanceFilter()).map { row in
            let instance = row.instance
            let incidents = instance.incidents.map(\.code.rawValue).joined(separator: " ")
            return "\(instance.id.key) \(instance.status?.rawValue ?? "") \(instance.state ?? "") "
                + incidents
        }
        deadLetters = try await stage.deadLetterCount()
    }
}

extension ShuffleStep {
    /// The steps of a scenario that make something happen.
    package static func steps(of scenario: Scenario) -> [ShuffleStep] {
        scenario.steps.compactMap(ShuffleStep.init)
    }
}
