import MinkExpression
import Testing

@Suite("The scope of expressions")
struct ExpressionScopeTests {
    private func compile(_ text: String) throws -> CompiledExpression {
        let result = CompiledExpression.compile(text, in: ExpressionFixture.environment)
        return try #require(result.expression, "\(result.problems.map(\.message))")
    }

    private func code(_ result: Result<Bool, EvaluationError>) -> EvaluationError.Code? {
        if case .failure(let error) = result { return error.code }
        return nil
    }

    @Test func `says yes, no, or that a condition failed`() throws {
        let scope = ExpressionFixture.scope()

        #expect(try scope.condition(compile("event.amount >= data.total")) == .success(true))
        #expect(try scope.condition(compile("data.attempts > 2")) == .success(false))
        #expect(try code(scope.condition(compile("data.paymentId == 'x'"))) == .noSuchField)
        #expect(try code(scope.condition(compile("any"))) == .unbound)
    }

    @Test(arguments: [3, 62, 63, 64, 80])
    func `reads a value that is bound anew, however many variables there are`(
        count: Int
    ) throws {
        let names = (0..<count).map { "v\($0)" }
        let layout = VariableLayout(names: names)
        let environment = ExpressionEnvironment(
            layout: layout,
            variables: Dictionary(uniqueKeysWithValues: names.map { ($0, .int) }))
        let text = "v0 + \(names[count - 2]) * 10 + \(names[count - 1]) * 100"
        let sum = try #require(CompiledExpression.compile(text, in: environment).expression)
        let scope = EvaluationScope(layout: layout)

        for name in names { scope.bind(name, 1) }
        #expect(scope.evaluate(sum) == .value(111))
        scope.bind(names[count - 1], 2)
        #expect(scope.evaluate(sum) == .value(211))
        scope.bind(names[count - 2], 3)
        scope.bind(names[count - 2], 4)
        #expect(scope.evaluate(sum) == .value(241))
        scope.bind("v0", 9)
        scope.unbind("v0")
        #expect(scope.evaluate(sum) != .value(241))
        scope.bind("v0", 5)
        #expect(scope.evaluate(sum) == .value(245))
        scope.reset()
        guard case .failure(let error) = scope.evaluate(sum) else {
            Issue.record("a value outlived the reset")
            return
        }
        #expect(error.code == .unbound)
    }

    @Test func `counts the errors that && and || absorbed`() throws {
        let scope = ExpressionFixture.scope()

        #expect(try scope.condition(compile("1 / 0 == 1 || true")) == .success(true))
        #expect(try scope.condition(compile("data.paymentId == 'x' && false")) == .success(false))
        #expect(try code(scope.condition(compile("1 / 0 == 1 || false"))) == .divideByZero)
        #expect(scope.absorbedErrors == 2)
    }

    @Test func `stops at the limit of an expression and at its own budget`() throws {
        let loop = try compile("lists.range(200).all(i, lists.range(200).all(j, i + j >= 0))")
        let scope = ExpressionFixture.scope(budget: 150_000)

        #expect(code(scope.condition(loop)) == .costExceeded)
        #expect(code(scope.condition(loop, costLimit: 1_000_000)) == .costExceeded)
        #expect(scope.budgetLeft == 0)
        #expect(try code(scope.condition(compile("data.attempts > 1"))) == .costExceeded)
    }

    @Test(arguments: [
        "lists.range(60000).map(i, 'xxxxxxxxxxxxxxxxxxxxxxxx').join()",
        "['0123456789'].map(a, a + a + a + a + a + a).map(b, b + b + b + b + b + b + b + b + b)"
            + ".map(c, c + c + c + c + c + c + c + c + c + c).map(d, d + d + d + d + d + d + d + d)"
            + ".map(e, e + e + e + e + e + e + e + e + e + e + e + e + e + e + e + e + e + e + e)",
        "'%.999f'.format([1.0]).replace('0', '%s').format(lists.range(999)).replace('1', "
            + "'%.999f'.format([1.0])).replace('0', '%.999f'.format([1.0]))",
        "cel.bind(l, lists.range(6000), [l, l, l, l, l, l, l, l, l, l])",
    ])
    func `refuses what grows too large`(text: String) throws {
        let result = try ExpressionFixture.scope().evaluate(compile(text), costLimit: 1_000_000)

        guard case .failure(let error) = result else {
            Issue.record("a result of any size was made")
            return
        }
        #expect([.tooLarge, .costExceeded].contains(error.code))
    }

    @Test func `forgets everything at a reset, and a variable when it is unbound`() throws {
        let scope = ExpressionFixture.scope()
        let expression = try compile("data.attempts")

        scope.unbind("data")
        #expect(scope.evaluate(expression) != .value(2))
        scope.bind("data", ["attempts": 3])
        #expect(scope.evaluate(expression) == .value(3))
        scope.reset()
        #expect(scope.evaluate(expression) != .value(3))
    }

    @Test func `gives back the memory of each evaluation`() throws {
        let scope = ExpressionFixture.scope()
        let expression = try compile("(data.orderId + '-' + data.orderId).size()")

        for _ in 0..<10_000 { #expect(scope.evaluate(expression) == .value(7)) }
    }

    @Test func `finds the fields of large maps and of maps bound before the expression`() throws {
        let layout = VariableLayout(names: ["m"])
        let scope = EvaluationScope(layout: layout)
        var map = ValueMap()
        for number in 0..<1_000 { map["field\(number)"] = .int(Int64(number)) }
        scope.bind("m", .map(map))
        let environment = ExpressionEnvironment(layout: layout, variables: ["m": .dynamic])

        let text = "m.field999 + m['field500'] + (has(m.field1000) ? 1 : 0) + size(m)"
        let result = CompiledExpression.compile(text, in: environment)

        let expression = try #require(result.expression)
        #expect(scope.evaluate(expression) == .value(2_499))
    }

    @Test func `runs one expression in many scopes at once`() async throws {
        let expression = try compile(
            "data.items.filter(i, i.qty > 1).map(i, i.sku + data.orderId) == ['bo-1']"
                + " && data.orderId.matches('o-[0-9]') && data.orderId in ['o-1', 'o-2']")

        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let scope = ExpressionFixture.scope()
                    return (0..<500).allSatisfy { _ in
                        scope.evaluate(expression) == .value(true)
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
