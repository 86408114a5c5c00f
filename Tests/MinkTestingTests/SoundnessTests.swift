import Foundation
import MinkDefinition
import MinkTesting
import Testing

/// A definition without findings never gets stuck, reads an unset value or leaves a step undone.
///
/// `MINK_ROUNDS=500000` draws as many definitions, with 20 lives each.
@Suite("A drawn definition without findings")
struct SoundnessTests {
    @Test func `is sound`() async {
        let rounds = ProcessInfo.processInfo.environment["MINK_ROUNDS"].flatMap(UInt64.init) ?? 60
        var soundness = Soundness()
        soundness.risks = .rarely

        let half = rounds / 2
        async let first = check(soundness, 0..<half)
        async let second = check(soundness, half..<rounds)
        let reports = await [first, second]

        for report in reports {
            for found in report.counterexamples { Issue.record("\(found)") }
        }
        let valid = reports.map(\.valid).reduce(0, +)
        let lives = reports.map(\.lives).reduce(0, +)
        let undone = reports.map(\.undone).reduce(0, +)
        print("\(rounds) definitions drawn, \(valid) without findings, \(lives) lives")
        // More than half of what is drawn is looked at, and sagas that are undone are among it.
        #expect(valid > Int(rounds) / 2, "\(reports.map(\.refusals))")
        #expect(undone > lives / 10)
    }

    /// Each construct, and the rules without which it is not sound.
    private static let proofs: [(RiskyConstruct, Set<Rule>)] = [
        (.unsetReads, [.maybeUnset]),
        (.missingOtherwise, [.missingOtherwise]),
        (.gotoFailed, [.gotoSkipsUndo]),
        (.missingUndo, [.noUndo, .lateSuccessKept]),
        (.undoOfUnset, [.undoValueMissing]),
        (.failAfterNoReturn, [.failAfterNoReturn]),
        (.lateIgnored, [.lateSuccessKept]),
        (.silentDrops, [.silentDrop]),
        (.unsetConfirmation, [.maybeUnset]),
        (.computedNames, [.maybeUnset]),
        (.noTimeout, [.noTimeout]),
        // What stands behind a dead end is unreachable, and that it has no timeout is told too.
        (.deadEnds, [.stuckState, .noTimeout, .unreachableState]),
    ]

    @Test(arguments: proofs)
    func `is not sound once a rule is left out`(risk: RiskyConstruct, rules: Set<Rule>) {
        var soundness = Soundness()
        soundness.risks = .often([risk])
        soundness.ignored = rules
        soundness.livesPerDefinition = 8

        let report = soundness.check(0..<400, stopAfter: 1)

        #expect(!report.counterexamples.isEmpty, "\(report)")
    }

    private func check(_ soundness: Soundness, _ seeds: Range<UInt64>) async -> Soundness.Report {
        await Task.detached { soundness.check(seeds) }.value
    }
}
