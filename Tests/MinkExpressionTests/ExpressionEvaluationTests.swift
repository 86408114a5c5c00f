import MinkExpression
import Testing

@Suite("The value of an expression")
struct ExpressionEvaluationTests {
    @Test(arguments: [
        ("data.total * 1.2", "120.120"),
        ("data.total + 1", "101.10"),
        ("1.1 + data.total", "101.20"),
        ("-data.total", "-100.10"),
        ("data.total - 0.1", "100.00"),
        ("data.total.div(3, 2)", "33.37"),
        ("data.total.div(3, 2, 'up')", "33.37"),
        ("data.total.div(3, 2, 'down')", "33.36"),
        ("decimal('2.5').round(0)", "2"),
        ("decimal('2.5').round(0, 'half_up')", "3"),
        ("decimal('-2.5').round(0, 'up')", "-3"),
        ("decimal(1.10)", "1.10"),
        ("[data.total, data.total].sum()", "200.20"),
        ("[data.total, event.amount].max()", "100.10"),
        ("true ? data.total : 1.50", "100.10"),
        ("any * 1.5", "15.0"),
    ])
    func `of decimals is exact`(text: String, value: String) {
        let result = ExpressionFixture.evaluate(text, ExpressionFixture.decimal("10"))

        #expect(result == .value(ExpressionFixture.decimal(value)))
    }

    @Test(arguments: [
        "event.amount >= data.total", "data.total == event.amount", "data.total == 100.1",
        "any == 0.10", "any < 0.2", "0.1 == any", "any + 1 == 1.1", "any in [0.5, 0.1]",
        "data.total > 100", "100 < data.total", "string(data.total) == '100.10'",
        "int(data.total) == 100", "double(data.total) == 100.1",
        "type(data.total) == decimal", "math.abs(-data.total) == data.total",
        "'%.1f'.format([data.total]) == '100.1'",
    ])
    func `compares decimals by value, literals read from their text`(text: String) {
        let result = ExpressionFixture.evaluate(text, ExpressionFixture.decimal("0.1"))

        #expect(result == .value(true))
    }

    @Test(
        arguments: [
            ("data.attempts + 0.5", Value.double(2.5)),
            ("any * 2", .double(1)),
            ("1 / 2.0", .double(0.5)),
            ("1.0 / math.sign(-0.0)", .double(.infinity)),
            ("data.attempts > 1.5", true),
            ("2 == 2.0", true),
            ("duration('P1D') == duration('24h')", true),
            ("duration('3d') == days(3)", true),
            ("hours(36) == days(1) + hours(12)", true),
            ("minutes(90) == duration('1.5h')", true),
            ("string(duration('1m0.5s'))", "60.5s"),
            ("data.dueAt.date()", "2027-01-31"),
            ("string(data.dueAt.plusDays(1))", "2027-02-01T12:00:00Z"),
            ("string(data.dueAt.plusMonths(1))", "2027-02-28T12:00:00Z"),
            ("[data.dueAt.month(), data.dueAt.day(), data.dueAt.weekday()]", [1, 31, 7]),
            ("string(data.dueAt.startOfDay('+02:00'))", "2027-01-30T22:00:00Z"),
            ("[3, 1, 2].sort() == [1, 2, 3]", true),
            ("[3, 1, 2].min() + [3, 1, 2].max() + [3, 1, 2].sum()", 10),
            ("[].sum()", 0),
            ("[[1], [2, 3]].flatten()", [1, 2, 3]),
            ("[1, 2, 1].distinct()", [1, 2]),
            ("[1, 2, 3, 4].slice(1, 3)", [2, 3]),
            ("lists.range(3)", [0, 1, 2]),
            ("sets.equivalent([1, 2], [2, 1, 1]) && sets.contains([1, 2], [2])", true),
            ("sets.intersects([1, 2], [3]) ", false),
            ("regex.extract('order o-17', 'o-([0-9]+)').orValue('none')", "17"),
            ("regex.extractAll('a1b22', '[0-9]+')", ["1", "22"]),
            (
                "regex.replace('2027-01-31', '(\\\\d+)-(\\\\d+)-(\\\\d+)', '\\\\3.\\\\2.\\\\1')",
                "31.01.2027"
            ),
            ("data.items.map(i, i.qty > 1, i.sku)", ["b"]),
            ("{'a': 1, ?'b': data.?paymentId}", ["a": 1]),
            ("data.items.exists(i, i.qty == 3) ? 'yes' : 'no'", "yes"),
            ("'caf\u{e9}'.size() == 4 && 'cafe\u{301}'.size() == 5", true),
            ("'\u{e9}' == 'e\u{301}'", false),
            ("string(1000000.0) + ' ' + string(1e21) + ' ' + string(1e-7)", "1000000 1e+21 1e-7"),
            (
                "string(0.1) + ' ' + string(123456.789) + ' ' + string(-0.000001)",
                "0.1 123456.789 -0.000001"
            ),
            ("'%.3e'.format([123456.789])", "1.235e+05"),
        ] as [(String, Value)])
    func `knows what plain CEL does not`(text: String, value: Value) {
        #expect(ExpressionFixture.evaluate(text, 0.5) == .value(value))
    }

    @Test func `is absent where an optional has no value`() {
        #expect(ExpressionFixture.evaluate("data.?paymentId") == .absent)
        #expect(ExpressionFixture.evaluate("event.?paymentId") == .value("p-1"))
        #expect(ExpressionFixture.evaluate("[data.?paymentId, optional.of(1)]") == .value([1]))
    }

    @Test(
        arguments: [
            (
                "data.paymentId", EvaluationError.Code.noSuchField, "paymentId",
                "data has no \"paymentId\" yet"
            ),
            ("any.a.b", .noSuchField, "a", "any has no \"a\""),
            ("failure.reason", .unbound, "failure", "there is no value \"failure\" here"),
            (
                "1 + 1 / (data.attempts - 2)", .divideByZero, "1 / (data.attempts - 2",
                "division by zero"
            ),
            (
                "data.items[7].sku", .indexOutOfBounds, "7",
                "data.items has no element at this index"
            ),
            (
                "9223372036854775807 + data.attempts", .overflow,
                "9223372036854775807 + data.attempts",
                "the result of \"+\" does not fit into its type"
            ),
            ("any + 1", .noSuchOverload, "any + 1", "\"+\" does not take map and int"),
            (
                "int(data.orderId)", .badConversion, "int(data.orderId)",
                "\"int\" cannot convert this value"
            ),
            (
                "data.?paymentId.value()", .noValue, "data.?paymentId.value()",
                "this optional value is absent"
            ),
            ("any.size() == 0 && any.flag", .noSuchField, "flag", "any has no \"flag\""),
            (
                "now.getHours(data.orderId)", .unknownTimeZone, "now.getHours(data.orderId)",
                "there is no such time zone"
            ),
            (
                "'a'.matches(data.orderId + '(')", .badPattern, "'a'.matches(data.orderId + '(')",
                "this is no regular expression"
            ),
            ("data.total * any.size()", .overflow, "", ""),
        ] as [(String, EvaluationError.Code, String, String)])
    func `is missing with a reason and a place`(
        text: String, code: EvaluationError.Code, part: String, message: String
    ) throws {
        guard case .failure(let error) = ExpressionFixture.evaluate(text, .map(ValueMap())) else {
            #expect(part.isEmpty, "\(text) did not fail")
            return
        }

        #expect(error.code == code)
        #expect(error.message == message)
        #expect(String(decoding: Array(text.utf8)[error.range], as: UTF8.self) == part)
    }

    @Test(
        arguments: [
            (Value.int(7), Value.double(7), true),
            (.int(7), ExpressionFixture.decimal("7.00"), true),
            (.double(7), ExpressionFixture.decimal("7"), true),
            (.uint(7), .int(7), true),
            ("7", .int(7), false),
            (.double(.nan), .double(.nan), false),
            ([1, ["a": 1.0]], [1.0, ["a": 1]], true),
            (.null, .bool(false), false),
        ] as [(Value, Value, Bool)])
    func `is equal to another by value, not by kind`(left: Value, right: Value, isEqual: Bool) {
        #expect(CompiledExpression.isEqual(left, right) == isEqual)
        #expect(CompiledExpression.isEqual(right, left) == isEqual)
    }
}
