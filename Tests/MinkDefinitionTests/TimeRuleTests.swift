// Times that do not go together, and events that count twice.
import Testing

@testable import MinkDefinition

@Suite("The times of a workflow")
struct TimeRuleTests {
    /// Two states, one behind the other; the parts are put in.
    private func workflow(
        first: String = "\"on\": { \"Went\": { \"goto\": \"Two\" } }",
        second: String = "\"on\": { \"Came\": { \"goto\": \"Done\" } }",
        top: String = "", events: String = "", timeout: String = "1d"
    ) -> String {
        """
        { "workflow": "Times", "version": 1, "correlateBy": "id", "description": "For tests.",
          \(top)
          "events": { "Begun": { "fields": { "id": "string" } },
            "Went": { "fields": { "id": "string" }\(events) },
            "Came": { "fields": { "id": "string" }, "uniqueBy": "id" } },
          "start": { "Begun": { "goto": "One" } },
          "states": {
            "One": { "description": "First.", \(first),
              "timeout": { "after": "\(timeout)", "goto": "Two" } },
            "Two": { "description": "Second.", \(second),
              "timeout": { "after": "2d", "goto": "Done" } },
            "Done": { "final": "completed" } } }
        """
    }

    private func sentences(_ text: String, _ rule: Rule) -> [String] {
        Samples.read(text).findings.filter { $0.rule == rule }.map(\.message)
    }

    @Test(
        arguments: [
            ("30m", []), ("59m", []), ("1h", []),
            ("61m", ["held 1h, but the state that takes it may come after 1h1m"]),
            ("2d", ["held 1h, but the state that takes it may come after 2d"]),
        ] as [(String, [String])])
    func `hold an early event as long as the states before last`(timeout: String, says: [String]) {
        #expect(sentences(workflow(timeout: timeout), .holdTooShort) == says)
    }

    @Test func `add up over the states on the way`() {
        let text = workflow(timeout: "50m").replacing(
            "\"goto\": \"Two\" } },", with: "\"goto\": \"Between\" } },"
        ).replacing(
            "\"after\": \"50m\", \"goto\": \"Two\"",
            with: "\"after\": \"50m\", \"goto\": \"Between\""
        )
        .replacing(
            "\"Two\": {",
            with: """
                "Between": { "description": "Between.",
                  "timeout": { "after": "40m", "goto": "Two" } }, "Two": {
                """)

        #expect(
            sentences(text, .holdTooShort) == [
                "held 1h, but the state that takes it may come after 1h30m"
            ])
    }

    @Test func `need no holding for an answer that is only asked for later`() {
        let text = workflow(
            second:
                "\"onEnter\": { \"emit\": [\"Ask\"] }, \"on\": { \"Came\": { \"goto\": \"Done\" } }",
            top:
                "\"commands\": { \"Ask\": { \"answers\": { \"done\": \"Came\" }, \"undo\": \"none\" } },"
        )

        #expect(sentences(text, .holdTooShort) == [])
    }

    @Test(
        arguments: [
            ("10d", []), ("2d", []),
            ("30h", ["the deadline (1d6h) ends before the timeout of \"Two\" (2d) can"]),
        ] as [(String, [String])])
    func `fit into the deadline`(deadline: String, says: [String]) {
        let text = workflow(
            top: """
                "compensation": { "endIn": "Done" },
                "deadline": { "after": "\(deadline)", "fail": "late" },
                """)

        #expect(sentences(text, .deadlineTooShort) == says)
    }

    @Test func `leave the fastest way to an end within the deadline`() {
        let text = workflow(
            first: "\"on\": { \"Went\": { \"ignore\": true } }",
            second: "\"on\": { \"Came\": { \"ignore\": true } }",
            top: """
                "compensation": { "endIn": "Done" },
                "deadline": { "after": "50h", "fail": "late" },
                """)

        #expect(
            sentences(text, .deadlineTooShort) == [
                "the deadline (2d2h) ends before the fastest way to \"Done\" (3d) can"
            ])
    }

    private static let retries = """
        "retryPolicies": {
          "patient": { "attempts": 20, "firstDelay": "10s", "multiplyBy": 2, "maxDelay": "1h" },
          "even": { "attempts": 4, "firstDelay": "20s", "multiplyBy": 1 } },
        """

    private static func command(_ retry: String) -> String {
        retries + "\"commands\": { \"Ask\": { \(retry)\"undo\": \"none\" } },"
    }

    @Test(
        arguments: [
            ("", "14s", ["retries go on for 15s, the state ends after 14s"]),
            ("", "15s", []),
            ("\"retry\": \"even\", ", "59s", ["retries go on for 1m, the state ends after 59s"]),
            ("\"retry\": \"even\", ", "1m", []),
            (
                "\"retry\": \"patient\", ", "10m",
                ["retries go on for 11h, the state ends after 10m"]
            ),
            ("\"retry\": \"patient\", ", "12h", []),
        ] as [(String, String, [String])])
    func `leave room for all retries`(retry: String, timeout: String, says: [String]) {
        let asking = "\"onEnter\": { \"emit\": [\"Ask\"] }, "
        let inside = workflow(
            first: asking + "\"on\": { \"Went\": { \"goto\": \"Two\" } }",
            top: Self.command(retry), timeout: timeout)
        let entering = workflow(top: Self.command(retry), timeout: timeout).replacing(
            "{ \"goto\": \"One\" }", with: "{ \"emit\": [\"Ask\"], \"goto\": \"One\" }")
        let behind = entering.replacing("{ \"emit\"", with: "{ \"pointOfNoReturn\": true, \"emit\"")

        #expect(sentences(inside, .retryOutlastsTimeout) == says)
        #expect(sentences(entering, .retryOutlastsTimeout) == says)
        #expect(sentences(behind, .retryOutlastsTimeout) == [])
    }

    @Test(arguments: [
        "\"onEnter\": { \"emit\": [EMIT] }, \"on\": { \"Went\": { \"goto\": \"Two\" } }",
        "\"on\": { \"Went\": { \"emit\": [EMIT] } }",
        "\"on\": { \"Went\": { \"goto\": \"Two\" } }, "
            + "\"remind\": { \"every\": \"1h\", \"emit\": [EMIT] }",
    ])
    func `end before no delayed command`(first: String) {
        func found(_ emission: String) -> [String] {
            sentences(
                workflow(
                    first: first.replacing("EMIT", with: "{ \"command\": \"Ask\", \(emission) }"),
                    top: Self.command(""), timeout: "30m"), .delayOutlastsTimeout)
        }

        #expect(found("\"delay\": \"2h\"") == ["emitted after 2h, but the state ends after 30m"])
        #expect(found("\"delay\": \"30m\"").count == 1)
        #expect(found("\"delay\": \"29m\"") == [])
        #expect(found("\"delay\": \"2h\", \"keep\": true") == [])
    }

    @Test(
        arguments: [
            (
                "\"attempts\": 1000, \"firstDelay\": \"10ms\", \"multiplyBy\": 1, \"jitter\": false",
                ["1,000 tries 10ms apart"]
            ),
            (
                "\"attempts\": 60, \"firstDelay\": \"10ms\", \"maxDelay\": \"10ms\", \"jitter\": false",
                ["60 tries 10ms apart"]
            ),
            (
                "\"attempts\": 50, \"firstDelay\": \"10ms\", \"multiplyBy\": 1, \"jitter\": false",
                []
            ),
            (
                "\"attempts\": 1000, \"firstDelay\": \"100ms\", \"multiplyBy\": 1, \"jitter\": false",
                []
            ),
            ("\"attempts\": 1000, \"firstDelay\": \"10ms\", \"jitter\": false", []),
            ("\"attempts\": 1000, \"firstDelay\": \"10ms\", \"multiplyBy\": 1", []),
        ] as [(String, [String])])
    func `are no storm of retries`(policy: String, says: [String]) {
        let text = workflow(top: "\"retryPolicies\": { \"p\": { \(policy) } },")

        #expect(sentences(text, .retryStorm) == says)
    }

    @Test(arguments: [
        ("= data.sum + event.amount", "", 1), ("= event.amount + data.sum", "", 1),
        ("= data.sum - event.amount * 2", "", 1), ("= data.?sum.orValue(0) + event.amount", "", 1),
        ("= data.sum + event.amount", ", \"uniqueBy\": \"id\"", 0), ("= event.amount", "", 0),
        ("= data.sum + 1", "", 0), ("= event.amount > data.sum ? event.amount : data.sum", "", 0),
    ])
    func `let no event count twice`(value: String, unique: String, count: Int) {
        let text = workflow(
            first: "\"on\": { \"Went\": { \"set\": { \"sum\": \"\(value)\" } } }",
            top: "\"data\": { \"sum\": { \"type\": \"integer\", \"default\": 0 } },",
            events: unique
        ).replacing(
            "\"Went\": { \"fields\": { \"id\": \"string\" }",
            with: "\"Went\": { \"fields\": { \"id\": \"string\", \"amount\": \"integer\" }")

        #expect(sentences(text, .notIdempotentHandler).count == count)
    }
}
