import MinkExpression
import Testing

@Suite("The check of an expression")
struct ExpressionCheckTests {
    private typealias Code = ExpressionProblem.Code

    struct Mistake: Sendable {
        let text: String
        let code: ExpressionProblem.Code
        let part: String
        let message: String
        var help: String?
    }

    static let mistakes: [Mistake] = [
        Mistake(
            text: "event.ammount >= data.total", code: .unknownField, part: "ammount",
            message: "event PaymentReceived has no field \"ammount\"",
            help: "did you mean \"amount\"?"),
        Mistake(
            text: "dta.total > 1", code: .unknownField, part: "dta",
            message: "there is no variable \"dta\" here", help: "did you mean \"data\"?"),
        Mistake(
            text: "event.amount >= 'ten'", code: .typeMismatch, part: "event.amount >= 'ten'",
            message: "cannot compare decimal with string 'ten'",
            help: "write a number, without quotes"),
        Mistake(
            text: "data.orderId == 7", code: .typeMismatch, part: "data.orderId == 7",
            message: "cannot compare string with integer 7", help: "write '7'"),
        Mistake(
            text: "line.sku", code: .outOfScope, part: "line",
            message: "there is no item here; only \"forEach\" brings one"),
        Mistake(
            text: "event.reason.uperAscii()", code: .unknownFunction, part: "uperAscii",
            message: "no function \"uperAscii\"", help: "did you mean \"upperAscii\"?"),
        Mistake(
            text: "upperAscii(event.reason)", code: .unknownFunction, part: "upperAscii",
            message: "no function \"upperAscii\"", help: "it is written x.upperAscii()"),
        Mistake(
            text: "event.reason.substring()", code: .unknownFunction, part: "substring",
            message: "\"substring\" takes 1 or 2 arguments, not 0"),
        Mistake(
            text: "event.reason.startsWith(1)", code: .typeMismatch,
            part: "event.reason.startsWith(1",
            message: "\"startsWith\" does not take (string, integer 1)",
            help: "it takes (string, string)"),
        Mistake(
            text: "data.total * data.rate", code: .decimalMixedWithDouble,
            part: "data.total * data.rate", message: "decimal × double is not exact",
            help: "declare \"rate\" as decimal"),
        Mistake(
            text: "data.total > data.rate", code: .decimalMixedWithDouble,
            part: "data.total > data.rate", message: "decimal > double is not exact",
            help: "declare \"rate\" as decimal"),
        Mistake(
            text: "data.total / 3", code: .typeMismatch, part: "data.total / 3",
            message: "decimals have no \"/\", which would not be exact",
            help: "write a.div(b, 2), with the digits behind the point"),
        Mistake(
            text: "'Order ' + data.attempts", code: .typeMismatch,
            part: "'Order ' + data.attempts",
            message: "cannot add string 'Order ' and integer",
            help: "string() makes text of a value"),
        Mistake(
            text: "data.total && true", code: .typeMismatch, part: "data.total",
            message: "\"&&\" needs true or false, not decimal",
            help: "compare it, as in data.total > 0"),
        Mistake(
            text: "event.status == 'opne'", code: .typeMismatch, part: "'opne'",
            message: "\"status\" is never 'opne'", help: "did you mean \"open\"?"),
        Mistake(
            text: "event.status in ['open', 'lost']", code: .typeMismatch, part: "'lost'",
            message: "\"status\" is never 'lost'", help: "write one of the possible values"),
        Mistake(
            text: "data.items.all(i, i.quantity > 0)", code: .unknownField, part: "quantity",
            message: "data.items[] has no field \"quantity\"", help: "use one of its fields"),
        Mistake(
            text: "data.attempts.all(i, true)", code: .typeMismatch, part: "data.attempts",
            message: "\"all\" walks over a list or map, not over integer",
            help: "write a list or map before \"all\""),
        Mistake(
            text: "data.orderId.length", code: .unknownField, part: "length",
            message: "a value of type string has no field \"length\""),
        Mistake(
            text: "data.items['a']", code: .typeMismatch, part: "'a'",
            message: "the index of a list is an integer, not string 'a'",
            help: "write a number, without quotes"),
        Mistake(
            text: "event.reason.matches('(')", code: .typeMismatch, part: "'('",
            message: "this is no regular expression",
            help: "the syntax is that of RE2, without references back"),
        Mistake(
            text: "now.getHours('Europe/Berlni')", code: .typeMismatch, part: "'Europe/Berlni'",
            message: "there is no time zone \"Europe/Berlni\"",
            help: "write a name such as Europe/Berlin, or an offset such as +01:00"),
    ]

    @Test(arguments: mistakes)
    func `finds a mistake and says what was meant`(mistake: Mistake) throws {
        let problems = ExpressionFixture.problems(mistake.text)
        let problem = try #require(problems.first)

        #expect(problem.code == mistake.code)
        #expect(problem.part(of: mistake.text) == mistake.part)
        #expect(problem.message == mistake.message)
        #expect(problem.help == mistake.help)
        #expect(problems.count == 1)
    }

    @Test func `shows the fields of the type beside an unknown one`() throws {
        let problem = try #require(ExpressionFixture.problems("failure.cause").first)

        #expect(problem.note == "failure is {reason: string}")
    }

    @Test(arguments: [
        ("data.total * 1.2", ExpressionType.decimal),
        ("data.attempts + 1.5", .double),
        ("data.total > 1.5", .bool),
        ("data.items.map(i, i.qty)", .list(.int)),
        ("data.items.map(i, i.qty).sum()", .int),
        ("data.?paymentId", .optional(.string)),
        ("data.?paymentId.orValue('')", .string),
        ("data.dueAt - now", .duration),
        ("now + days(3)", .timestamp),
        ("any.whatever[3].foo", .dynamic),
        ("has(data.paymentId) ? data.paymentId : 'none'", .string),
        ("{'a': 1}", .map(key: .string, value: .int)),
        ("[]", .list(.dynamic)),
        ("size(data.items)", .int),
        ("data.items.first()", .optional(.object(ExpressionFixture.item))),
        ("data.total.div(3, 2)", .decimal),
        ("math.greatest(1, 2)", .int),
        ("cel.bind(x, data.total, x + x)", .decimal),
        ("none", .optional(.dynamic)),
        ("data.attempts > 1 ? optional.of('x') : none", .optional(.string)),
        ("data.?paymentId == none", .bool),
        ("[1].map(none, none + 1)", .list(.int)),  // As CEL has it.
    ])
    func `knows the type of the result`(text: String, type: ExpressionType) {
        let (expression, problems) = CompiledExpression.compile(
            text, in: ExpressionFixture.environment)

        #expect(expression?.type == type)
        #expect(problems.isEmpty)
    }

    @Test func `lists each use of a variable, and which only ask whether it is there`() {
        let text =
            "has(data.paymentId) && data.items.all(i, i.qty > size(event.orderId)) "
            + "&& data.?paymentId.orValue(string(now)) != '' && any[data.attempts].x"

        let expression = CompiledExpression.compile(
            text, in: ExpressionFixture.environment
        ).expression

        #expect(
            expression?.references.map {
                "\($0.path.joined(separator: "."))\($0.isInHas ? "?" : "")"
            }
                == [
                    "data.paymentId?", "data.items", "event.orderId", "data.paymentId?", "now",
                    "any", "data.attempts",
                ])
    }

    @Test func `lets everything pass where nothing is known`() {
        #expect(ExpressionFixture.problems("any.a.b(1)").map(\.code) == [.unknownFunction])
        #expect(ExpressionFixture.problems("any.a + any.b * any[0] > any.c").isEmpty)
    }
}
