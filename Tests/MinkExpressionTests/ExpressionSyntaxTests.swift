import MinkExpression
import Testing

@Suite("The text of an expression")
struct ExpressionSyntaxTests {
    @Test(arguments: [
        (
            "event.amount >=", ">=",
            "the expression stops after \">=\"; something to compare with is missing"
        ),
        (
            "data.total +", "+",
            "the expression stops after \"+\"; something to calculate with is missing"
        ),
        ("true &&", "&&", "the expression stops after \"&&\"; a condition is missing"),
        ("!", "!", "the expression stops after \"!\"; a condition is missing"),
        (
            "'a' in", "in",
            "the expression stops after \"in\"; the list or map to look in is missing"
        ),
        ("data.", ".", "the expression stops after \".\"; the name of a field is missing"),
        ("(1 + 2", "(", "\"(\" is never closed; a \")\" is missing"),
        ("[1, 2", "[", "\"[\" is never closed; a \"]\" is missing"),
        ("size('a'", "(", "\"(\" is never closed; a \")\" is missing"),
        ("1 + 2)", ")", "there is no opening bracket that \")\" could close"),
        ("data.total = 1", "=", "\"=\" alone means nothing here"),
        ("true & true", "&", "\"&\" alone means nothing here"),
        ("true and true", "and", "\"and\" is written &&"),
        ("not true", "not", "\"not\" is written !"),
        ("'abc", "'abc", "the text that begins here has no closing '"),
        ("'\\q'", "\\q", "\"\\q\" stands for no character"),
        ("9223372036854775808", "9223372036854775808", "this number does not fit into 64 bits"),
        ("1e999", "1e999", "this number is too large"),
        ("12abc", "12abc", "\"12abc\" is neither a number nor a name"),
        ("1 2", "2", "an operator is missing before \"2\""),
        ("true ? 1", "?", "\"?\" needs two values with \":\" between them"),
        ("{'a'}", "'a'", "a \":\" and a value are missing after this key"),
        ("has(data)", "data", "has() needs a field, such as has(data.paymentId)"),
        (
            "[1].all(1 + 1, true)", "1 + 1",
            "\"all\" needs a name here, such as item, not an expression"
        ),
        ("if", "if", "\"if\" is a reserved word, not a name"),
        ("1 # 2", "#", "an expression cannot contain \"#\" here"),
        ("", "", "the expression is empty"),
    ])
    func `is refused with the place and the words for it`(
        text: String, part: String, message: String
    ) throws {
        let problem = try #require(ExpressionFixture.problems(text).first)

        #expect(problem.message == message)
        #expect(problem.part(of: text) == part)
        #expect(problem.code == .syntax)
    }

    @Test func `is read to its end after a mistake, so that all mistakes are found`() {
        let text = "(1 + ) * size(2 3) && data.totl > 'x' + [1, , 2] ? event.amount : "

        let problems = ExpressionFixture.problems(text)

        #expect(problems.filter { $0.code == .syntax }.count == 4)
        #expect(problems.contains { $0.code == .unknownField })
        #expect(problems.map(\.range.lowerBound) == problems.map(\.range.lowerBound).sorted())
    }

    @Test(arguments: [
        (String(repeating: "(", count: 300) + "1" + String(repeating: ")", count: 300)),
        (String(repeating: "!", count: 4_000) + "true"),
        (String(repeating: "-", count: 4_000) + "x"),
        (String(repeating: "[", count: 8_000)),
        (String(repeating: "{1:", count: 2_000)),
        ("1" + String(repeating: "+1", count: 4_000)),
        ("any" + String(repeating: ".a", count: 4_000)),
        ("any" + String(repeating: "[0]", count: 2_000)),
        (String(repeating: "true ? 1 : ", count: 700) + "2"),
        (String(repeating: "size(", count: 1_500)),
        ("[1].map(a, [1].map(b, [1].map(c, [1].map(d, 1))))"),
        (String(repeating: " ", count: 9_000)),
    ])
    func `has limits on length, depth and nested loops`(text: String) {
        #expect(ExpressionFixture.problems(text).contains { $0.code == .tooBig })
    }

    @Test func `may be long without being deep`() {
        let text = "true" + String(repeating: " && true", count: 1_000)

        #expect(ExpressionFixture.evaluate(text) == .value(true))
    }

    @Test(arguments: [
        ("r'\\d'", Value.string("\\d")),
        ("'''a\nb'''", "a\nb"),
        ("'\\u00e9'", "\u{e9}"),
        ("b'\\xff'", .bytes([0xFF])),
        ("-9223372036854775808", .int(.min)),
        (".5 + 1.5e0", 2.0),
        ("0xFFu", .uint(255)),
        ("{'a b': 1}.`a b`", 1),
        ("1 // the rest is a comment", 1),
    ])
    func `writes every kind of literal`(text: String, value: Value) {
        #expect(ExpressionFixture.evaluate(text) == .value(value))
    }
}
