import MinkExpression

/// The variables that the tests of expressions use: those of the order workflow.
enum ExpressionFixture {
    static let layout = VariableLayout(names: [
        "event", "meta", "data", "saga", "now", "failure", "line", "any",
    ])

    static let event = ObjectType(
        name: "event PaymentReceived",
        fields: [
            .init(name: "orderId", type: .string), .init(name: "paymentId", type: .string),
            .init(name: "amount", type: .decimal), .init(name: "reason", type: .string),
            .init(name: "status", type: .string, values: ["open", "paid", "closed"]),
        ])

    static let data = ObjectType(
        name: "data",
        fields: [
            .init(name: "orderId", type: .string), .init(name: "total", type: .decimal),
            .init(name: "rate", type: .double), .init(name: "attempts", type: .int),
            .init(name: "paymentId", type: .string, isOptional: true),
            .init(name: "items", type: .list(.object(item))),
            .init(name: "dueAt", type: .timestamp),
        ])

    static let item = ObjectType(
        name: "data.items[]",
        fields: [.init(name: "sku", type: .string), .init(name: "qty", type: .int)])

    static let failure = ObjectType(
        name: "failure", fields: [.init(name: "reason", type: .string)])

    static let environment = ExpressionEnvironment(
        layout: layout,
        variables: [
            "event": .object(event), "data": .object(data), "now": .timestamp,
            "failure": .object(failure), "any": .dynamic,
        ],
        unavailable: ["line": "there is no item here; only \"forEach\" brings one"])

    /// A scope in which data and event have values.
    static func scope(budget: Int = 1_000_000) -> EvaluationScope {
        let scope = EvaluationScope(layout: layout, budget: budget)
        scope.bind(
            "data",
            [
                "orderId": "o-1", "total": decimal("100.10"), "rate": 0.5, "attempts": 2,
                "items": [["sku": "a", "qty": 1], ["sku": "b", "qty": 3]],
                "dueAt": .timestamp(moment("2027-01-31T12:00:00Z")),
            ])
        scope.bind(
            "event",
            [
                "orderId": "o-1", "paymentId": "p-1", "amount": decimal("100.1"),
                "reason": "none", "status": "open",
            ])
        scope.bind("now", .timestamp(moment("2027-03-01T08:30:00Z")))
        return scope
    }

    /// The result of an expression without static types, unless an environment is given.
    static func evaluate(
        _ text: String, _ any: Value? = nil, in environment: ExpressionEnvironment = environment,
        costLimit: Int = 100_000
    ) -> ExpressionResult? {
        guard let expression = CompiledExpression.compile(text, in: environment).expression
        else { return nil }
        let scope = scope()
        if let any { scope.bind("any", any) }
        return scope.evaluate(expression, costLimit: costLimit)
    }

    /// All problems of an expression.
    static func problems(_ text: String) -> [ExpressionProblem] {
        CompiledExpression.compile(text, in: environment).problems
    }

    static func decimal(_ text: String) -> Value {
        ExactDecimal(text).map(Value.decimal) ?? .null
    }

    static func moment(_ text: String) -> Timestamp {
        guard let moment = Timestamp(text) else { preconditionFailure("\(text) is no timestamp") }
        return moment
    }
}

extension ExpressionProblem {
    /// The part of the text that the problem is about.
    func part(of text: String) -> String {
        String(decoding: Array(text.utf8)[range], as: UTF8.self)
    }
}
