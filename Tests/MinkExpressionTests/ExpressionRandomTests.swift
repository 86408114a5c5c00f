import Testing

@testable import MinkExpression

/// Writes random expressions, most of them with fitting types.
struct ExpressionWriter {
    var random: SeededGenerator
    private var names: [String] = []

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func condition(_ depth: Int) -> String {
        guard depth > 0 else {
            return random.pick(["true", "false", "flag", "x > 1", "has(m.a)", "m.b", "x"])
        }
        let next = depth - 1
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return "(\(condition(next)) && \(condition(next)))"
        case 1: return "(\(condition(next)) || \(condition(next)) || \(condition(next)))"
        case 2: return "!\(condition(next))"
        case 3, 4:
            let sign = random.pick(["<", "<=", ">", ">=", "==", "!="])
            return "(\(number(next)) \(sign) \(number(next)))"
        case 5: return "(\(text(next)) \(random.pick(["==", "<", "!="])) \(text(next)))"
        case 6:
            let macro = random.pick(["all", "exists", "exists_one"])
            return loop(next) { "\($0).\(macro)(\($1), \($2.condition(next)))" }
        case 7: return "(\(number(next)) in \(list(next)))"
        default: return "(\(list(next)) == \(list(next)))"
        }
    }

    mutating func number(_ depth: Int) -> String {
        guard depth > 0 else {
            return random.pick(
                ["0", "1", "2", "-3", "x", "d", "2.5", "9223372036854775807", "m.a", "m['c']"]
                    + names + names)
        }
        let next = depth - 1
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1, 2:
            let sign = random.pick(["+", "-", "*", "/", "%"])
            return "(\(number(next)) \(sign) \(number(next)))"
        case 3: return "-(\(number(next)))"
        case 4: return "(\(condition(next)) ? \(number(next)) : \(number(next)))"
        case 5: return "\(list(next))[\(number(next))]"
        case 6: return "size(\(random.pick([list(next), text(next), "m", number(next)])))"
        default:
            let name = "v\(names.count)"
            let value = number(next)
            names.append(name)
            defer { names.removeLast() }
            return "cel.bind(\(name), \(value), \(number(next)))"
        }
    }

    mutating func text(_ depth: Int) -> String {
        guard depth > 0 else { return random.pick(["''", "'a'", "s", "'\u{e9}'", "m.s"]) }
        return random.pick([
            "(\(text(depth - 1)) + \(text(depth - 1)))",
            "(\(condition(depth - 1)) ? \(text(depth - 1)) : \(text(depth - 1)))",
        ])
    }

    mutating func list(_ depth: Int) -> String {
        guard depth > 0 else { return random.pick(["l", "[]", "[1, 2]", "m.l", "[x, d]"]) }
        let next = depth - 1
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return "(\(list(next)) + \(list(next)))"
        case 1: return "[\(number(next)), \(number(next))]"
        case 2: return loop(next) { "\($0).map(\($1), \($2.number(next)))" }
        case 3: return loop(next) { "\($0).filter(\($1), \($2.condition(next)))" }
        default:
            return loop(next) {
                "\($0).map(\($1), \($2.condition(next)), \($2.number(next)))"
            }
        }
    }

    private mutating func loop(
        _ depth: Int, _ write: (String, String, inout ExpressionWriter) -> String
    ) -> String {
        guard names.count < 3 else { return "l" }
        let range = list(depth)
        let name = "v\(names.count)"
        names.append(name)
        defer { names.removeLast() }
        return write(range, name, &self)
    }
}

extension SeededGenerator {
    fileprivate mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &self)]
    }
}

@Suite("Random expressions")
struct ExpressionRandomTests {
    private static let values: [(String, Value, ExpressionType)] = [
        ("x", 7, .int), ("d", 0.5, .double), ("s", "text", .string), ("flag", true, .bool),
        ("l", [1, 2, 3, 5], .list(.int)),
        (
            "m", ["a": 4, "b": false, "c": 2.5, "l": [3, 1], "s": "\u{e9}"],
            .map(key: .string, value: .dynamic)
        ),
    ]
    private static let layout = VariableLayout(names: values.map(\.0))

    private func environment(isTyped: Bool) -> ExpressionEnvironment {
        ExpressionEnvironment(
            layout: Self.layout,
            variables: Dictionary(
                uniqueKeysWithValues: Self.values.map { ($0.0, isTyped ? $0.2 : .dynamic) }))
    }

    @Test(arguments: 0..<8)
    func `give what the plain interpreter of the tree gives`(seed: UInt64) {
        var writer = ExpressionWriter(seed: seed)
        let oracle = ExpressionOracle(
            variables: Dictionary(uniqueKeysWithValues: Self.values.map { ($0.0, $0.1) }))
        let scope = EvaluationScope(layout: Self.layout, budget: .max)
        for (name, value, _) in Self.values { scope.bind(name, value) }
        let environments = [environment(isTyped: true), environment(isTyped: false)]
        var evaluated = 0
        var failed = 0

        for round in 0..<1_000 {
            let depth = 2 + round % 3
            let text = round % 2 == 0 ? writer.condition(depth) : writer.number(depth)
            let expected = oracle.value(Parser.parse(text).root)
            for environment in environments {
                guard let expression = CompiledExpression.compile(text, in: environment).expression
                else { continue }
                let result = scope.evaluate(expression, costLimit: .max)
                evaluated += 1
                if case .failure = result { failed += 1 }
                #expect(isSame(result, expected), "\(text) gave \(result), not \(expected as Any)")
            }
        }

        // Most of them run, and a good part has a value.
        #expect(evaluated > 700)
        #expect(failed < evaluated * 3 / 4)
    }

    private func isSame(_ result: ExpressionResult, _ expected: Value?) -> Bool {
        switch (result, expected) {
        case (.failure, nil): true
        case (.value(let value), let expected?): isSame(value, expected)
        default: false
        }
    }

    private func isSame(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.double(let a), .double(let b)): a.isNaN && b.isNaN || a.bitPattern == b.bitPattern
        case (.list(let a), .list(let b)):
            a.count == b.count && zip(a, b).allSatisfy { isSame($0, $1) }
        default: left == right
        }
    }

    @Test(arguments: 0..<8)
    func `broken at random places never crash, and are reported inside the text`(seed: UInt64) {
        var random = SeededGenerator(seed: seed &+ 100)
        var writer = ExpressionWriter(seed: seed)
        let scope = EvaluationScope(layout: Self.layout, budget: .max)
        for (name, value, _) in Self.values { scope.bind(name, value) }
        let environment = environment(isTyped: seed % 2 == 0)

        for round in 0..<400 {
            var text = Array(Self.seeds[round % Self.seeds.count].utf8)
            if round % 3 == 0 { text = Array(writer.condition(3).utf8) }
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.mutate(&text, &random) }
            let source = String(decoding: text, as: UTF8.self)

            let (expression, problems) = CompiledExpression.compile(source, in: environment)

            for problem in problems {
                #expect(problem.range.lowerBound >= 0)
                #expect(problem.range.upperBound <= source.utf8.count, "\(source)")
            }
            #expect((expression == nil) == !problems.isEmpty)
            guard let expression else { continue }
            if case .failure(let error) = scope.evaluate(expression) {
                #expect(error.range.upperBound <= source.utf8.count, "\(source)")
                #expect(!error.message.isEmpty)
            }
        }
    }

    private static let pieces = [
        "(", ")", "[", "]", "{", "}", ",", ".", "?", ":", "'", "\"", "\\", "`", "&&", "||", "==",
        "in ", "x", "m", "l", "9999999999999999999", "-9223372036854775808", "0u", "1e308",
        "null", ".map(v, v)", ".all(v, v > 0)", "size(", "[?", ".?", "/ 0", "% 0", "\u{1F431}",
        "r'", "b'\\xff'", "timestamp('9999-12-31T23:59:59Z')", "duration('9223372036s')",
        "decimal('99999999999999999999999999999999999999')", " * ", " + ", "string(", "int(",
    ]

    private static let seeds = [
        "s.substring(1, 3) + s.charAt(0).upperAscii() + s.replace('t', 'x', -1)",
        "s.split('').join('-').indexOf('e', 2) + s.lastIndexOf('t')",
        "'%s %d %.2f %e %x %b'.format([s, x, d, d, x, flag])",
        "timestamp('2027-01-31T00:00:00Z').plusMonths(x).plusDays(-1).date()",
        "duration('3d') + hours(x) - duration('1h30m') > minutes(5)",
        "decimal('10.25').div(3, 4).round(2, 'half_up') * 1.5",
        "{'a': x, ?'b': m.?b, true: [?m.?z]}.transformMap(k, v, string(v))",
        "l.slice(1, 3).flatten().distinct().sort().reverse().first().orValue(0)",
        "regex.replace(s, '(t)(e)?', '\\\\2\\\\1', 2).matches('^[a-z]+$')",
        "base64.decode(base64.encode(bytes(s))) == b'text'",
        "math.greatest(x, d, 3u) + math.bitShiftLeft(x, 62)",
        "m.?a.optMap(v, v + 1).or(optional.none()).hasValue()",
        "sets.contains(l, [1]) ? lists.range(x) : l.map(v, v * v)",
        "timestamp(253402300799) + duration('1ns') > timestamp(0)",
        "strings.quote(s.trim()).size() + [1, 2].sum() + l.min()",
    ]

    private static func mutate(_ text: inout [UInt8], _ random: inout SeededGenerator) {
        let place = Int.random(in: 0...text.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where place < text.count: text.remove(at: place)
        case 1 where place < text.count: text[place] = UInt8.random(in: 0x20...0x7E, using: &random)
        case 2 where place < text.count:
            let end = Int.random(in: place...text.count, using: &random)
            text.removeSubrange(place..<end)
        case 3:
            let other = Int.random(in: 0...text.count, using: &random)
            let part = Array(text[min(place, other)..<max(place, other)])
            text.insert(contentsOf: part, at: place)
        default: text.insert(contentsOf: random.pick(pieces).utf8, at: place)
        }
    }
}
