// Runs varied scenarios on the real engine and looks for a rule that breaks. The same seed draws
// the same runs; a run that breaks a rule is cut down to what is needed, and written as a scenario.
//
//   scenarios · drawn events ─vary─▶ run ─▶ rules hold │ counterexample ─shrink─▶ scenario file
package import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

/// Runs variations of the scenarios of a workflow.
package struct Shuffle {
    private let definition: Definition
    private let seed: UInt64
    private let stories: [Story]

    /// What is varied: the steps of a scenario, and a writer for the saga that they are about.
    private struct Story {
        let steps: [ShuffleStep]
        let variation: ShuffleVariation
    }

    /// What came of the runs.
    package struct Result: Sendable {
        package let workflow: String
        package let seed: UInt64
        /// How many runs were made, the one that broke a rule included.
        package var runs = 0
        package var steps = 0
        package var counterexample: Counterexample?
    }

    /// A run that breaks a rule, as short as it could be made.
    package struct Counterexample: Sendable {
        /// Which run it was, counted from 1.
        package let run: Int
        package let breach: Breach
        package let steps: [ShuffleStep]
        /// How many steps it had before.
        package let drawnSteps: Int
    }

    /// The end of every run: all that is due comes due.
    static let longWait = ShuffleStep.wait(.seconds(86_400 * 400))

    /// Runs of a definition, from its scenarios and from drawn events.
    package init(of definition: Definition, scenarios: [Scenario], seed: UInt64) {
        self.definition = definition
        self.seed = seed
        var stories = scenarios.compactMap { scenario -> Story? in
            let steps = ShuffleStep.steps(of: scenario)
            guard !steps.isEmpty else { return nil }
            let writer = PayloadWriter(for: definition, key: Self.key(of: steps, definition))
            return Story(
                steps: steps, variation: ShuffleVariation(of: definition, writer: writer))
        }
        let writer = PayloadWriter(for: definition)
        let variation = ShuffleVariation(of: definition, writer: writer)
        stories.append(Story(steps: [], variation: variation))
        self.stories = stories
    }

    /// Makes runs until one breaks a rule.
    package func run(_ count: Int) async -> Result {
        var result = Result(workflow: definition.identity.workflow, seed: seed)
        for run in 0..<max(0, count) {
            let steps = self.steps(ofRun: run)
            result.runs += 1
            result.steps += steps.count
            guard let breach = await breach(in: steps) else { continue }
            let (shrunk, same) = await shrink(steps, breach)
            result.counterexample = Counterexample(
                run: run + 1, breach: same, steps: shrunk, drawnSteps: steps.count)
            return result
        }
        return result
    }

    /// The steps of a run, which depend on the seed and its number alone.
    package func steps(ofRun run: Int) -> [ShuffleStep] {
        var draw = Draw(seed: seed &* 1_000_003 &+ UInt64(run))
        let story = stories[run % stories.count]
        if story.steps.isEmpty { return story.variation.drawn(&draw) }
        return story.variation.vary(story.steps, &draw)
    }

    private static func key(of steps: [ShuffleStep], _ definition: Definition) -> Value? {
        for case .event(let type, let payload, _) in steps {
            let event = EventRecord(id: "", type: type, data: payload, time: Playback.start)
            if case .instance(let id, _, _) = route(event, by: definition) { return id.key.value }
        }
        return nil
    }

    /// The rule that a run breaks; `nil` when it breaks none.
    package func breach(in steps: [ShuffleStep]) async -> Breach? {
        let watch = RunWatch(of: definition)
        do {
            var stage = try await ScenarioStage(definition, watch: watch)
            for step in steps + [Self.longWait] {
                try await stage.play(step)
                if let problem = watch.problem {
                    return Breach(kind: .engine, message: problem, expectation: nil)
                }
            }
        } catch {
            let message = (error as? StoreError)?.message ?? "\(error)"
            return Breach(kind: .engine, message: message, expectation: nil)
        }
        let rules = RunRules(of: definition)
        for (_, life) in watch.lives.sorted(by: { $0.key.key.stored < $1.key.key.stored }) {
            let breach = rules.breach(by: life.instance, life.facts, accepted: life.accepted)
            if let breach { return breach }
        }
        return nil
    }

    /// Leaves out steps as long as a rule of the same kind breaks.
    private func shrink(
        _ steps: [ShuffleStep], _ breach: Breach
    ) async -> ([ShuffleStep], Breach) {
        var (steps, breach) = (steps, breach)
        var size = max(1, steps.count / 2)
        while true {
            var place = 0
            var hasChanged = false
            while place < steps.count {
                var fewer = steps
                fewer.removeSubrange(place..<min(steps.count, place + size))
                if let same = await self.breach(in: fewer), same.kind == breach.kind {
                    (steps, breach, hasChanged) = (fewer, same, true)
                } else {
                    place += size
                }
            }
            guard size > 1 || hasChanged else { return (steps, breach) }
            size = max(1, size / 2)
        }
    }
}

extension ScenarioStage {
    mutating func play(_ step: ShuffleStep) async throws {
        switch step {
        case .event(let type, let payload, let times):
            try await send(type: type, payload: payload, id: nil, times: times)
        case .wait(let duration):
            try await engine.advance(to: clock.now().adding(duration) ?? .latest)
        case .script(let script): follow(script)
        }
    }
}

extension Shuffle.Counterexample {
    /// A scenario file that fails for the same reason.
    ///
    /// - Parameters:
    ///   - workflow: The name of the workflow.
    ///   - seed: The seed of the runs.
    /// - Returns: The text of the file.
    package func scenarioFile(workflow: String, seed: UInt64) -> String {
        var lines = steps.map(\.json)
        lines.append(Shuffle.longWait.json)
        if let expectation = breach.expectation { lines.append(expectation) }
        let name = Value.string("Seed \(seed), run \(run): \(breach.message)").json
        return """
            {
              "workflow": "\(workflow)",
              "scenarios": [
                { "name": \(name),
                  "steps": [
                    \(lines.joined(separator: ",\n        ")) ] }
              ]
            }

            """
    }
}
