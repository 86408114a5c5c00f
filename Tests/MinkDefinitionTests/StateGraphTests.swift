// The closure of the steps between states, against a plain search.
import MinkExpression
import Testing

@testable import MinkDefinition

@Suite("The graph of states")
struct StateGraphTests {
    /// A state that goes to others, each on an event of its own.
    private func state(_ name: String, to targets: [String], final: Bool = false) -> State {
        var on: [String: [Transition]] = [:]
        for target in targets {
            var transition = Transition(
                place: SourcePlace(file: "", line: 1, column: 1, pointer: ""))
            transition.goto = target
            on["to\(target)"] = [transition]
        }
        return State(
            name: name, description: nil, onEnter: Entry(), on: on, onOutcome: [:], timeout: nil,
            remind: nil, join: nil, onJoin: [], outcome: final ? .completed : nil)
    }

    private func plainSearch(from start: Int, _ steps: [[Int]]) -> Set<String> {
        var seen: Set<Int> = []
        var open = steps[start]
        while let next = open.popLast() {
            if seen.insert(next).inserted { open += steps[next] }
        }
        return Set(seen.map { "S\($0)" })
    }

    @Test(arguments: 0..<60)
    func `reaches what a plain search reaches`(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let count = Int.random(in: 1...30, using: &random)
        let steps = (0..<count).map { _ in
            (0..<Int.random(in: 0...3, using: &random)).map { _ in
                Int.random(in: 0..<count, using: &random)
            }
        }
        let states = steps.enumerated().map { number, targets in
            state("S\(number)", to: targets.map { "S\($0)" })
        }
        let graph = StateGraph(states: states, anyState: nil)

        for number in 0..<count {
            let expected = plainSearch(from: number, steps)
            #expect(graph.reachable(from: "S\(number)") == expected)
            for target in 0..<count {
                let isHandled = expected.contains { name in
                    states.contains { $0.name == name && $0.on["toS\(target)"] != nil }
                }
                #expect(graph.canReachHandler(of: "toS\(target)", from: "S\(number)") == isHandled)
            }
        }
    }

    @Test func `knows nothing of names that it does not have`() {
        let graph = StateGraph(states: [state("A", to: ["Gone"])], anyState: nil)

        #expect(graph.reachable(from: "A").isEmpty)
        #expect(graph.reachable(from: "Gone").isEmpty)
        #expect(!graph.canReachHandler(of: "toGone", from: "A"))
    }

    @Test func `counts what holds in any state, but not in final and excepted ones`() {
        var cancel = Transition(place: SourcePlace(file: "", line: 1, column: 1, pointer: ""))
        cancel.goto = "Cancelled"
        let graph = StateGraph(
            states: [
                state("A", to: ["B"]), state("B", to: ["Done"]),
                state("Done", to: [], final: true), state("Cancelled", to: [], final: true),
            ],
            anyState: AnyState(on: ["Cancel": [cancel]], except: ["B"]))

        #expect(graph.reachable(from: "A") == ["B", "Done", "Cancelled"])
        #expect(graph.reachable(from: "B") == ["Done"])
        #expect(!graph.canReachHandler(of: "Cancel", from: "A"))
    }

    @Test func `is quick to make for 2,000 states that all lead on`() {
        let states = (0..<2_000).map { number in
            state("S\(number)", to: [(number + 1) % 2_000, (number * 7) % 2_000].map { "S\($0)" })
        }

        let graph = StateGraph(states: states, anyState: nil)

        #expect(graph.reachable(from: "S0").count == 2_000)
    }
}

/// A small generator, so that a seed always gives the same numbers.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
