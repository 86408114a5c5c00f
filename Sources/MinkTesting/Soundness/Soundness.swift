// Is a definition without findings sound? Draws definitions and lives of their sagas: one that gets
// stuck, reads an unset value or leaves a step undone is a case that no check has found.
package import MinkDefinition
import MinkEngine
import MinkExpression

/// Looks for definitions that pass all checks and are not sound.
package struct Soundness: Sendable {
    /// What may be unsound.
    package var risks = DrawnRisks.none
    /// Rules that do not count, to see what gets past the others.
    package var ignored: Set<Rule> = []
    /// How many lives each definition has.
    package var livesPerDefinition = 20
    /// How many steps a life has before it comes to rest.
    package var steps = 20

    package init() {}

    /// A definition without findings whose saga went wrong.
    package struct Counterexample: Sendable {
        /// The text of the definition.
        package let definition: String
        /// What happened, turn by turn.
        package let events: String
        package let breach: Breach
        /// The seeds of the definition and of the life.
        package let seeds: (definition: UInt64, life: UInt64)
    }

    /// What came of a check.
    package struct Report: Sendable {
        package var drawn = 0
        /// How many of the drawn definitions had no finding.
        package var valid = 0
        package var lives = 0
        /// How many lives were undone, at least in part.
        package var undone = 0
        package var counterexamples: [Counterexample] = []
        /// The rules that refused drawn definitions, and how often.
        package var refusals: [String: Int] = [:]

        package init() {}
    }

    /// Rules whose warnings say that a definition may not be sound.
    ///
    /// An error of any rule counts too; other warnings are about style.
    private static let rules: Set<Rule> = [
        .maybeUnset, .unreachableState, .stuckState, .noEnd, .missingOtherwise, .neverTaken,
        .overlappingGuards, .joinNever, .noUndo, .undoWithoutStep, .undoValueMissing,
        .failAfterNoReturn, .gotoSkipsUndo, .lateSuccessKept, .noTimeout, .silentDrop,
    ]

    /// Checks the definitions of some seeds.
    ///
    /// - Parameters:
    ///   - seeds: What is drawn.
    ///   - limit: How many counterexamples are enough.
    /// - Returns: Counts and counterexamples.
    package func check(_ seeds: Range<UInt64>, stopAfter limit: Int = 3) -> Report {
        var report = Report()
        for seed in seeds where report.counterexamples.count < limit {
            check(seed, &report)
        }
        return report
    }

    private func check(_ seed: UInt64, _ report: inout Report) {
        report.drawn += 1
        let text = DrawnDefinition.text(seed: seed, risks: risks)
        let result = DefinitionReader().read(
            file: "drawn.workflow.json", bytes: Array(text.utf8))
        let findings = result.findings.filter { finding in
            !ignored.contains(finding.rule)
                && (finding.severity == .error || Self.rules.contains(finding.rule))
        }
        guard findings.isEmpty, let definition = result.compiled else {
            for rule in Set(findings.map(\.rule.code)) { report.refusals[rule, default: 0] += 1 }
            return
        }
        report.valid += 1
        let writer = PayloadWriter(for: definition)
        for number in 0..<UInt64(livesPerDefinition) {
            let life = seed &* 1_009 &+ number
            report.lives += 1
            let (saga, breach) = live(definition, writer, life, keepsTurns: false)
            if saga.instance?.compensation?.hadFrames ?? false { report.undone += 1 }
            guard breach != nil else { continue }
            let (again, same) = live(definition, writer, life, keepsTurns: true)
            guard let same else { continue }
            report.counterexamples.append(
                Counterexample(
                    definition: text, events: again.trace, breach: same, seeds: (seed, life)))
            return
        }
    }

    private func live(
        _ definition: Definition, _ writer: PayloadWriter, _ seed: UInt64, keepsTurns: Bool
    ) -> (Simulation, Breach?) {
        var options = Simulation.Options()
        options.hasOperator = false
        options.keepsTurns = keepsTurns
        options.audits = keepsTurns
        var saga = Simulation(definition, seed: seed, options: options) { type, draw in
            writer.payload(of: type, &draw)
        }
        saga.run(steps: steps)
        let hasRested = saga.comeToRest()
        let rules = RunRules(of: definition)
        let breach = rules.breach(
            by: saga.instance, saga.facts, accepted: saga.acceptedCommands)
        if breach == nil, !hasRested, let state = saga.instance?.state {
            return (saga, .stuck(in: state))
        }
        return (saga, breach ?? leftDone(saga, definition))
    }

    /// A step of a saga that was given up, and that its own undo did not undo.
    private func leftDone(_ saga: Simulation, _ definition: Definition) -> Breach? {
        guard let instance = saga.instance, instance.incidents.isEmpty, !instance.isSealed,
            instance.status == .failed || instance.status == .compensated
        else { return nil }
        let causes = saga.sent.map { ($0.id, $0.metadata.causationID) }
        let steps = UndoneSteps(
            saga.facts, definition, accepted: saga.acceptedCommands,
            causes: Dictionary(causes) { first, _ in first }.compactMapValues { $0 },
            counts: saga.dataAround.compactMapValues { around in
                guard let first = around.before["n"]?.whole, let last = around.after["n"]?.whole
                else { return nil }
                return min(first, last)...max(first, last)
            })
        return steps.problem.map { Breach(kind: .undone, message: $0, expectation: nil) }
    }
}

extension Breach {
    static func stuck(in state: String) -> Breach {
        Breach(kind: .stuck, message: "\(state) can never be left", expectation: nil)
    }
}

extension Soundness.Counterexample: CustomStringConvertible {
    /// The definition, what happened, and what went wrong.
    package var description: String {
        """
        \(breach.kind.rawValue): \(breach.message)
        definition \(seeds.definition), life \(seeds.life)
        \(definition)
        \(events)
        """
    }
}
