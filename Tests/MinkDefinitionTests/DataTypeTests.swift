// What fits a declared type, and how it is kept.
import MinkExpression
import Testing

@testable import MinkDefinition

@Suite("A declared type")
struct DataTypeTests {
    /// The type that a file declares for a field.
    private func type(_ schema: String) throws -> DataType {
        let text = """
            { "workflow": "W", "version": 1, "correlateBy": "id", "description": "x",
              "data": { "id": "string", "x": \(schema) },
              "events": { "E": { "fields": { "id": "string" } } },
              "deadline": { "after": "1d", "fail": "x" }, "compensation": { "endIn": "Bad" },
              "start": { "E": { "set": { "id": "= event.id" }, "goto": "A" } },
              "states": { "A": { "description": "x", "timeout": { "after": "1h", "goto": "B" } },
                "B": { "final": "completed" }, "Bad": { "final": "failed" } } }
            """
        let result = Samples.read(text)
        let definition = try #require(
            result.definition, "\(TextRenderer().render(result.findings))")
        return try #require(definition.dataField("x")).type
    }

    private func read(_ schema: String, _ json: String) throws -> String {
        let root = try #require(JSONDocument(reading: Array(json.utf8)).root)
        switch try type(schema).read(root) {
        case .success(let value): return "\(value)"
        case .failure(let mismatch): return "\(mismatch)"
        }
    }

    @Test(arguments: [
        ("\"string\"", "\"a\"", "string(\"a\")"),
        ("\"integer\"", "7", "int(7)"),
        ("\"integer\"", "250.0", "int(250)"),
        ("\"integer\"", "2.5e1", "int(25)"),
        ("\"integer\"", "250.5", "expected an integer, found the number 250.5"),
        (
            "\"integer\"", "9223372036854775808",
            "expected an integer, found the number 9223372036854775808"
        ),
        ("\"number\"", "7", "double(7.0)"),
        ("\"number\"", "1e999", "expected a number, found the number 1e999"),
        ("\"decimal\"", "19.90", "decimal(19.90)"),
        ("\"decimal\"", "\"19.90\"", "decimal(19.90)"),
        ("\"decimal\"", "\"ten\"", "expected a decimal, found the text \"ten\""),
        (
            "\"decimal\"", "123456789012345678901234567890123456789",
            "expected a decimal, found the number 123456789012345678901234567890123456789"
        ),
        ("\"boolean\"", "1", "expected a boolean, found the number 1"),
        ("\"date\"", "\"2028-02-29\"", "string(\"2028-02-29\")"),
        ("\"date\"", "\"2027-02-29\"", "expected a date, found the text \"2027-02-29\""),
        ("\"duration\"", "\"PT1H30M\"", "duration(5400.0 seconds)"),
        ("\"duration\"", "\"soon\"", "expected a duration, found the text \"soon\""),
        ("\"timestamp\"", "\"2026-01-01\"", "expected a timestamp, found the text \"2026-01-01\""),
        (
            "{ \"type\": \"string\", \"format\": \"date-time\" }", "\"x\"",
            "expected a timestamp, found the text \"x\""
        ),
        ("{ \"type\": \"string\", \"format\": \"email\" }", "\"x\"", "string(\"x\")"),
        ("\"string\"", "null", "expected a string, found null"),
        ("\"string?\"", "null", "null"),
        ("{ \"type\": [\"string\", \"null\"] }", "null", "null"),
        (
            "\"integer[]\"", "[1, 2]",
            "list([MinkExpression.Value.int(1), MinkExpression.Value.int(2)])"
        ),
        ("\"integer[]\"", "[1, \"2\"]", "[1]: expected an integer, found the text \"2\""),
        (
            "{ \"enum\": [\"a\", \"b\"] }", "\"c\"",
            "expected one of the text \"a\", the text \"b\", found the text \"c\""
        ),
        ("{ \"const\": 5 }", "6", "expected one of 5, found 6"),
        ("{ \"type\": \"decimal\", \"minimum\": 0.5 }", "0.4", "expected at least 0.5, found 0.4"),
        ("{ \"type\": \"decimal\", \"minimum\": 0.5 }", "0.50", "decimal(0.50)"),
        (
            "{ \"type\": \"integer\", \"exclusiveMaximum\": 3 }", "3",
            "expected less than 3, found 3"
        ),
        ("{ \"type\": \"number\", \"maximum\": 3 }", "3.5", "expected at most 3, found 3.5"),
        (
            "{ \"type\": \"string\", \"maxLength\": 2 }", "\"é東京\"",
            "expected at most 2 characters, found 3"
        ),
        ("{ \"type\": \"string\", \"pattern\": \"^[A-Z]{3}$\" }", "\"ZRH\"", "string(\"ZRH\")"),
        (
            "{ \"type\": \"string\", \"pattern\": \"^[A-Z]{3}$\" }", "\"zrh\"",
            "expected a text like ^[A-Z]{3}$, found the text \"zrh\""
        ),
        ("{ \"type\": \"array\", \"minItems\": 1 }", "[]", "expected at least 1 elements, found 0"),
        (
            "{ \"properties\": { \"a\": \"integer\" }, \"required\": [\"a\"] }", "{}",
            "a: expected an integer, found nothing"
        ),
        (
            "{ \"properties\": { \"a\": { \"properties\": { \"b\": \"integer[]\" } } } }",
            "{\"a\": {\"b\": [0, true]}}",
            "a.b[1]: expected an integer, found true"
        ),
        (
            "{ \"properties\": {}, \"additionalProperties\": false }", "{\"a\": 1}",
            "a: is not a field here"
        ),
        (
            "{ \"additionalProperties\": \"integer\" }", "{\"a\": \"1\"}",
            "a: expected an integer, found the text \"1\""
        ),
        (
            "{ \"oneOf\": [\"integer\", \"number\"] }", "1",
            "fits more than one of integer or number"
        ),
        (
            "{ \"anyOf\": [\"integer\", \"string\"] }", "true",
            "expected integer or string, found true"
        ),
    ])
    func `reads what fits, and says why not`(schema: String, json: String, expected: String) throws
    {
        let found = try read(schema, json)

        #expect(found.replacing("MinkExpression.ExactDecimal", with: "") == expected)
    }

    @Test(
        arguments: [
            ("\"decimal\"", Value.int(3), .exact("3")),
            ("\"number\"", .int(3), .double(3)),
            ("\"integer\"", .double(3), .int(3)),
            ("\"integer\"", .exact("3.0"), .int(3)),
            ("\"string?\"", .null, .null),
            ("\"any\"", .list([1]), .list([1])),
            ("\"decimal[]\"", .list([1]), .list([.exact("1")])),
            ("{ \"properties\": { \"a\": \"string?\" } }", ["a": nil, "b": 1], ["b": 1]),
        ] as [(String, Value, Value)])
    func `keeps computed values without loss`(schema: String, value: Value, kept: Value) throws {
        #expect(try type(schema).fit(value).get() == kept)
    }

    @Test(
        arguments: [
            ("\"decimal\"", Value.double(0.1), "expected a decimal, found 0.1"),
            (
                "\"number\"", .int(9_007_199_254_740_993),
                "expected a number, found 9007199254740993"
            ),
            ("\"integer\"", .double(1.5), "expected an integer, found 1.5"),
            ("\"string\"", .int(1), "expected a string, found 1"),
            ("\"string\"", .null, "expected a string, found null"),
            (
                "\"timestamp\"", .string("2026-01-01T00:00:00Z"),
                "expected a timestamp, found the text \"2026-01-01T00:00:00Z\""
            ),
            ("\"string[]\"", .list(["a", 1]), "[1]: expected a string, found 1"),
        ] as [(String, Value, String)])
    func `refuses computed values that lose something`(schema: String, value: Value, says: String)
        throws
    {
        guard case .failure(let mismatch) = try type(schema).fit(value) else {
            Issue.record("\(value) fits")
            return
        }
        #expect(mismatch.description == says)
    }

    @Test(arguments: [
        ("\"object[]?\"", "object[]?"),
        (
            "{ \"properties\": { \"a\": \"decimal\", \"b\": \"string[]\" }, \"required\": [\"a\"] }",
            "{a: decimal, b: string[]?}"
        ),
        (
            "{ \"type\": \"array\", \"items\": { \"type\": \"string\", \"format\": \"date\" } }",
            "date[]"
        ),
        ("{ \"anyOf\": [\"integer\", { \"type\": \"null\" }] }", "integer?"),
        ("{}", "any"),
    ])
    func `is described in the words of the file`(schema: String, words: String) throws {
        #expect(try type(schema).description == words)
    }

    @Test func `drops what an event brings beyond its fields`() throws {
        let definition = try #require(Samples.read(Samples.everything).definition)
        let asked = try #require(definition.events["Asked"])
        let json =
            "{\"id\": \"a\", \"total\": 1.50, \"lines\": [{\"sku\": \"x\", \"n\": 1}], \"more\": 1}"
        let root = try #require(JSONDocument(reading: Array(json.utf8)).root)

        let value = try asked.type.read(root).get()

        #expect(value["more"] == nil)
        #expect(value["total"] == .decimal(try #require(ExactDecimal("1.50"))))
        #expect(value["lines"] == [["sku": "x", "n": 1]])
    }
}

extension Value {
    /// The decimal that a text writes.
    fileprivate static func exact(_ text: String) -> Value {
        ExactDecimal(text).map(Value.decimal) ?? .null
    }
}
