// The coder between Swift types and values.
import Testing

@testable import MinkExpression

private struct Order: Codable {
    var id: String
    var total: ExactDecimal
    var placedAt: Timestamp
    var patience: Duration?
    var lines: [Line] = []
    var labels: Set<String> = []
    var notes: [String: Int] = [:]
    var payment = Payment.open
    var extra: Value?
    var digest: [UInt8] = []

    struct Line: Codable, Equatable {
        var sku: String
        var quantity: Int8
    }

    enum Payment: Codable {
        case open
        case paid(by: String, amount: ExactDecimal)
        case refused(String)
    }
}

private func order() throws -> Order {
    Order(
        id: "o1", total: try #require(ExactDecimal("12.50")),
        placedAt: try #require(Timestamp("2026-01-31T09:30:00.25Z")))
}

@Suite("The value coder")
struct ValueCoderTests {
    @Test func `gives back what it took`() throws {
        var order = try order()
        order.patience = .milliseconds(1_500)
        order.lines = [.init(sku: "A", quantity: 1), .init(sku: "é\u{0}\"🙂", quantity: -128)]
        order.labels = ["new", "gift", ""]
        order.notes = ["b": 2, "a": 1]
        order.payment = .paid(by: "card", amount: try #require(ExactDecimal("12.50")))
        order.extra = ["deep": [1, 2.5, nil, ["x": true]]]
        order.digest = [0, 255]

        let value = try ValueEncoder.encode(order)

        let back = try ValueDecoder.decode(Order.self, from: value)
        #expect(try ValueEncoder.encode(back) == value)
        #expect(back.lines == order.lines && back.labels == order.labels)
        #expect(back.notes == order.notes && back.placedAt == order.placedAt)
    }

    @Test func `takes values, decimals, timestamps, durations and bytes whole`() throws {
        var order = try order()
        order.patience = .seconds(3)
        order.digest = [1, 2]
        order.extra = .decimal(try #require(ExactDecimal("1.00")))

        let value = try ValueEncoder.encode(order)

        #expect(value["total"] == .decimal(order.total))
        #expect(value["placedAt"] == .timestamp(order.placedAt))
        #expect(value["patience"] == .duration(.seconds(3)))
        #expect(value["digest"] == .bytes([1, 2]))
        #expect(value["extra"] == order.extra)
    }

    @Test func `tells a value that is null from one that is absent`() throws {
        var (absent, null) = (try order(), try order())
        absent.extra = .none
        null.extra = .some(.null)

        for order in [absent, null] {
            let value = try ValueEncoder.encode(order)
            #expect(try ValueDecoder.decode(Order.self, from: value).extra == order.extra)
        }
    }

    @Test func `puts sets and dictionaries in the order of their bytes`() throws {
        let names = (0..<50).map { "name \($0 * 7 % 50)" }
        let dictionary = Dictionary(uniqueKeysWithValues: names.map { ($0, 1) })

        let set = try ValueEncoder.encode(Set(names))
        let map = try ValueEncoder.encode(dictionary)

        let sorted = names.sorted { $0.precedesByBytes($1) }
        #expect(set == .list(sorted.map(Value.string)))
        guard case .map(let members) = map else { throw ValueCodingError("no object: \(map)") }
        #expect(members.entries.map(\.key) == sorted.map(ValueKey.string))
    }

    @Test func `refuses a set that has no order`() {
        #expect(throws: ValueCodingError.self) { try ValueEncoder.encode(Set([[1], [2]])) }
        #expect(throws: ValueCodingError.self) { try ValueEncoder.encode([[1]: 1, [2]: 2]) }
    }

    @Test func `keeps the last of two members with one name`() throws {
        struct Twice: Encodable {
            enum CodingKeys: CodingKey { case name }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(1, forKey: .name)
                try container.encode(2, forKey: .name)
            }
        }

        #expect(try ValueEncoder.encode(Twice()) == ["name": 2])
    }

    @Test func `lets containers be filled in any order`() throws {
        struct Interleaved: Encodable {
            enum CodingKeys: CodingKey { case first, second, third }
            func encode(to encoder: any Encoder) throws {
                var outer = encoder.container(keyedBy: CodingKeys.self)
                var list = outer.nestedUnkeyedContainer(forKey: .first)
                var inner = outer.nestedContainer(keyedBy: CodingKeys.self, forKey: .second)
                try list.encode("a")
                try inner.encode([true], forKey: .third)
                try "late".encode(to: outer.superEncoder(forKey: .third))
                try list.encode("b")
            }
        }

        let value = try ValueEncoder.encode(Interleaved())

        #expect(value == ["first": ["a", "b"], "second": ["third": [true]], "third": "late"])
    }

    @Test(
        arguments: [
            ("id", nil, "\"id\" is missing"),
            ("id", 7, "at id: expected a text, found a whole number"),
            ("total", 1.5, "at total: expected a decimal, found a number"),
            (
                "placedAt", "today",
                "at placedAt: the text is no timestamp like 2026-01-31T09:30:00Z"
            ),
            (
                "lines", [["sku": "A", "quantity": 1], ["sku": 1]],
                "at lines[1].sku: expected a text, found a whole number"
            ),
            (
                "lines", [["sku": "A", "quantity": 128]],
                "at lines[0].quantity: 128 is no whole number of -128 to 127"
            ),
            ("notes", ["x": "y"], "at notes.x: expected a whole number, found a text"),
        ] as [(String, Value?, String)])
    func `names the place where a value does not fit`(
        member: String, replacement: Value?, message: String
    ) throws {
        guard case .map(var map) = try ValueEncoder.encode(try order()) else { return }
        map[member] = replacement

        let error = #expect(throws: ValueCodingError.self) {
            try ValueDecoder.decode(Order.self, from: .map(map))
        }
        #expect(error?.description == message)
    }

    @Test(
        arguments: [
            (.int(3), "3"), (.uint(3), "3"), (.string("3.10"), "3.10"),
        ] as [(Value, String)])
    func `takes what is the same to people for a decimal`(value: Value, text: String) throws {
        #expect(try ValueDecoder.decode(ExactDecimal.self, from: value).description == text)
    }

    @Test(arguments: [.double(1e300), .double(.nan), .uint(.max), "5", nil] as [Value])
    func `never traps on a number that does not fit`(value: Value) {
        #expect(throws: ValueCodingError.self) {
            try ValueDecoder.decode(Int.self, from: value)
        }
    }
}
