import Foundation
import MinkTesting
import Testing

/// A definition without findings never gets stuck, reads an unset value or leaves a step undone.
///
/// `MINK_ROUNDS=500000` draws as many definitions, with 20 lives each.
@Suite("A drawn definition without findings")
struct SoundnessTests {
    /// What the checks can tell apart, so that it may be drawn freely.
    ///
    /// An analysis that is new here moves its constructs from ``unproven`` to this set.
    private static let proven: Set<RiskyConstruct> = [.noTimeout, .deadEnds]
    /// What no check can tell apart yet: sound uses alone are drawn.
    private static let unproven = Set(RiskyConstruct.allCases).subtracting(proven)

    @Test func `is sound`() async {
        let rounds = ProcessInfo.processInfo.environment["MINK_ROUNDS"].flatMap(UInt64.init) ?? 60
        var soundness = Soundness()
        soundness.risks = Self.proven

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
        // Most of what is drawn is looked at, and sagas that are undone are among it.
        #expect(valid > Int(rounds) * 3 / 5, "\(reports.map(\.refusals))")
        #expect(undone > lives / 10)
    }

    /// The check can fail: what no check tells apart yet gives counterexamples.
    @Test(arguments: RiskyConstruct.allCases.filter(unproven.contains))
    func `is not sound where nothing looks for it yet`(risk: RiskyConstruct) {
        var soundness = Soundness()
        soundness.risks = [risk]

        let report = soundness.check(0..<200, stopAfter: 1)

        #expect(!report.counterexamples.isEmpty, "\(report)")
    }

    private func check(_ soundness: Soundness, _ seeds: Range<UInt64>) async -> Soundness.Report {
        await Task.detached { soundness.check(seeds) }.value
    }
}
