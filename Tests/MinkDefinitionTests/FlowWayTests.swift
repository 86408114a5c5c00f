// Ways that end nowhere, answers that nobody takes, and circles.
import Testing

@testable import MinkDefinition

@Suite("A way through the states")
struct FlowWayTests {
    typealias Change = FlowSample.Change

    static let changes: [Change] = [
        Change(
            "\"Done\": { \"final\"", "\"Spare\": { \"final\": \"failed\" }, \"Done\": { \"final\"",
            [(.unreachableState, "\"Spare\"")],
            "nothing leads to \"Spare\"; write \"goto\": \"Spare\" where it follows, or remove it"),
        Change(
            "\"on\": { \"Arrived\": { \"goto\": \"Done\" } },\n"
                + "      \"timeout\": { \"after\": \"9d\", \"goto\": \"Done\" }",
            "\"on\": { \"Arrived\": { \"goto\": \"Waiting\" } },\n"
                + "      \"timeout\": { \"after\": \"9d\", \"goto\": \"Waiting\" }",
            [(.noEnd, "\"Waiting\""), (.unreachableState, "\"Done\"")],
            "from \"Waiting\" no final state can be reached (Waiting → Waiting); let an event or a "
                + "\"timeout\" lead to a final state, or fail"),
        Change(
            "\"on\": { \"Arrived\": { \"goto\": \"Done\" } },\n"
                + "      \"timeout\": { \"after\": \"9d\", \"goto\": \"Done\" }",
            "\"on\": { \"Arrived\": { \"ignore\": true } },\n"
                + "      \"timeout\": { \"after\": \"9d\", \"emit\": [\"Confirm\"] }",
            [(.noEnd, "\"Waiting\""), (.unreachableState, "\"Done\"")]),
        Change(
            "\"Full\": { \"fail\": \"no room\" } }", "\"Arrived\": { \"fail\": \"x\" } }",
            [(.earlyAndLate, "\"Arrived\""), (.unhandledAnswer, "\"Reserve\"")],
            "\"Reserve\" can answer Full, but no state after it handles that; handle \"Full\" where "
                + "it can come"),
        // The answer is left open, and the saga can still fail.
        Change(
            "\"timeout\": { \"after\": \"10m\", \"fail\": \"no answer from the hotel\" }",
            "\"timeout\": { \"after\": \"10m\", \"set\": { \"roomId\": \"none\" }, "
                + "\"goto\": \"Asking\" }",
            [(.unhandledAnswer, "\"Reserve\"")],
            "\"Reserve\" can answer Reserved when the saga is in \"Asking\" already, which does not "
                + "handle that; handle \"Reserved\" there too, so that it can be undone"),
        Change(
            "\"Refused\": { \"fail\": \"not wanted\" } }",
            "\"Refused\": { \"fail\": \"not wanted\" }, \"Reserve.failed\": { \"fail\": \"x\" } }",
            [(.deadEvent, "\"Reserve.failed\"")]),
        // A circle that sends again whenever the answer is no.
        Change(
            "\"Full\": { \"fail\": \"no room\" } },\n"
                + "      \"timeout\": { \"after\": \"10m\", \"fail\": \"no answer from the hotel\" }",
            "\"Full\": { \"emit\": [\"Reserve\"] }, \"Arrived\": { \"fail\": \"x\" } }",
            [
                (.earlyAndLate, "\"Arrived\""), (.noTimeout, "\"Reserving\""),
                (.unboundedLoop, "\"Reserve\""),
            ],
            "may emit \"Reserve\" for ever (Reserving → itself); count the rounds in data, or add "
                + "a \"timeout\" or a \"deadline\""),
        Change(
            "\"Full\": { \"fail\": \"no room\" }",
            "\"Full\": { \"emit\": [\"Reserve\"] }", []),
        Change(
            "\"Full\": { \"fail\": \"no room\" }",
            "\"Full\": { \"goto\": \"Reserving\" }", [(.unboundedLoop, "\"Reserve\"")]),
        Change(
            "\"Full\": { \"fail\": \"no room\" }",
            "\"Full\": [{ \"when\": \"data.rounds < 3\", \"set\": { \"rounds\": "
                + "\"= data.rounds + 1\" }, \"goto\": \"Reserving\" }, "
                + "{ \"otherwise\": true, \"fail\": \"x\" }]", []),
        Change(
            "\"timeout\": { \"after\": \"9d\", \"goto\": \"Done\" }",
            "\"timeout\": { \"after\": \"0s\", \"goto\": \"Waiting\" }",
            [(.spinningLoop, "\"0s\"")],
            "\"Waiting\" jumps to itself without waiting; let \"Waiting\" wait for an event, or for "
                + "longer than 0s"),
        Change(
            "\"timeout\": { \"after\": \"9d\", \"goto\": \"Done\" }",
            "\"timeout\": { \"after\": \"9d\", \"goto\": \"Asking\" }",
            [
                (.earlyAndLate, "\"Agreed\""), (.earlyAndLate, "\"Refused\""),
                (.earlyAndLate, "\"Arrived\""), (.unboundedLoop, "\"Ask\""),
                (.noRetryAfterNoReturn, "\"Ask\""), (.failAfterNoReturn, "\"fail\""),
                (.failAfterNoReturn, "\"fail\""),
            ]),
    ]

    @Test func `may never end behind the point of no return, whatever the deadline is`() {
        let text = FlowSample.text
            .replacing(
                "\"compensation\": { \"endIn\": \"Failed\" },",
                with: "\"compensation\": { \"endIn\": \"Failed\" }, "
                    + "\"deadline\": { \"after\": \"20d\", \"fail\": \"slow\" },"
            )
            .replacing(
                /("Arrived": { "goto": "Done" } }),\s*"timeout": { "after": "9d", "goto": "Done" }/,
                with: { $0.output.1 })

        let found = Samples.read(text).findings

        #expect(found.map(\.rule) == [.noTimeout], "\(TextRenderer().render(found))")
        #expect(found.first?.message.contains("\"Waiting\" may wait for ever") == true)
    }

    @Test(arguments: changes)
    func `is followed to its end`(change: Change) throws {
        try FlowSample.check(change)
    }
}
