import Glibc
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkTesting
import Testing

/// A counterexample shows its seed and its last turns; `MINK_ROUNDS=10000` looks longer.
@Suite("Every life")
struct PropertyTests {
    @Test func `of a drawn workflow keeps the rules`() throws {
        var valid = 0
        let rounds = Draw.rounds(40)
        for seed in 0..<UInt64(rounds) {
            let text = RandomWorkflow.text(seed: seed)
            guard let definition = Workflow.ifValid(text) else { continue }
            valid += 1
            for life in 0..<3 {
                let life = seed * 3 + UInt64(life)
                guard lives(definition, seed: life, payload: Self.drawnPayload) else {
                    print(text)
                    return
                }
            }
        }
        #expect(valid > rounds / 2)
    }

    @Test(arguments: [
        "order-fulfillment", "trip-booking", "group-booking", "loan-application", "payout",
    ])
    func `of a workflow of the project keeps the rules`(name: String) throws {
        let definition = try Workflow.project(name)
        let writer = PayloadWriter(for: definition)
        for seed in 0..<UInt64(Draw.rounds(8)) {
            let lives = lives(definition, seed: seed) { writer.payload(of: $0, &$1) }
            guard lives else { return }
        }
    }

    private func lives(
        _ definition: Definition, seed: UInt64, payload: @escaping (String, inout Draw) -> Value
    ) -> Bool {
        var life = Simulation(definition, seed: seed, payload: payload)
        life.run(steps: 50)
        if let problem = life.audit.problems.first {
            Issue.record(
                "\(problem) (\(definition.identity.workflow), seed \(seed))\n\(life.trace)")
        }
        return life.audit.problems.isEmpty
    }

    private static func drawnPayload(_ type: String, _ draw: inout Draw) -> Value {
        var data = ValueMap()
        data["k"] = "k1"
        if draw.chance(60) { data["n"] = .int(Int64(draw.below(4))) }
        if draw.chance(80) { data["id"] = .string(draw.pick(["a", "b", "c", "d"])) }
        if type == "Begin" {
            let all: [Value] = ["a", "b", "c", "a"]
            data["list"] = .list(Array(all.prefix(draw.pick([0, 1, 2, 3, 3, 4]))))
        }
        return .map(data)
    }
}

extension Draw {
    /// How many runs to draw: few, unless `MINK_ROUNDS` asks for more.
    static func rounds(_ usual: Int) -> Int {
        guard let text = getenv("MINK_ROUNDS"), let more = Int(String(cString: text)) else {
            return usual
        }
        return more
    }
}
