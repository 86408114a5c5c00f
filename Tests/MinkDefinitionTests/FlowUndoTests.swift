// Steps that nothing undoes, and undos that are wrong.
import Testing

@testable import MinkDefinition

@Suite("An undo")
struct FlowUndoTests {
    typealias Change = FlowSample.Change

    static let missing: [Change] = [
        Change(
            " \"compensation\": [\"Release\"],", "",
            [(.noUndo, "\"Reserved\"")],
            "after \"Reserve\" a failure is possible (Refused, line 38) but nothing undoes it; add "
                + "\"compensation\": [\"Release\"]"),
        Change(
            "\"compensation\": [\"Release\"]", "\"compensation\": [\"Confirm\"]",
            [(.noUndo, "\"Reserved\"")],
            "after \"Reserve\" a failure is possible (Refused, line 38) but \"Release\" is not "
                + "armed; add \"compensation\": [\"Release\"]"),
        // No failure follows, but one may come first.
        Change(
            "\"compensation\": [\"Release\"],\n          \"goto\": \"Asking\"",
            "\"goto\": \"Done\"",
            [
                (.deadEvent, "\"Agreed\""), (.deadEvent, "\"Refused\""),
                (.deadEvent, "\"Arrived\""), (.noUndo, "\"Reserved\""),
                (.unreachableState, "\"Asking\""),
                (.unreachableState, "\"Waiting\""),
            ]),
        // Without answers the undo belongs beside the command.
        Change(
            "\"answers\": { \"done\": \"Agreed\", \"failed\": \"Refused\" }, \"undo\": \"none\"",
            "\"answers\": { \"failed\": \"Refused\" }", [(.noUndo, "\"Ask\"")],
            "after \"Ask\" a failure is possible (Refused, line 38) but nothing undoes it; name its "
                + "undo under \"compensation\", or say \"undo\": \"none\""),
        // Behind the point of no return only a late success matters.
        Change(
            "\"answers\": { \"done\": \"Agreed\", \"failed\": \"Refused\" }, \"undo\": \"none\"",
            "\"answers\": { \"done\": \"Agreed\", \"failed\": \"Refused\" }",
            [(.lateSuccessKept, "\"Agreed\"")],
            "a late Agreed would keep what \"Ask\" did (Refused, line 38); list its undo here"),
        // A late success that is ignored, by its own rules or those of all events.
        Change(
            "\"Reserved\": { \"fields\": { \"id\": \"string\", \"roomId\": \"string\" } }",
            "\"Reserved\": { \"fields\": { \"id\": \"string\", \"roomId\": \"string\" }, "
                + "\"rules\": { \"late\": \"ignore\" } }", [(.lateSuccessKept, "\"ignore\"")],
            "a late Reserved is ignored and keeps what \"Reserve\" did (Full, line 32); write "
                + "\"compensate\", or say \"undo\": \"none\" at the command"),
        Change(
            "\"start\": {", "\"eventRules\": { \"late\": \"ignore\" }, \"start\": {",
            [(.lateSuccessKept, "\"ignore\"")]),
    ]

    static let wrong: [Change] = [
        Change(
            "\"emit\": [\"Reserve\"]", "\"emit\": [\"Confirm\"]",
            [(.retryOutlastsTimeout, "\"Confirm\""), (.undoWithoutStep, "\"Release\"")],
            "\"Release\" is armed, but no path to here emits \"Reserve\"; emit \"Reserve\" on the way "
                + "to here, or remove \"Release\" from this \"compensation\""),
        Change(
            "\"emit\": [\"Ask\"]", "\"compensation\": [\"Release\"], \"emit\": [\"Ask\"]",
            [(.doubleUndo, "\"Release\"")],
            "\"Release\" would be emitted twice (lines 30 and 35); "
                + "arm it once, or with the values of each step"),
        Change(
            "\"fail\": \"no answer from the guest\"", "\"goto\": \"Failed\"",
            [(.gotoSkipsUndo, "\"Failed\"")],
            "going to \"Failed\" skips Release; write \"fail\""),
        Change(
            "\"after\": \"9d\", \"goto\": \"Done\"", "\"after\": \"9d\", \"fail\": \"nobody\"",
            [(.failAfterNoReturn, "\"fail\"")],
            "\"Waiting\" lies behind the point of no return (line 37); it cannot be compensated; "
                + "write \"goto\" in place of \"fail\""),
        Change(
            "\"states\": {",
            "\"anyState\": { \"on\": { \"Arrived\": { \"fail\": \"gone\" } } }, \"states\": {", []),
        Change(
            "\"states\": {",
            "\"anyState\": { \"on\": { \"Refused\": { \"fail\": \"gone\" } } }, \"states\": {",
            [(.failAfterNoReturn, "\"Waiting\"")],
            "\"Waiting\" lies behind the point of no return (line 37); it cannot be compensated; "
                + "say what Refused does here, or \"ignore\": true"),
        Change(
            "\"with\": { \"id\": \"= data.id\" }, \"retry\": \"patient\", \"undo\": \"none\"",
            "\"with\": { \"id\": \"= data.id\" }, \"undo\": \"none\"",
            [(.noRetryAfterNoReturn, "\"Confirm\"")]),
    ]

    @Test(arguments: missing)
    func `that is missing is told at the answer, or where the command is sent`(
        change: Change
    ) throws {
        try FlowSample.check(change)
    }

    @Test(arguments: wrong)
    func `that is skipped, repeated or too late is told`(change: Change) throws {
        try FlowSample.check(change)
    }
}
