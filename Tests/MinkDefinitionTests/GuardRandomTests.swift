// Random guards, compared with what they really answer for many events.
import MinkExpression
import Testing

@testable import MinkDefinition

@Suite("Comparing random guards")
struct GuardRandomTests {
    private static let layout = VariableLayout(names: ["event", "data"])
    private static let environment = ExpressionEnvironment(
        layout: layout,
        variables: [
            "event": .object(
                ObjectType(
                    name: "event",
                    fields: [
                        .init(name: "n", type: .int), .init(name: "x", type: .decimal),
                        .init(name: "d", type: .double), .init(name: "ok", type: .bool),
                        .init(name: "way", type: .string, values: ["air", "road", "sea"]),
                        .init(name: "opt", type: .int, isOptional: true),
                        .init(name: "any", type: .dynamic),
                    ])),
            "data": .object(ObjectType(name: "data", fields: [.init(name: "m", type: .int)])),
        ])

    /// Numbers that look random and are the same in every run.
    private struct Dice {
        var state: UInt64

        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(sides))
        }

        mutating func pick<Element>(_ choices: [Element]) -> Element {
            choices[roll(choices.count)]
        }
    }

    private static func condition(_ dice: inout Dice, depth: Int) -> String {
        if depth > 0, dice.roll(3) > 0 {
            let a = condition(&dice, depth: depth - 1)
            let b = condition(&dice, depth: depth - 1)
            switch dice.roll(6) {
            case 0: return "!(\(a))"
            case 1: return "(event.ok ? \(a) : \(b))"
            case 2: return "((\(a)) == (\(b)))"
            case 3, 4: return "(\(a) && \(b))"
            default: return "(\(a) || \(b))"
            }
        }
        let sign = dice.pick(["<", "<=", "==", "!=", ">", ">="])
        switch dice.roll(11) {
        case 0, 1: return "event.n \(sign) \(dice.roll(4))"
        case 2: return "event.x \(sign) \(dice.roll(3)).5"
        case 3: return "event.d \(sign) \(dice.roll(3)).5"
        case 4:
            let way = dice.pick(["air", "road", "sea"])
            return "event.way \(dice.pick(["==", "!="])) '\(way)'"
        case 5: return "event.ok"
        case 6: return "has(event.opt)"
        case 7: return "event.opt \(sign) \(dice.roll(3))"
        case 8: return "event.n \(sign) data.m"
        case 9: return "6 / event.n \(sign) \(dice.roll(4))"
        default: return "event.any \(sign) \(dice.roll(2))"
        }
    }

    private static let anything: [Value] = [
        .int(0), .int(1), .string("a"), .null, .double(Double.nan),
    ]
    private static let doubles: [Double] = [-1, 0, 0.5, 1, 1.5, 2, 2.5, 3, Double.nan]

    private static func event(_ dice: inout Dice) -> Value {
        let decimal = ExactDecimal("\(dice.roll(4)).\(dice.pick([0, 5]))")
        var event = ValueMap()
        event["n"] = .int(Int64(dice.roll(7) - 1))
        event["x"] = decimal.map(Value.decimal)
        event["d"] = .double(dice.pick(doubles))
        event["ok"] = .bool(dice.roll(2) == 0)
        event["way"] = .string(dice.pick(["air", "road", "sea"]))
        event["any"] = dice.pick(anything)
        if dice.roll(2) == 0 { event["opt"] = .int(Int64(dice.roll(4))) }
        return .map(event)
    }

    /// What each guard answers for an event; `nil` where it fails.
    private static func answers(
        _ guards: [CompiledExpression], _ event: Value, _ data: Value
    ) -> [Bool?] {
        guards.map { expression -> Bool? in
            let scope = EvaluationScope(layout: layout, budget: 1_000_000)
            scope.bind("event", event)
            scope.bind("data", data)
            guard case .value(.bool(let answer)) = scope.evaluate(expression) else { return nil }
            return answer
        }
    }

    @Test(arguments: 0..<24)
    func `never claims what an event disproves`(seed: Int) throws {
        var dice = Dice(state: UInt64(seed) &* 7_919 &+ 11)
        for _ in 0..<25 {
            let texts = (0..<(1 + dice.roll(3))).map { _ in Self.condition(&dice, depth: 2) }
            let compiled = texts.map {
                CompiledExpression.compileCondition($0, in: Self.environment)
            }
            let guards = compiled.compactMap(\.expression)
            let trees = compiled.compactMap(\.tree)
            guard guards.count == texts.count else { continue }
            try #require(trees.count == texts.count)
            var comparison = GuardComparison(trees)
            let constants = guards.indices.map { comparison.constant($0) }
            let hidden = guards.indices.map { comparison.guardsThatHide($0) }
            let overlaps = guards.indices.map { comparison.overlap(before: $0) != nil }
            let end = comparison.guardsThatHideTheRest()
            let cover = comparison.cover()
            guard !comparison.gaveUp else { continue }

            for _ in 0..<60 {
                let event = Self.event(&dice)
                var fields = ValueMap()
                fields["m"] = .int(Int64(dice.roll(4)))
                let data = Value.map(fields)
                let answers = Self.answers(guards, event, data)
                let taken = answers.firstIndex { $0 != false }
                for (index, answer) in answers.enumerated() {
                    if let constant = constants[index] {
                        #expect(answer != !constant, "\(texts) \(event)")
                    }
                    if hidden[index] != nil {
                        #expect(taken != index || answer == nil, "\(texts) \(event)")
                    }
                    if taken == index, answers[index] == true, !overlaps.contains(true) {
                        let later = answers.indices.filter { $0 > index && hidden[$0] == nil }
                        #expect(!later.contains { answers[$0] == true }, "\(texts) \(event)")
                    }
                }
                if end != nil { #expect(taken != nil, "\(texts) \(event)") }
                if case .complete = cover {
                    #expect(answers.contains(true), "\(texts) \(event)")
                }
            }
        }
    }
}
