// How fast expressions are compiled and evaluated, beside Swift code that does the same by hand on
// the same values, in the same run: a figure alone says more about the machine than about us.
import MinkExpression

/// What is measured of expressions.
struct ExpressionBench {
    /// What our side and the peer do once.
    struct Task {
        let name: String
        /// The time that the design asks for, in nanoseconds; `nil` where it asks for none.
        let target: Double?
        let ours: () -> Bool
        let peer: () -> Bool
    }

    private static let guardText =
        "event.amount > 100.0 && data.status == 'open' && event.items.all(i, i.qty > 0)"
    private static let template = [
        ("orderId", "data.orderId"), ("customer", "'customer ' + data.customer"),
        ("amount", "data.total * 1.2"), ("attempt", "data.attempts + 1"),
        ("items", "event.items"),
    ]

    /// What the figures stand for.
    static let notes = [
        "guards, template: evaluated in the scope of a transition that has read its variables",
        "transition: a new scope, event and data bound and copied in, the guard of three parts, "
            + "the template",
    ]

    private let environment: ExpressionEnvironment
    private let scope: EvaluationScope

    init() {
        let layout = VariableLayout(names: ["event", "data"])
        environment = ExpressionEnvironment(
            layout: layout,
            variables: ["event": .object(Self.event), "data": .object(Self.data)])
        scope = EvaluationScope(layout: layout, budget: .max)
    }

    private static let item = ObjectType(
        name: "item", fields: [.init(name: "sku", type: .string), .init(name: "qty", type: .int)])
    private static let event = ObjectType(
        name: "event",
        fields: [
            .init(name: "amount", type: .double), .init(name: "items", type: .list(.object(item))),
        ])
    private static let data = ObjectType(
        name: "data",
        fields: [
            .init(name: "orderId", type: .string), .init(name: "customer", type: .string),
            .init(name: "status", type: .string), .init(name: "attempts", type: .int),
            .init(name: "total", type: .decimal),
        ])

    private static let eventValue: Value = [
        "amount": 250.5,
        "items": [
            ["sku": "a", "qty": 1], ["sku": "b", "qty": 2], ["sku": "c", "qty": 3],
            ["sku": "d", "qty": 4], ["sku": "e", "qty": 5],
        ],
    ]
    private static let dataValue: Value = [
        "orderId": "o-4711", "customer": "c-12", "status": "open", "attempts": 2,
        "total": .decimal(ExactDecimal("119.40") ?? .zero),
    ]

    /// All tasks; `nil` when an expression of ours can not be compiled, which is a bug.
    func tasks() -> [Task]? {
        guard let simple = compile("data.attempts < 3"), let all = compile(Self.guardText) else {
            return nil
        }
        let fields = Self.template.compactMap { name, text in compile(text).map { (name, $0) } }
        guard fields.count == Self.template.count else { return nil }
        scope.bind("event", Self.eventValue)
        scope.bind("data", Self.dataValue)
        return [
            Task(
                name: "guard, one comparison", target: 25, ours: { holds(simple) },
                peer: { Peer.simpleGuard(Self.dataValue) }),
            Task(
                name: "guard, three parts, 5 items", target: 120, ours: { holds(all) },
                peer: { Peer.wholeGuard(Self.eventValue, Self.dataValue) }),
            Task(
                name: "template of 5 fields", target: 1_500, ours: { fill(fields) },
                peer: { Peer.template(Self.eventValue, Self.dataValue) }),
            Task(
                name: "transition, guard and template", target: nil,
                ours: { transition(all, fields) },
                peer: {
                    Peer.wholeGuard(Self.eventValue, Self.dataValue)
                        && Peer.template(Self.eventValue, Self.dataValue)
                }),
            Task(
                name: "compile, three parts", target: 50_000,
                ours: { compile(Self.guardText) != nil },
                peer: { Peer.words(of: Self.guardText) > 0 }),
        ]
    }

    private func compile(_ text: String) -> CompiledExpression? {
        CompiledExpression.compile(text, in: environment).expression
    }

    private func holds(
        _ expression: CompiledExpression, in scope: EvaluationScope? = nil
    ) -> Bool {
        guard case .success(let answer) = (scope ?? self.scope).condition(expression) else {
            return false
        }
        return answer
    }

    private func transition(
        _ condition: CompiledExpression, _ fields: [(String, CompiledExpression)]
    ) -> Bool {
        let scope = EvaluationScope(layout: environment.layout)
        scope.bind("event", Self.eventValue)
        scope.bind("data", Self.dataValue)
        return holds(condition, in: scope) && fill(fields, in: scope)
    }

    private func fill(
        _ fields: [(String, CompiledExpression)], in scope: EvaluationScope? = nil
    ) -> Bool {
        let scope = scope ?? self.scope
        var map = ValueMap(minimumCapacity: fields.count)
        for (name, expression) in fields {
            if case .value(let value) = scope.evaluate(expression) { map[name] = value }
        }
        return map.count == fields.count
    }
}

/// The same by hand, as one would write it for this one workflow.
private enum Peer {
    static func simpleGuard(_ data: Value) -> Bool {
        guard case .int(let attempts)? = data["attempts"] else { return false }
        return attempts < 3
    }

    static func wholeGuard(_ event: Value, _ data: Value) -> Bool {
        guard case .double(let amount)? = event["amount"], amount > 100,
            case .string("open")? = data["status"], case .list(let items)? = event["items"]
        else { return false }
        return items.allSatisfy { item in
            guard case .int(let quantity)? = item["qty"] else { return false }
            return quantity > 0
        }
    }

    static func template(_ event: Value, _ data: Value) -> Bool {
        guard case .string(let customer)? = data["customer"],
            case .decimal(let total)? = data["total"], case .int(let attempts)? = data["attempts"],
            let factor = ExactDecimal("1.2"), let amount = total.multiplied(by: factor)
        else { return false }
        var map = ValueMap()
        map["orderId"] = data["orderId"]
        map["customer"] = .string("customer " + customer)
        map["amount"] = .decimal(amount)
        map["attempt"] = .int(attempts + 1)
        map["items"] = event["items"]
        return map.count == 5
    }

    /// Cuts a text into words: the least that any compiler has to do.
    static func words(of text: String) -> Int {
        var words: [String] = []
        var word: [UInt8] = []
        for byte in text.utf8 {
            let isPart = byte == UInt8(ascii: "_") || (byte | 0x20) >= UInt8(ascii: "a")
            if isPart {
                word.append(byte)
            } else if !word.isEmpty {
                words.append(String(decoding: word, as: UTF8.self))
                word.removeAll(keepingCapacity: true)
            }
        }
        return words.count
    }
}
