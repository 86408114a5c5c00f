// Values that may not be set where they are read.
import Testing

@testable import MinkDefinition

@Suite("A value")
struct FlowValueTests {
    typealias Change = FlowSample.Change

    static let unset: [Change] = [
        Change(
            "\"fail\": \"no room\"", "\"fail\": \"= 'no ' + data.roomId\"",
            [(.maybeUnset, "data.roomId")],
            "\"roomId\" is not set when the saga comes to Reserving; use has() or .?"),
        Change(
            "\"fail\": \"not wanted\"", "\"fail\": \"= 'not wanted: ' + data.note\"",
            [(.maybeUnset, "data.note")],
            "\"note\" is not set if the saga comes Reserving → Asking; use has() or .?"),
        // A template is read where it is used.
        Change(
            "\"emit\": [\"Reserve\"]", "\"emit\": [\"Reserve\", \"Ask\"]",
            [(.maybeUnset, "\"Ask\"")]),
        Change(
            "\"id\": \"= data.id\", \"why\": \"= failure.reason\"", "\"room\": \"= data.roomId\"",
            [(.maybeUnset, "\"Tell\"")],
            "\"roomId\" is not set if the saga comes Reserving → Failed; use has() or .?"),
        // Conditions that do not ask for it.
        Change(
            "\"Full\": { \"fail\": \"no room\" }",
            "\"Full\": [{ \"when\": \"data.rounds > 0 || has(data.note)\", "
                + "\"fail\": \"= data.note\" }, { \"otherwise\": true, \"fail\": \"x\" }]",
            [(.maybeUnset, "data.note")]),
        Change(
            "\"Full\": { \"fail\": \"no room\" }",
            "\"Full\": [{ \"when\": \"has(data.note)\", \"fail\": \"x\" }, "
                + "{ \"otherwise\": true, \"fail\": \"= data.note\" }]",
            [(.maybeUnset, "data.note")]),
        // A value that is taken away, or may come without one.
        Change(
            "\"emit\": [\"Ask\"]", "\"set\": { \"roomId\": null }, \"emit\": [\"Ask\"]",
            [(.maybeUnset, "\"Ask\"")],
            "\"roomId\" is not set if the saga comes Reserving → Asking; use has() or .?"),
        Change(
            "\"set\": { \"roomId\": \"= event.roomId\" }",
            "\"set\": { \"roomId\": \"= event.?roomId\" }", [(.undoValueMissing, "\"Release\"")],
            "\"Release\" needs data.roomId, which is not set yet here; set it here, or arm the undo "
                + "where it is set"),
        // What stands beside a step sees the old data.
        Change(
            "\"set\": { \"roomId\": \"= event.roomId\" }",
            "\"set\": { \"roomId\": \"= event.roomId\", \"note\": \"= data.roomId\" }",
            [(.maybeUnset, "data.roomId")]),
        Change(
            "\"compensation\": { \"endIn\": \"Failed\" },",
            "\"compensation\": { \"endIn\": \"Failed\" }, "
                + "\"deadline\": { \"after\": \"30d\", \"fail\": \"= 'late: ' + data.roomId\" },",
            [(.maybeUnset, "data.roomId")],
            "\"roomId\" is not set when the saga comes to Reserving; use has() or .?"),
        // Fields of events that may be left out by their type.
        Change(
            "\"fail\": \"not wanted\"", "\"fail\": \"= event.why\"", [(.maybeUnset, "event.why")],
            "event.why may be absent; use has() or .?"),
        Change(
            "\"Refused\": { \"fail\": \"not wanted\" }",
            "\"Refused\": { \"fail\": \"not wanted\" }, \"Ask.failed\": "
                + "{ \"fail\": \"= string(event.result)\" }", [(.maybeUnset, "event.result")]),
        Change(
            "\"why\": \"= failure.reason\"", "\"why\": \"= failure.event\"",
            [(.maybeUnset, "\"Tell\"")]),
        // Only a failure has a reason, not each way into a failed state.
        Change(
            "\"after\": \"9d\", \"goto\": \"Done\"", "\"after\": \"9d\", \"goto\": \"Failed\"",
            [(.maybeUnset, "\"Tell\""), (.noRetryAfterNoReturn, "\"Tell\"")],
            "\"Tell\" needs failure.reason, which is not set after a \"goto\" to \"Failed\"; use "
                + "has() or .?"),
        // Any field may be meant where the name is computed.
        Change(
            "\"fail\": \"no room\"", "\"fail\": \"= string(data['ro' + 'omId'])\"",
            [(.maybeUnset, "data['ro' + 'omId']")],
            "data['ro' + 'omId'] may be absent; write [? in place of ["),
        // An undo that is confirmed by what may not be set when it runs, or late.
        Change(
            "\"Release\": { \"with\": { \"room\": \"= data.roomId\" } }",
            "\"Release\": { \"with\": { \"room\": \"= data.roomId\" }, \"confirmedBy\": "
                + "{ \"event\": \"Arrived\", \"when\": \"data.roomId != 'x'\" } }",
            [(.maybeUnset, "data.roomId")],
            "\"roomId\" is not set when the saga comes to Reserving; read \"command\", which keeps "
                + "what the undo was sent with"),
    ]

    static let fine: [Change] = [
        Change(
            "\"fail\": \"no room\"",
            "\"fail\": \"= string(data[?'ro' + 'omId'].orValue('none'))\"", []),
        Change(
            "\"Release\": { \"with\": { \"room\": \"= data.roomId\" } }",
            "\"Release\": { \"with\": { \"room\": \"= data.roomId\" }, \"confirmedBy\": "
                + "{ \"event\": \"Arrived\", \"when\": \"data.id != 'x'\" } }", []),
        Change("\"fail\": \"no room\"", "\"fail\": \"= data.?note.orValue('no room')\"", []),
        Change("\"fail\": \"no room\"", "\"fail\": \"= has(data.note) ? data.note : 'no'\"", []),
        Change("\"fail\": \"no room\"", "\"fail\": \"= !has(data.note) ? 'no' : data.note\"", []),
        Change(
            "\"Full\": { \"fail\": \"no room\" }",
            "\"Full\": [{ \"when\": \"has(data.note) && data.note != ''\", "
                + "\"fail\": \"= data.note\" }, { \"otherwise\": true, \"fail\": \"x\" }]", []),
        Change(
            "\"Full\": { \"fail\": \"no room\" }",
            "\"Full\": [{ \"when\": \"!has(data.note) || data.note == ''\", \"fail\": \"x\" }, "
                + "{ \"otherwise\": true, \"fail\": \"= data.note\" }]", []),
        Change(
            "\"Full\": { \"fail\": \"no room\" }",
            "\"Full\": [{ \"when\": \"data.?note.hasValue()\", \"fail\": \"= data.note\" }, "
                + "{ \"otherwise\": true, \"fail\": \"x\" }]", []),
        Change(
            "\"Full\": { \"fail\": \"no room\" }",
            "\"Full\": [{ \"when\": \"data.?note == optional.none()\", \"fail\": \"x\" }, "
                + "{ \"otherwise\": true, \"fail\": \"= data.note\" }]", []),
        Change(
            "\"Full\": { \"fail\": \"no room\" }",
            "\"Full\": [{ \"when\": \"data.?note == none\", \"fail\": \"x\" }, "
                + "{ \"otherwise\": true, \"fail\": \"= data.note\" }]", []),
        Change("\"fail\": \"no room\"", "\"fail\": \"= string(data.rounds)\"", []),
        // Set on every way, also at the same step.
        Change("\"fail\": \"not wanted\"", "\"fail\": \"= 'no ' + data.roomId\"", []),
        // What the condition found out counts for the whole step.
        Change(
            "\"Refused\": { \"fail\": \"not wanted\" }",
            "\"Refused\": [{ \"when\": \"has(event.why)\", \"set\": { \"note\": \"= event.why\" }, "
                + "\"fail\": \"= event.why + data.note\" }, { \"otherwise\": true, \"fail\": \"x\" }]",
            []),
        Change(
            "\"Refused\": { \"fail\": \"not wanted\" }",
            "\"Refused\": { \"fail\": \"not wanted\" }, \"Ask.failed\": "
                + "{ \"fail\": \"= event.error.message\" }", []),
        // All parts of a join have done their part when it fires.
        Change(
            "\"on\": { \"Arrived\": { \"goto\": \"Done\" } }",
            "\"waitFor\": { \"events\": { \"Arrived\": { \"set\": { \"note\": \"x\" } } } }, "
                + "\"onJoin\": [{ \"when\": \"data.note == ''\", \"goto\": \"Done\" }, "
                + "{ \"otherwise\": true, \"goto\": \"Done\" }]", []),
    ]

    @Test func `is always there in the sample`() throws {
        try FlowSample.check(Change("", "", []))
    }

    @Test(arguments: unset)
    func `that may not be there is told where it is read`(change: Change) throws {
        try FlowSample.check(change)
    }

    @Test(arguments: fine)
    func `that is tested, or set on every way, is nothing to tell`(change: Change) throws {
        try FlowSample.check(change)
    }

    @Test func `of a template is shown together with the place that uses it`() throws {
        let text = FlowSample.text.replacing(
            "\"emit\": [\"Reserve\"]", with: "\"emit\": [\"Reserve\", \"Ask\"]")
        let finding = try #require(Samples.read(text).findings.first)

        #expect(finding.span.pointer == "/states/Reserving/onEnter/emit/1")
        #expect(finding.related.first?.span.pointer == "/commands/Ask/with/room")
        #expect(finding.related.first?.message == "the template of \"Ask\" needs it")
    }

    @Test func `can be accepted where a person knows better`() {
        let text = FlowSample.text.replacing(
            "\"Full\": { \"fail\": \"no room\" }",
            with: "\"Full\": { \"allow\": { \"code\": \"MW3005\", \"because\": \"x\" }, "
                + "\"fail\": \"= data.note\" }")

        #expect(Samples.read(text).findings.isEmpty)
    }
}
