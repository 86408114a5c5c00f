// `bench soundness`: draws definitions without findings and lives of their sagas, to show that none
// gets stuck, reads an unset value or leaves a step undone. The same numbers draw the same.
import MinkExpression
import MinkTesting

/// A long check of what `validate` promises.
struct SoundnessBench: Sendable {
    private let soundness: Soundness
    private let definitions: UInt64

    /// Draws so many definitions, each with twenty lives if nothing is said about it.
    init(definitions: UInt64) {
        var soundness = Soundness()
        soundness.risks = .rarely
        self.soundness = soundness
        self.definitions = definitions
    }

    /// Runs on two threads.
    func run() async -> Soundness.Report {
        let half = definitions / 2
        async let first = check(0..<half)
        async let second = check(half..<definitions)
        var (report, rest) = await (first, second)
        report.drawn += rest.drawn
        report.valid += rest.valid
        report.lives += rest.lives
        report.undone += rest.undone
        report.counterexamples += rest.counterexamples
        return report
    }

    private func check(_ seeds: Range<UInt64>) async -> Soundness.Report {
        await Task.detached { soundness.check(seeds) }.value
    }
}

extension Soundness.Report {
    /// The report for people.
    var text: String {
        let counts =
            "\(drawn) definitions drawn, \(valid) without findings; \(lives) lives, "
            + "\(undone) of them undone; \(counterexamples.count) counterexamples"
        return ([counts] + counterexamples.map { "\($0)" }).joined(separator: "\n\n")
    }

    /// The report for programs.
    var json: Value {
        [
            "formatVersion": 1, "topic": "soundness", "drawn": .int(Int64(drawn)),
            "valid": .int(Int64(valid)), "lives": .int(Int64(lives)),
            "undone": .int(Int64(undone)),
            "counterexamples": .list(counterexamples.map { .string("\($0)") }),
        ]
    }
}
