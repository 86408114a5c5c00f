import Testing

@testable import MinkExpression

@Suite("A value with its type as JSON")
struct TaggedJSONTests {
    private static let values: [Value] =
        [
            .null, true, 7, .uint(.max), .int(.min), -0.0, .double(.infinity), .double(.nan), 1e300,
            .string("a \"b\"\n\u{1F600}"), .bytes([0, 255]), .type("list"),
            .duration(.milliseconds(-1_500)), [1, "x", [nil]], ["k": 1, "l": ["m": true]],
        ]
        + [
            ExactDecimal("19.90").map(Value.decimal),
            Timestamp("2026-01-02T03:04:05.5Z").map(Value.timestamp),
        ].compactMap(\.self)

    @Test(arguments: values)
    func `reads back as the same value`(value: Value) throws {
        let document = JSONDocument(reading: Array(value.tagged.json.utf8), limits: .event)
        let root = try #require(document.root)

        #expect(Value(tagged: root) == value)
    }

    @Test(arguments: [
        "7", "{}", #"{"t": "int", "v": 7}"#, #"{"t": "int", "v": "x"}"#, #"{"t": "odd", "v": "x"}"#,
        #"{"t": "list", "v": [1]}"#, #"{"t": "map", "v": [[{"t": "null"}, {"t": "null"}]]}"#,
        #"{"t": "map", "v": [[{"t": "int", "v": "1"}]]}"#, #"{"t": "bytes", "v": "?"}"#,
    ])
    func `is refused when it is none`(text: String) throws {
        let document = JSONDocument(reading: Array(text.utf8), limits: .event)

        #expect(Value(tagged: try #require(document.root)) == nil)
    }
}
